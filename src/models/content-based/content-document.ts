import { topicsOf, type Item } from '../../catalogue/item';
import { tokenize } from '../../catalogue/features/tokenize';

/** What content-based scoring knows of an item. Term numbers are the index's own. */
export interface ContentDocument {
  readonly words: SparseTerms;
  readonly topics: SparseTerms;
  readonly price: number | undefined;
  readonly currency: string | undefined;
  /** Unit vectors by modality; empty where none was supplied or it was all zeros. */
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

/** Distinct terms with their weight before idf. */
export interface SparseTerms {
  readonly terms: Int32Array;
  readonly weights: Float32Array;
  /** √Σ weight² */
  readonly norm: number;
}

const MOST_WORDS = 64;
const TITLE_COUNTS = 3;
/** Saturation of term frequency, k₁ of BM25 (Robertson and Zaragoza 2009). */
const SATURATION = 1.2;

/** `numberOf` gives each text of a term its number, a new one when it is unknown. */
export function documentOf(item: Item, numberOf: (term: string) => number): ContentDocument {
  const counts = new Map<string, number>();
  for (const word of tokenize(item.title)) counts.set(word, (counts.get(word) ?? 0) + TITLE_COUNTS);
  for (const word of tokenize(item.text ?? '')) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_WORDS);
  return {
    words: sparse(words.map(([word, count]) => [numberOf(`w:${word}`), count / (count + SATURATION)])),
    topics: sparse([...new Set(topicsOf(item))].map((topic) => [numberOf(topic), 1])),
    price: item.price !== undefined && item.price > 0 ? item.price : undefined,
    currency: item.currency,
    vectors: new Map(
      Object.entries(item.vectors ?? {}).flatMap(([modality, vector]) => {
        const unit = unitVector(vector);
        return unit === undefined ? [] : [[modality, unit] as const];
      }),
    ),
  };
}

/** Whether both would be found by the same terms with the same weights. */
export function sameTerms(a: SparseTerms, b: SparseTerms): boolean {
  return a.terms.length === b.terms.length && a.terms.every((term, k) => term === b.terms[k] && a.weights[k] === b.weights[k]);
}

function sparse(entries: readonly (readonly [number, number])[]): SparseTerms {
  const weights = Float32Array.from(entries, ([, weight]) => weight);
  return { terms: Int32Array.from(entries, ([term]) => term), weights, norm: Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0)) };
}

function unitVector(vector: readonly number[]): Float32Array | undefined {
  const norm = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
  return norm > 0 && Number.isFinite(norm) ? Float32Array.from(vector, (v) => v / norm) : undefined;
}

import { truncatedSvd, type SparseRows } from './truncated-svd';

/** Distinct terms of one item with how often each counts, > 0. */
export type TermCounts = ReadonlyMap<string, number>;

/** What turns the terms of an item into a short vector. */
export interface TermSpace {
  /** Terms that at least two items had when it was learnt, ascending. */
  readonly vocabulary: readonly string[];
  /** [terms] ln((1 + items) / items with the term) */
  readonly idf: Float32Array;
  /** [terms × dimensions], row-major. */
  readonly basis: Float32Array;
  readonly dimensions: number;
}

/** Saturation of term frequency, k₁ of BM25 (Robertson and Zaragoza 2009). */
const SATURATION = 1.2;
/** The most frequent terms that are learnt; what fewer items have says little about the others. */
const MOST_TERMS = 20_000;

/**
 * Latent semantic indexing (Deerwester et al., *JASIS* 1990): TF-IDF of unit length, cut to at most `dimensions` by truncated SVD.
 * A vocabulary smaller than that is not cut. No item, or no term that two items share: a space of 0 dimensions. Deterministic.
 */
export function learnTermSpace(items: readonly TermCounts[], dimensions: number): TermSpace {
  const frequencies = new Map<string, number>();
  for (const terms of items) for (const term of terms.keys()) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  const shared = [...frequencies].filter(([, items]) => items > 1);
  const vocabulary = shared
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_TERMS)
    .map(([term]) => term)
    .sort();
  const idf = Float32Array.from(vocabulary, (term) => Math.log((1 + items.length) / frequencies.get(term)!));
  const numbers = numbered(vocabulary);
  const basis = truncatedSvd(sparseRows(items.map((terms) => weigh(terms, numbers, idf))), vocabulary.length, dimensions);
  return { vocabulary, idf, basis: Float32Array.from(basis), dimensions: Math.min(vocabulary.length, dimensions) };
}

/** Looks items up in a space. */
export class TermProjector {
  private readonly numbers: ReadonlyMap<string, number>;

  constructor(private readonly space: TermSpace) {
    this.numbers = numbered(space.vocabulary);
  }

  /** The item's vector, [dimensions]; undefined when the space knows none of its terms. */
  project(terms: TermCounts): Float64Array | undefined {
    const { basis, dimensions, idf } = this.space;
    const weighed = weigh(terms, this.numbers, idf);
    if (weighed.length === 0) return undefined;
    const vector = new Float64Array(dimensions);
    for (const [term, weight] of weighed) for (let a = 0; a < dimensions; a++) vector[a]! += weight * basis[term * dimensions + a]!;
    return vector;
  }
}

const numbered = (vocabulary: readonly string[]): ReadonlyMap<string, number> => new Map(vocabulary.map((term, k) => [term, k]));

/** [term number, TF-IDF] of the known terms, together of length 1. */
function weigh(terms: TermCounts, numbers: ReadonlyMap<string, number>, idf: Float32Array): (readonly [number, number])[] {
  const weighed: (readonly [number, number])[] = [];
  let squares = 0;
  for (const [term, count] of terms) {
    const number = numbers.get(term);
    if (number === undefined) continue;
    const weight = (count / (count + SATURATION)) * idf[number]!;
    if (!(weight > 0)) continue;
    weighed.push([number, weight]);
    squares += weight * weight;
  }
  const length = Math.sqrt(squares);
  return weighed.map(([number, weight]) => [number, weight / length]);
}

function sparseRows(rows: readonly (readonly (readonly [number, number])[])[]): SparseRows {
  const indptr = new Uint32Array(rows.length + 1);
  rows.forEach((row, r) => (indptr[r + 1] = indptr[r]! + row.length));
  const entries = rows.flat();
  return { indptr, columns: Int32Array.from(entries, ([column]) => column), values: Float64Array.from(entries, ([, value]) => value) };
}

import type { Item } from '../../../catalogue/item';
import { topicCountsOf, wordsOf } from '../../../catalogue/features/item-terms';
import { learnTermSpace, TermProjector, type TermCounts, type TermSpace } from '../../../catalogue/features/term-space';
import { truncatedSvd } from '../../../catalogue/features/truncated-svd';

/** An item's vector in each modality that it has, in the order of the modalities; undefined: it has none in that one. */
export type ModalVectors = readonly (Float64Array | undefined)[];

/** What fusing reads of an item. */
export type FusedItem = Pick<Item, 'title' | 'categories' | 'tags' | 'text' | 'vectors'>;

/** How items become short vectors, one a modality: plain data, a part of a snapshot. */
export interface ModalitySpaces {
  /** `topics`, `words`, and `vector:NAME` for each vector that items carry. */
  readonly modalities: readonly string[];
  /** [modalities] numbers of each. */
  readonly modalityWidths: Int32Array;
  readonly topicTerms: readonly string[];
  readonly topicIdf: Float32Array;
  readonly topicBasis: Float32Array;
  readonly wordTerms: readonly string[];
  readonly wordIdf: Float32Array;
  readonly wordBasis: Float32Array;
  /** [modalities] length that vectors must have; 0 where the modality is made of terms. */
  readonly vectorLengths: Int32Array;
  /** Means of unit vectors, one modality after the other. */
  readonly vectorMeans: Float32Array;
  /** [length × width] of each, one modality after the other. */
  readonly vectorBases: Float32Array;
}

export interface ModalityLimits {
  /** Numbers that a modality is cut to. */
  readonly width: number;
  /** Modalities at most; those that most items have. */
  readonly most: number;
  /** A modality that fewer items have is left out. */
  readonly fewestItems: number;
}

const VECTOR = 'vector:';
const TERMS = { topics: topicCountsOf, words: wordsOf } as const;

/** Learns a space for each modality of these items. Deterministic; no items: no modalities. */
export function learnModalities(items: readonly FusedItem[], limits: ModalityLimits): ModalitySpaces {
  const topics = learnTermSpace(items.map(topicCountsOf), limits.width);
  const words = learnTermSpace(items.map(wordsOf), limits.width);
  const counted = [
    { name: 'topics', length: 0, items: countWith(topics, items, topicCountsOf) },
    { name: 'words', length: 0, items: countWith(words, items, wordsOf) },
    ...vectorModalities(items),
  ];
  const chosen = counted
    .filter((modality) => modality.items >= limits.fewestItems)
    .sort((a, b) => b.items - a.items || (a.name < b.name ? -1 : 1))
    .slice(0, limits.most)
    .sort((a, b) => a.length - b.length || (a.name < b.name ? -1 : 1)); // a stable order, whatever the counts
  const spaces = chosen.map(({ name, length }) => (length > 0 ? learnVectorSpace(items, name, length, limits.width) : undefined));
  const widthOf = (name: string, k: number): number => spaces[k]?.width ?? (name === 'topics' ? topics.dimensions : words.dimensions);
  return {
    modalities: chosen.map(({ name }) => name),
    modalityWidths: Int32Array.from(chosen, ({ name }, k) => widthOf(name, k)),
    topicTerms: topics.vocabulary,
    topicIdf: topics.idf,
    topicBasis: topics.basis,
    wordTerms: words.vocabulary,
    wordIdf: words.idf,
    wordBasis: words.basis,
    vectorLengths: Int32Array.from(chosen, ({ length }) => length),
    vectorMeans: concat(spaces.map((space) => space?.mean ?? [])),
    vectorBases: concat(spaces.map((space) => space?.basis ?? [])),
  };
}

function countWith(space: TermSpace, items: readonly FusedItem[], termsOf: (item: FusedItem) => TermCounts): number {
  if (space.dimensions === 0) return 0;
  const projector = new TermProjector(space);
  return items.filter((item) => projector.project(termsOf(item)) !== undefined).length;
}

/** The vectors that items carry, each with its most common length (ties: the shorter). */
function vectorModalities(items: readonly FusedItem[]): { name: string; length: number; items: number }[] {
  const lengths = new Map<string, Map<number, number>>();
  for (const { vectors } of items) {
    for (const [name, vector] of Object.entries(vectors ?? {})) {
      if (unit(vector) === undefined) continue;
      const counts = lengths.get(name) ?? new Map<number, number>();
      lengths.set(name, counts.set(vector.length, (counts.get(vector.length) ?? 0) + 1));
    }
  }
  return [...lengths].map(([name, counts]) => {
    const [length, number] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]!;
    return { name: VECTOR + name, length, items: number };
  });
}

interface VectorSpace {
  readonly mean: Float64Array;
  readonly basis: Float64Array;
  readonly width: number;
}

/** Principal components of unit vectors: their mean, and the directions in which they differ most. */
function learnVectorSpace(items: readonly FusedItem[], name: string, length: number, width: number): VectorSpace {
  const rows = items.flatMap(({ vectors }) => {
    const vector = unit(vectors?.[name.slice(VECTOR.length)]);
    return vector?.length === length ? [vector] : [];
  });
  const mean = new Float64Array(length);
  for (const row of rows) for (let a = 0; a < length; a++) mean[a]! += row[a]! / rows.length;
  const values = new Float64Array(rows.length * length);
  rows.forEach((row, r) => row.forEach((value, a) => (values[r * length + a] = value - mean[a]!)));
  const indptr = Uint32Array.from({ length: rows.length + 1 }, (_, r) => r * length);
  const columns = Int32Array.from(values, (_, k) => k % length);
  return { mean, basis: truncatedSvd({ indptr, columns, values }, length, width), width: Math.min(length, width) };
}

function unit(vector: readonly number[] | undefined): Float64Array | undefined {
  if (vector === undefined) return undefined;
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm > 0 && Number.isFinite(norm) ? Float64Array.from(vector, (value) => value / norm) : undefined;
}

function concat(parts: readonly ArrayLike<number>[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads items in learnt spaces. */
export class ModalityReader {
  private readonly topics: TermProjector;
  private readonly words: TermProjector;

  constructor(private readonly spaces: ModalitySpaces) {
    const { topicTerms, topicIdf, topicBasis, wordTerms, wordIdf, wordBasis } = spaces;
    this.topics = new TermProjector(termSpace(topicTerms, topicIdf, topicBasis));
    this.words = new TermProjector(termSpace(wordTerms, wordIdf, wordBasis));
  }

  read(item: FusedItem): ModalVectors {
    const { modalities, modalityWidths, vectorLengths } = this.spaces;
    let [meansAt, basesAt] = [0, 0];
    return modalities.map((name, m) => {
      const [length, width] = [vectorLengths[m]!, modalityWidths[m]!];
      if (length === 0) return name === 'topics' ? this.topics.project(TERMS.topics(item)) : this.words.project(TERMS.words(item));
      const vector = unit(item.vectors?.[name.slice(VECTOR.length)]);
      const read = vector?.length === length ? this.reduce(vector, meansAt, basesAt, width) : undefined;
      meansAt += length;
      basesAt += length * width;
      return read;
    });
  }

  private reduce(vector: Float64Array, meansAt: number, basesAt: number, width: number): Float64Array {
    const { vectorMeans, vectorBases } = this.spaces;
    const reduced = new Float64Array(width);
    for (let k = 0; k < vector.length; k++) {
      const value = vector[k]! - vectorMeans[meansAt + k]!;
      for (let a = 0; a < width; a++) reduced[a]! += value * vectorBases[basesAt + k * width + a]!;
    }
    return reduced;
  }
}

const termSpace = (vocabulary: readonly string[], idf: Float32Array, basis: Float32Array): TermSpace => ({
  vocabulary,
  idf,
  basis,
  dimensions: vocabulary.length === 0 ? 0 : basis.length / vocabulary.length,
});

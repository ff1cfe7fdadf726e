import { topicsOf, type Item } from '../catalogue/item';
import { cosine } from '../models/cosine';

/** What two items are compared by. Topic numbers are ascending and mean something within one `FeatureReader` only. */
export interface ItemFeatures {
  readonly topics: readonly number[];
  readonly vectors: Item['vectors'];
}

/** Reads features, numbering topics as it meets them, so that comparisons are of small integers. One for a list. */
export class FeatureReader {
  private readonly numbers = new Map<string, number>();

  read(item: Item): ItemFeatures {
    const topics = topicsOf(item).map((topic) => {
      const known = this.numbers.get(topic);
      if (known !== undefined) return known;
      this.numbers.set(topic, this.numbers.size);
      return this.numbers.size - 1;
    });
    return { topics: topics.sort((a, b) => a - b), vectors: item.vectors };
  }
}

/** |a ∩ b| / |a ∪ b| of two ascending lists; 0 when both are empty. */
export function jaccard(a: readonly number[], b: readonly number[]): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  const union = a.length + b.length - shared;
  return union === 0 ? 0 : shared / union;
}

/**
 * How alike two items are, in [0, 1]: the mean of the Jaccard index of their topics (where either has any) and of the cosine
 * of their vectors in each modality that both have in the same length, negative cosines counting 0. Nothing to compare: 0.
 */
export function similarity(a: ItemFeatures, b: ItemFeatures): number {
  let sum = 0;
  let terms = 0;
  if (a.topics.length + b.topics.length > 0) {
    sum += jaccard(a.topics, b.topics);
    terms++;
  }
  if (a.vectors !== undefined && b.vectors !== undefined) {
    for (const modality of Object.keys(a.vectors)) {
      const other = b.vectors[modality];
      const own = a.vectors[modality]!;
      if (other === undefined || other.length !== own.length) continue; // by different encoders: not comparable
      sum += Math.max(0, cosine(own, other));
      terms++;
    }
  }
  return terms === 0 ? 0 : sum / terms;
}

export interface MmrEntry {
  /** In [0, 1]. */
  readonly relevance: number;
  readonly features: ItemFeatures;
}

/** Keeps, for each entry of a pool, how alike it is to what was chosen, so that a choice costs one comparison an entry. */
export class MmrPool<E extends MmrEntry> {
  private readonly likeness: Float64Array;
  private readonly taken: Uint8Array;

  /** `chosen`: what is on the list already and counts for likeness. */
  constructor(
    private readonly entries: readonly E[],
    private readonly lambda: number,
    chosen: readonly ItemFeatures[],
  ) {
    this.likeness = new Float64Array(entries.length);
    this.taken = new Uint8Array(entries.length);
    for (const features of chosen) this.account(features);
  }

  /**
   * Takes the entry with the largest λ · relevance − (1 − λ) · max over chosen c of similarity(entry, c) among those that
   * `admits` lets through; ties: the earlier entry. undefined: none is left. `weigh` may make another value of that one.
   * Source: Carbonell & Goldstein, SIGIR 1998.
   */
  take(admits: (entry: E) => boolean, weigh?: (value: number, entry: E) => number): E | undefined {
    const best = this.best(admits, weigh);
    return best < 0 ? undefined : this.takeAt(best);
  }

  /** The number of the entry that `take` would take; −1: none is left. */
  best(admits: (entry: E) => boolean, weigh?: (value: number, entry: E) => number): number {
    let best = -1;
    let bestValue = -Infinity;
    for (let k = 0; k < this.entries.length; k++) {
      if (this.taken[k] === 1) continue;
      const relevance = this.lambda * this.entries[k]!.relevance - (1 - this.lambda) * this.likeness[k]!;
      const value = weigh === undefined ? relevance : weigh(relevance, this.entries[k]!);
      if (value > bestValue && admits(this.entries[k]!)) {
        best = k;
        bestValue = value;
      }
    }
    return best;
  }

  /** Numbers of the entries that are left and that `admits` lets through, ascending. */
  left(admits: (entry: E) => boolean): number[] {
    return this.entries.flatMap((entry, k) => (this.taken[k] === 0 && admits(entry) ? [k] : []));
  }

  /** Takes an entry that is left. */
  takeAt(k: number): E {
    this.taken[k] = 1;
    this.account(this.entries[k]!.features);
    return this.entries[k]!;
  }

  private account(features: ItemFeatures): void {
    if (this.lambda === 1) return; // likeness has no weight
    for (let k = 0; k < this.entries.length; k++) {
      if (this.taken[k] === 0) this.likeness[k] = Math.max(this.likeness[k]!, similarity(this.entries[k]!.features, features));
    }
  }
}

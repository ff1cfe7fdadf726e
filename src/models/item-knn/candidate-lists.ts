import type { LiveRows, RowView } from '../live-rows';
import { TopK } from '../top-k';
import type { Similarity } from './neighbour-lists';

/** The weakest of the k nearest of an item. */
interface Threshold {
  readonly row: number;
  readonly similarity: number;
}

/** Lists and thresholds kept ready at once, of each the oldest goes first. */
const MOST_KEPT = 20_000;
const NO_THRESHOLD: Threshold = { row: Infinity, similarity: -Infinity };

/**
 * The items among whose k nearest an item is (`NeighbourLists` turned round): so each *candidate* has at most k items that give it score (Sarwar et
 * al., WWW 2001, §3.2), and an item that many others are like gives score to many. Made from the counts when first read; lists that a
 * behaviour did not involve keep the similarities of when they were made.
 */
export class CandidateLists {
  private readonly lists = new Map<number, RowView>();
  private readonly thresholds = new Map<number, Threshold>();
  private readonly best: TopK;

  constructor(
    private readonly k: number,
    private readonly pairs: LiveRows,
    private readonly similarityOf: Similarity,
  ) {
    this.best = new TopK(k);
  }

  /** In no particular order; not overwritten by later reads. */
  of(row: number): Readonly<RowView> {
    return this.lists.get(row) ?? keep(this.lists, row, this.make(row));
  }

  forget(row: number): void {
    this.lists.delete(row);
    this.thresholds.delete(row);
  }

  /** Forgets what the pair (row, target), counted again, changes of both. */
  update(row: number, target: number): void {
    this.forget(row);
    this.forget(target);
  }

  private make(row: number): RowView {
    const { start, end, targets: all, values: pairs } = this.pairs.read(row);
    const targets = all.slice(start, end); // a copy: thresholds read other rows, which overwrites the view
    const values = Float32Array.from(targets, (target, k) => this.similarityOf(row, target, pairs[start + k]!));
    let size = 0;
    for (let k = 0; k < targets.length; k++) {
      const target = targets[k]!;
      if (!this.isAmongNearest(target, row, values[k]!)) continue;
      targets[size] = target;
      values[size++] = values[k]!;
    }
    return { targets: targets.slice(0, size), values: values.slice(0, size), start: 0, end: size };
  }

  /** Equal similarities: the lower row is nearer, as in `TopK`. */
  private isAmongNearest(candidate: number, row: number, similarity: number): boolean {
    const weakest = this.thresholds.get(candidate) ?? keep(this.thresholds, candidate, this.thresholdOf(candidate));
    return similarity > weakest.similarity || (similarity === weakest.similarity && row <= weakest.row);
  }

  private thresholdOf(candidate: number): Threshold {
    const { best, pairs, similarityOf } = this;
    const { targets, values, start, end } = pairs.read(candidate);
    if (end - start <= this.k) return NO_THRESHOLD;
    best.clear();
    for (let k = start; k < end; k++) best.offer(targets[k]!, Math.fround(similarityOf(candidate, targets[k]!, values[k]!)));
    best.sort();
    return { row: best.rowAt(best.size - 1), similarity: best.scoreAt(best.size - 1) };
  }
}

function keep<T>(kept: Map<number, T>, row: number, value: T): T {
  if (kept.size >= MOST_KEPT) for (const oldest of kept.keys()) if (kept.delete(oldest)) break;
  kept.set(row, value);
  return value;
}

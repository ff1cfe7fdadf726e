import type { LiveRows, RowView } from '../live-rows';
import { TopK } from '../top-k';

/** Similarity of two items that were had together `pairs` times. */
export type Similarity = (row: number, target: number, pairs: number) => number;

/** Lists kept ready at once; the oldest goes first. Bounds memory at 20,000 · k · 8 bytes. */
const MOST_LISTS = 20_000;

/**
 * The k nearest neighbours of items, made from the counts when first read. A behaviour changes one pair of each item
 * before it, so those lists are mended in place, and only the list of the item itself is made anew at its next read.
 * A list that is not touched keeps the similarities of when it was made: the norms of its neighbours may have moved
 * since by the few behaviours that did not involve its item.
 */
export class NeighbourLists {
  private readonly lists = new Map<number, RowView>();
  private readonly best: TopK;

  constructor(
    private readonly k: number,
    private readonly pairs: LiveRows,
    private readonly similarityOf: Similarity,
  ) {
    this.best = new TopK(k);
  }

  /** At most k with their similarities, in no particular order; not overwritten by later reads. */
  of(row: number): Readonly<RowView> {
    return this.lists.get(row) ?? this.make(row);
  }

  forget(row: number): void {
    this.lists.delete(row);
  }

  /** Mends the list of `row`, if there is one, after the pair (row, target) was counted again. */
  update(row: number, target: number): void {
    const list = this.lists.get(row);
    if (list === undefined) return;
    const similarity = this.similarityOf(row, target, this.pairs.get(row, target));
    let weakest = 0;
    for (let k = 0; k < list.end; k++) {
      if (list.targets[k] === target) {
        list.values[k] = similarity;
        return;
      }
      if (list.values[k]! < list.values[weakest]!) weakest = k;
    }
    const full = list.end === this.k;
    if (full && similarity <= list.values[weakest]!) return;
    const at = full ? weakest : list.end++;
    list.targets[at] = target;
    list.values[at] = similarity;
  }

  private make(row: number): RowView {
    const { best, pairs, similarityOf } = this;
    best.clear();
    const { targets, values, start, end } = pairs.read(row);
    for (let k = start; k < end; k++) best.offer(targets[k]!, similarityOf(row, targets[k]!, values[k]!));
    const list: RowView = { targets: new Int32Array(this.k), values: new Float32Array(this.k), start: 0, end: best.size };
    for (let k = 0; k < best.size; k++) {
      list.targets[k] = best.rowAt(k);
      list.values[k] = best.scoreAt(k);
    }
    if (this.lists.size >= MOST_LISTS) for (const oldest of this.lists.keys()) if (this.lists.delete(oldest)) break;
    this.lists.set(row, list);
    return list;
  }
}

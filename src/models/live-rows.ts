import { EMPTY_CSR, type Csr } from './csr';
import { TopK } from './top-k';

interface MutableRow {
  size: number;
  targets: Int32Array;
  values: Float32Array;
}

/** One row as laid out in memory: entries start … end − 1. Reused by the next `read`. */
export interface RowView {
  targets: Int32Array;
  values: Float32Array;
  start: number;
  end: number;
}

/**
 * Sparse rows of counts that grow live on top of a fitted base. A row is copied from the base when it is first added to,
 * so memory beyond the base is bounded by the rows touched × 2 · `keep` entries: a row that reaches 2 · `keep` targets
 * is cut to its `keep` largest values (ties: lower target kept), which gives a newcomer `keep` chances to grow before
 * the next cut. Below that size counts are exact.
 */
export class LiveRows {
  private readonly touched = new Map<number, MutableRow>();
  private readonly view: RowView = { targets: EMPTY_CSR.targets, values: EMPTY_CSR.values, start: 0, end: 0 };

  constructor(
    private readonly keep: number,
    private readonly base: Csr = EMPTY_CSR,
  ) {}

  /** The entries of a row, in no particular order; the view is overwritten by the next call. */
  read(row: number): RowView {
    const { view, base } = this;
    const live = this.touched.get(row);
    if (live !== undefined) {
      view.targets = live.targets;
      view.values = live.values;
      view.start = 0;
      view.end = live.size;
    } else {
      const known = row + 1 < base.indptr.length;
      view.targets = base.targets;
      view.values = base.values;
      view.start = known ? base.indptr[row]! : 0;
      view.end = known ? base.indptr[row + 1]! : 0;
    }
    return view;
  }

  /** 0 for a pair never counted. */
  get(row: number, target: number): number {
    const { targets, values, start, end } = this.read(row);
    for (let k = start; k < end; k++) if (targets[k] === target) return values[k]!;
    return 0;
  }

  add(row: number, target: number, amount: number): void {
    const live = this.touched.get(row) ?? this.touch(row);
    const { targets, size } = live;
    let k = 0;
    while (k < size && targets[k] !== target) k++;
    if (k === size) {
      if (size === targets.length) this.makeRoom(live);
      k = live.size++;
      live.targets[k] = target;
      live.values[k] = 0;
    }
    live.values[k]! += amount;
  }

  /** The rows 0 … rows − 1 as arrays: at most `limit` of each by value, largest first (ties: lower target first). */
  toCsr(rows: number, limit: number = this.keep): Csr {
    const best = new TopK(limit);
    const indptr = new Uint32Array(rows + 1);
    for (let r = 0; r < rows; r++) {
      const { start, end } = this.read(r);
      indptr[r + 1] = indptr[r]! + Math.min(limit, end - start);
    }
    const targets = new Int32Array(indptr[rows]!);
    const values = new Float32Array(indptr[rows]!);
    for (let r = 0; r < rows; r++) {
      const row = this.read(r);
      best.clear();
      for (let k = row.start; k < row.end; k++) best.offer(row.targets[k]!, row.values[k]!);
      best.sort();
      for (let k = 0; k < best.size; k++) {
        targets[indptr[r]! + k] = best.rowAt(k);
        values[indptr[r]! + k] = best.scoreAt(k);
      }
    }
    return { indptr, targets, values };
  }

  private touch(row: number): MutableRow {
    const { targets, values, start, end } = this.read(row);
    const size = end - start;
    const live: MutableRow = { size, targets: new Int32Array(Math.max(4, size)), values: new Float32Array(Math.max(4, size)) };
    live.targets.set(targets.subarray(start, end));
    live.values.set(values.subarray(start, end));
    this.touched.set(row, live);
    return live;
  }

  private makeRoom(live: MutableRow): void {
    if (live.size < 2 * this.keep) {
      const capacity = Math.min(2 * this.keep, Math.max(4, live.size * 2));
      const { targets, values } = live;
      live.targets = new Int32Array(capacity);
      live.values = new Float32Array(capacity);
      live.targets.set(targets);
      live.values.set(values);
      return;
    }
    const best = new TopK(this.keep);
    for (let k = 0; k < live.size; k++) best.offer(live.targets[k]!, live.values[k]!);
    for (let k = 0; k < best.size; k++) {
      live.targets[k] = best.rowAt(k);
      live.values[k] = best.scoreAt(k);
    }
    live.size = best.size;
  }
}

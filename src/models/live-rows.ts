import { EMPTY_CSR, type Csr } from './csr';
import { TopK } from './top-k';

interface MutableRow {
  size: number;
  targets: Int32Array;
  values: Float32Array;
  /** Open-addressing table of place + 1 by target, for rows too long to be searched through; twice their capacity or more. */
  slots: Int32Array | undefined;
}

/** Rows up to this long are searched through. */
const SEARCHED = 24;

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
    const live = this.touched.get(row);
    if (live !== undefined) return live.values[placeOf(live, target)] ?? 0;
    const { targets, values, start, end } = this.read(row);
    for (let k = start; k < end; k++) if (targets[k] === target) return values[k]!;
    return 0;
  }

  add(row: number, target: number, amount: number): void {
    const live = this.touched.get(row) ?? this.touch(row);
    let place = placeOf(live, target);
    if (place < 0) {
      if (live.size === live.targets.length) this.makeRoom(live);
      place = live.size++;
      live.targets[place] = target;
      live.values[place] = 0;
      if (live.slots !== undefined) enter(live.slots, target, place);
    }
    live.values[place]! += amount;
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
    const capacity = Math.max(4, size);
    const live: MutableRow = { size, targets: new Int32Array(capacity), values: new Float32Array(capacity), slots: undefined };
    live.targets.set(targets.subarray(start, end));
    live.values.set(values.subarray(start, end));
    rebuildSlots(live);
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
      rebuildSlots(live);
      return;
    }
    const best = new TopK(this.keep);
    for (let k = 0; k < live.size; k++) best.offer(live.targets[k]!, live.values[k]!);
    for (let k = 0; k < best.size; k++) {
      live.targets[k] = best.rowAt(k);
      live.values[k] = best.scoreAt(k);
    }
    live.size = best.size;
    rebuildSlots(live);
  }
}

/** Place of a target in its row; −1 when it has none. */
function placeOf({ size, targets, slots }: MutableRow, target: number): number {
  if (slots === undefined) {
    for (let k = 0; k < size; k++) if (targets[k] === target) return k;
    return -1;
  }
  const mask = slots.length - 1;
  for (let slot = hash(target) & mask; ; slot = (slot + 1) & mask) {
    const place = slots[slot]! - 1;
    if (place < 0 || targets[place] === target) return place;
  }
}

function enter(slots: Int32Array, target: number, place: number): void {
  const mask = slots.length - 1;
  let slot = hash(target) & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  slots[slot] = place + 1;
}

function rebuildSlots(live: MutableRow): void {
  const capacity = live.targets.length;
  if (capacity <= SEARCHED) return;
  live.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
  for (let k = 0; k < live.size; k++) enter(live.slots, live.targets[k]!, k);
}

/** Multiplicative hash (Knuth 6.4) with the high bits folded into the low ones, which pick the slot. */
function hash(target: number): number {
  const product = Math.imul(target, 0x9e3779b1);
  return product ^ (product >>> 15);
}

import type { SparseScores } from './sparse-scores';

/**
 * The best `capacity` of the rows offered, by score descending, then row ascending. A bounded min-heap on typed arrays:
 * no allocation per candidate, one `offer` costs O(1) for most losers and O(log capacity) otherwise. Reused by `clear`.
 */
export class TopK {
  private readonly heapRows: Int32Array;
  private readonly heapScores: Float64Array;
  private count = 0;

  /** @throws RangeError when `capacity` is not a positive integer. */
  constructor(readonly capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`capacity ${capacity} is not a positive integer`);
    this.heapRows = new Int32Array(capacity);
    this.heapScores = new Float64Array(capacity);
  }

  get size(): number {
    return this.count;
  }

  clear(): void {
    this.count = 0;
  }

  offer(row: number, score: number): void {
    if (this.count < this.capacity) {
      this.siftUp(this.count++, row, score);
    } else if (this.isWorse(this.heapRows[0]!, this.heapScores[0]!, row, score)) {
      this.siftDown(0, row, score, this.count);
    }
  }

  /** Row of the k-th entry kept, in heap order (not by score): for callers that do not need the order. */
  rowAt(k: number): number {
    return this.heapRows[k]!;
  }

  scoreAt(k: number): number {
    return this.heapScores[k]!;
  }

  /** Puts the entries into order, best first; `offer` must not be called again before `clear`. */
  sort(): void {
    for (let end = this.count - 1; end > 0; end--) {
      const row = this.heapRows[end]!;
      const score = this.heapScores[end]!;
      this.heapRows[end] = this.heapRows[0]!;
      this.heapScores[end] = this.heapScores[0]!;
      this.siftDown(0, row, score, end);
    }
  }

  private isWorse(rowA: number, scoreA: number, rowB: number, scoreB: number): boolean {
    return scoreA < scoreB || (scoreA === scoreB && rowA > rowB);
  }

  private siftUp(start: number, row: number, score: number): void {
    const { heapRows, heapScores } = this;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isWorse(row, score, heapRows[parent]!, heapScores[parent]!)) break;
      heapRows[at] = heapRows[parent]!;
      heapScores[at] = heapScores[parent]!;
      at = parent;
    }
    heapRows[at] = row;
    heapScores[at] = score;
  }

  private siftDown(start: number, row: number, score: number, end: number): void {
    const { heapRows, heapScores } = this;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= end) break;
      const right = child + 1;
      if (right < end && this.isWorse(heapRows[right]!, heapScores[right]!, heapRows[child]!, heapScores[child]!)) child = right;
      if (!this.isWorse(heapRows[child]!, heapScores[child]!, row, score)) break;
      heapRows[at] = heapRows[child]!;
      heapScores[at] = heapScores[child]!;
      at = child;
    }
    heapRows[at] = row;
    heapScores[at] = score;
  }
}

/** Adds the best `limit` rows of `from` with a score > 0 into `into`, in no particular order. */
export function addTop(from: SparseScores, into: SparseScores, limit: number): void {
  const { rows } = from;
  if (rows.length <= limit) {
    for (const row of rows) {
      const score = from.get(row);
      if (score > 0) into.add(row, score);
    }
    return;
  }
  if (limit < 1) return;
  const best = new TopK(limit);
  for (const row of rows) {
    const score = from.get(row);
    if (score > 0) best.offer(row, score);
  }
  for (let k = 0; k < best.size; k++) into.add(best.rowAt(k), best.scoreAt(k));
}

/** Rows of `scores`, best first, at most `limit`; ties: lower row first. */
export function topRows(scores: SparseScores, limit: number): number[] {
  if (limit < 1 || scores.rows.length === 0) return [];
  const best = new TopK(Math.min(limit, scores.rows.length));
  for (const row of scores.rows) best.offer(row, scores.get(row));
  best.sort();
  return Array.from({ length: best.size }, (_, k) => best.rowAt(k));
}

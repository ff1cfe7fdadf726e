import type { SparseScores } from '../../models/sparse-scores';

/** What a model's weakest candidate is worth: it was named, so it stands above what was not. */
export const FLOOR = 1e-6;

/** log1p of small whole numbers, since a blend asks for thousands. */
const LOG1P = Float64Array.from({ length: 16_384 }, (_, n) => Math.log1p(n));
const log1p = (n: number): number => LOG1P[n] ?? Math.log1p(n);

/** Steps of the score feature whose places among the candidates are kept ready, so that a rank is found among few. */
const STEPS = 512;

/**
 * What one model says of its candidates in one query, as two features in [0, 1] that hold for any scale of scores:
 * - score: (s − smallest) / (largest − smallest), 1 for all when they are equal;
 * - rank: 1 − ln(1 + r) / ln(1 + limit), at least `FLOOR`, where r is the number of candidates with a higher score.
 * Smallest, largest and ranks are over the candidates that `counts` lets through (those that the user has not had); the others are put in among
 * them, clamped. Reuses its memory.
 */
export class ModelFeatures {
  private ascending = new Float64Array(512);
  /** [steps + 2] Candidates below each step; the last: all. */
  private readonly below = new Int32Array(STEPS + 2);
  private count = 0;
  private smallest = 0;
  private factor = 0;
  private logLimit = 1;

  /** Takes over the scores of one query. `had[row] === 1`: the user has had it. */
  read(scores: SparseScores, limit: number, had: Uint8Array): void {
    const { rows } = scores;
    if (rows.length > this.ascending.length) this.ascending = new Float64Array(2 * rows.length);
    let count = 0;
    for (const row of rows) if (had[row] !== 1) this.ascending[count++] = scores.get(row);
    // Only what the user has had: then that is what is ranked.
    if (count === 0) for (const row of rows) this.ascending[count++] = scores.get(row);
    this.count = count;
    this.ascending.subarray(0, count).sort();
    this.smallest = this.ascending[0] ?? 0;
    const range = (this.ascending[count - 1] ?? 0) - this.smallest;
    this.factor = range > 0 && Number.isFinite(1 / range) ? 1 / range : 0;
    this.logLimit = log1p(limit);
    this.markSteps();
  }

  private markSteps(): void {
    const { ascending, below, count } = this;
    for (let step = 0, place = 0; step <= STEPS; step++) {
      while (place < count && this.stepOf(ascending[place]!) < step) place++;
      below[step] = place;
    }
    below[STEPS + 1] = count;
  }

  private stepOf(value: number): number {
    return Math.trunc(this.score(value) * STEPS);
  }

  /** Score feature of a score. */
  score(value: number): number {
    if (this.factor === 0) return 1; // scores that differ by less than numbers can tell are equal
    const share = (value - this.smallest) * this.factor;
    return share < 0 ? 0 : share > 1 ? 1 : share;
  }

  /** Rank feature of a score. */
  rank(value: number): number {
    const feature = 1 - log1p(this.higherThan(value)) / this.logLimit;
    return feature > FLOOR ? feature : FLOOR;
  }

  private higherThan(value: number): number {
    const { ascending, below, count } = this;
    const step = this.stepOf(value);
    let from = below[step]!;
    let to = below[step + 1]!;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (ascending[middle]! <= value) from = middle + 1;
      else to = middle;
    }
    return count - from;
  }
}

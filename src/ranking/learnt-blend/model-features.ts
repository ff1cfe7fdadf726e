import type { SparseScores } from '../../models/sparse-scores';

/** What a model's weakest candidate is worth: it was named, so it stands above what was not. */
export const FLOOR = 1e-6;

/** What is added to a score feature before its logarithm is taken, so that 0 has one. */
const SOFTENING = 0.02;
const LOG_OF_NONE = Math.log(SOFTENING);
const LOG_RANGE = Math.log(1 + SOFTENING) - LOG_OF_NONE;

/**
 * What one model says of its candidates in one query, as two features in [0, 1] that hold for any scale of scores:
 * - score: s = (value − smallest) / (largest − smallest), 1 for all when they are equal;
 * - log: ln(1 + s / .02) / ln(1 + 1 / .02), at least `FLOOR`, which tells the weak ones apart and the strong ones less: scores with a long tail come
 *   near to ranks by it, and keep what ranks lose.
 * Smallest and largest are over the candidates that the user has not had; the others are put in among them, clamped.
 */
export class ModelFeatures {
  private smallest = 0;
  private factor = 0;

  /** Takes over the scores of one query. `had[row] === 1`: the user has had it. */
  read(scores: SparseScores, had: Uint8Array): void {
    let smallest = Infinity;
    let largest = -Infinity;
    const include = (value: number): void => {
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    };
    for (const row of scores.rows) if (had[row] !== 1) include(scores.get(row));
    // Only what the user has had: then that is what is compared.
    if (largest < smallest) for (const row of scores.rows) include(scores.get(row));
    const range = largest - smallest;
    this.smallest = smallest;
    this.factor = range > 0 && Number.isFinite(1 / range) ? 1 / range : 0;
  }

  /** Score feature of a score. */
  score(value: number): number {
    if (this.factor === 0) return 1; // scores that differ by less than numbers can tell are equal
    const share = (value - this.smallest) * this.factor;
    return share < 0 ? 0 : share > 1 ? 1 : share;
  }

  /** Logarithmic feature of a score. */
  log(value: number): number {
    return Math.max(FLOOR, (Math.log(this.score(value) + SOFTENING) - LOG_OF_NONE) / LOG_RANGE);
  }
}

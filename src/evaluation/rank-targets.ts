import type { SparseScores } from '../models/sparse-scores';
import { TopK } from '../models/top-k';
import type { Rank } from './metrics';
import type { EvaluationCase } from './protocols';

/** What one case came to. */
export interface RankedCase {
  /** [targets], in their order. */
  readonly ranks: readonly Rank[];
  /** The rows of the list that a user would get, best first; ties: lower row first. */
  readonly list: readonly number[];
  /** How many rows were ranked, targets included. */
  readonly ranked: number;
}

/**
 * Ranks rows 0 … candidates − 1 without those that a case excludes, or the rows that it gives. Rows that were not scored tie with each other
 * below all that were. A target that is no candidate has rank Infinity. Reuses its memory between cases.
 */
export class TargetRanker {
  /** 1: this row is ranked in the running case. */
  private readonly isCandidate: Uint8Array;
  private readonly top: TopK;

  constructor(
    private readonly candidates: number,
    listSize: number,
  ) {
    this.isCandidate = new Uint8Array(candidates).fill(1);
    this.top = new TopK(listSize);
  }

  rank({ targets, excluded, given }: EvaluationCase, scores: SparseScores): RankedCase {
    const { isCandidate, top } = this;
    const ranked = given === undefined ? this.exclude(excluded) : this.only(given);
    top.clear();
    let scored = 0;
    for (const row of scores.rows) {
      if (isCandidate[row] !== 1) continue; // not in the running case, or beyond the candidates
      scored++;
      top.offer(row, scores.get(row));
    }
    top.sort();
    const list = Array.from({ length: top.size }, (_, k) => top.rowAt(k));
    const ranks = targets.map((target) => this.rankOf(target, scores, scored, ranked - scored));
    isCandidate.fill(1);
    return { ranks, list, ranked };
  }

  private exclude(excluded: readonly number[]): number {
    let left = this.candidates;
    for (const row of excluded) {
      left -= this.isCandidate[row] ?? 0;
      if (row < this.candidates) this.isCandidate[row] = 0;
    }
    return left;
  }

  private only(given: readonly number[]): number {
    this.isCandidate.fill(0);
    for (const row of given) if (row < this.candidates) this.isCandidate[row] = 1;
    return this.isCandidate.reduce((sum, mark) => sum + mark, 0);
  }

  private rankOf(target: number, scores: SparseScores, scored: number, unscored: number): Rank {
    const { isCandidate } = this;
    if (isCandidate[target] !== 1) return Infinity;
    if (!scores.has(target)) return scored + (unscored - 1) / 2;
    const score = scores.get(target);
    let better = 0;
    let equal = 0;
    for (const row of scores.rows) {
      const other = scores.get(row);
      if (other < score || row === target || isCandidate[row] !== 1) continue;
      if (other > score) better++;
      else equal++;
    }
    return better + equal / 2;
  }
}

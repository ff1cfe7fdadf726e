import type { SparseScores } from '../models/sparse-scores';
import { TopK } from '../models/top-k';
import type { Rank } from './metrics';
import type { EvaluationCase } from './protocols';

/**
 * Ranks in the full ranking of rows 0 … candidates − 1 without those a case excludes. Rows that were not scored tie with each other
 * below all that were. A target that is no candidate has rank Infinity. Reuses its memory between cases.
 */
export class TargetRanker {
  private readonly isExcluded: Uint8Array;
  private readonly top: TopK;

  constructor(
    private readonly candidates: number,
    listSize: number,
  ) {
    this.isExcluded = new Uint8Array(candidates);
    this.top = new TopK(listSize);
  }

  /** Calls `recommend` with each row of the list that a user would get, in no particular order, and gives the targets' ranks in their order. */
  rank({ targets, excluded }: EvaluationCase, scores: SparseScores, recommend: (row: number) => void): Rank[] {
    const { isExcluded, top } = this;
    for (const row of excluded) isExcluded[row] = 1;
    top.clear();
    let scored = 0;
    for (const row of scores.rows) {
      if (!this.isCandidate(row)) continue;
      scored++;
      top.offer(row, scores.get(row));
    }
    for (let k = 0; k < top.size; k++) recommend(top.rowAt(k));
    const unscored = this.candidates - new Set(excluded).size - scored;
    const ranks = targets.map((target) => this.rankOf(target, scores, scored, unscored));
    for (const row of excluded) isExcluded[row] = 0;
    return ranks;
  }

  private isCandidate(row: number): boolean {
    return row < this.candidates && this.isExcluded[row] === 0;
  }

  private rankOf(target: number, scores: SparseScores, scored: number, unscored: number): Rank {
    if (!this.isCandidate(target)) return Infinity;
    if (!scores.has(target)) return scored + (unscored - 1) / 2;
    const score = scores.get(target);
    let better = 0;
    let equal = 0;
    for (const row of scores.rows) {
      const other = scores.get(row);
      if (other < score || row === target || !this.isCandidate(row)) continue;
      if (other > score) better++;
      else equal++;
    }
    return better + equal / 2;
  }
}

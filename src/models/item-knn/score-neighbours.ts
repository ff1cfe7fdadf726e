import type { RowView } from '../live-rows';
import type { Pull, ScoringQuery } from '../model';
import type { SparseScores } from '../sparse-scores';
import { addTop } from '../top-k';
import { eachPull, type ProfileOptions } from './profile-pulls';

/** The neighbours of a row with their weights, in no particular order; valid until the next call. A row that is not known has none. */
export type NeighboursOf = (row: number) => Readonly<RowView>;

/**
 * score(j) = Σ over the newest items h_r of the profile of weight(h_r) · profileDecay^r · w(h_r, j), j among the neighbours of h_r. Weights
 * may be negative; only positive sums are given, the `limit` largest of them. `scratch` is cleared first.
 */
export function scoreNeighbours(
  query: ScoringQuery,
  options: ProfileOptions,
  neighboursOf: NeighboursOf,
  scratch: SparseScores,
  into: SparseScores,
  limit: number,
): void {
  scratch.clear();
  eachPull(query, options, (item, pull) => {
    const { targets, values, start, end } = neighboursOf(item);
    for (let k = start; k < end; k++) scratch.add(targets[k]!, pull * values[k]!);
  });
  addTop(scratch, into, limit);
}

/** The positive terms of that sum for `row`, largest first (ties: lower row), at most `limit`. */
export function explainNeighbours(
  query: ScoringQuery,
  options: ProfileOptions,
  neighboursOf: NeighboursOf,
  row: number,
  limit: number,
): Pull[] {
  const pulls: Pull[] = [];
  eachPull(query, options, (item, pull) => {
    const { targets, values, start, end } = neighboursOf(item);
    for (let k = start; k < end; k++) if (targets[k] === row) pulls.push({ row: item, amount: pull * values[k]! });
  });
  return pulls
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount || a.row - b.row)
    .slice(0, limit);
}

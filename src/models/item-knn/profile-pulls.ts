import type { ScoringQuery } from '../model';

/** How a model weighs the items of the live user's profile. */
export interface ProfileOptions {
  /** The r-th newest item of the profile (0: the newest) counts decay^r. */
  readonly profileDecay: number;
  /** How many of the newest items of the profile are looked at; beyond 200 only their rows are known, see `eachPull`. */
  readonly profileItems: number;
}

/** Where `ScoringQuery.history` is cut. */
const LONGEST_HISTORY = 200;

/**
 * Calls `visit(row, weight · profileDecay^r)` for the newest `profileItems` items of the profile, newest first (r = 0). Where the history is
 * full, the older items of `seen` follow, of which only the row is known: they count with the weight of the oldest item of the
 * history. They are left out where the history is not a prefix of `seen`: some of them are disliked then.
 */
export function eachPull({ history, seen }: ScoringQuery, options: ProfileOptions, visit: (row: number, pull: number) => void): void {
  const { profileDecay, profileItems } = options;
  const known = Math.min(history.length, profileItems);
  for (let r = 0; r < known; r++) visit(history[r]!.row, history[r]!.weight * profileDecay ** r);
  const oldest = history[known - 1];
  if (oldest === undefined || known < LONGEST_HISTORY || seen[known - 1] !== oldest.row) return;
  for (let r = known; r < Math.min(seen.length, profileItems); r++) visit(seen[r]!, oldest.weight * profileDecay ** r);
}

import type { ItemIndex } from '../models/item-index';
import type { Interaction, ScoringQuery } from '../models/model';
import type { EpochMs } from '../platform/clock';
import type { Profile } from '../profile/profile';

const MAX_HISTORY = 200;
/** Between a view and a like, for items whose behaviours have left `recent`: of them only the time is known. */
const OLD_WEIGHT = 0.3;

/**
 * A profile as models see it. `history`: the items of `recent`, newest first, whose newest behaviour with a weight is
 * positive (so an item that was disliked or put back last is out), then, up to 200, older ones of the profile's history
 * (impressions may have pushed them out of `recent`). `seen`: the same, not cut. Items that no model knows yet have no row
 * and are left out.
 */
export function scoringQueryOf(profile: Pick<Profile, 'recent' | 'history'>, index: ItemIndex, now: EpochMs): ScoringQuery {
  const decided = new Set<string>();
  const history: Interaction[] = [];
  const seen: number[] = [];
  const add = (itemId: string, weight: number, at: EpochMs): void => {
    const row = index.rowOf(itemId);
    if (row === undefined) return;
    seen.push(row);
    if (history.length < MAX_HISTORY) history.push({ row, weight, at });
  };
  for (const { itemId, weight, at } of profile.recent) {
    if (itemId === undefined || weight === 0 || decided.has(itemId)) continue;
    decided.add(itemId);
    if (weight > 0) add(itemId, weight, at);
  }
  for (const [itemId, at] of profile.history) if (!decided.has(itemId)) add(itemId, OLD_WEIGHT, at);
  return { history, seen, now };
}

import { topicsOf } from '../catalogue/item';
import type { HalfLives } from '../profile/decode-profile';
import { withoutItem } from '../profile/without-item';
import { listRule } from './domain/list-rule';
import type { FallbackAnswer } from './fallback';
import { rank, type RankedItem, type RankRequest } from './rank';
import { citable } from './reason';
import type { Exclusion } from './rules';

/** Where an item would be if one behaviour had not been. */
export interface Counterfactual {
  /** The item that nothing had been done to. */
  readonly itemId: string;
  /** What was done to it, and when: the newest behaviour. */
  readonly type: string;
  readonly at: number;
  /** From 1; absent: not on the list. */
  readonly rank?: number;
}

export interface Explanation {
  /** As on a list that is made now; absent: it is not on it. */
  readonly item?: RankedItem;
  /** From 1. */
  readonly rank?: number;
  readonly listSize: number;
  readonly fallback: FallbackAnswer;
  /** Why it is not on the list; `ranked_below`: nothing forbids it, others are better. Absent when it is. */
  readonly leftOut?: Exclusion | 'ranked_below';
  /** At most three: of the behaviours that are the evidence for it, strongest first; where there are none, of the newest. */
  readonly counterfactuals: readonly Counterfactual[];
}

/** How many times a list is made again: so often an explanation costs what a list costs, and once for the list itself. */
export const MOST_COUNTERFACTUALS = 3;

/**
 * Why an item is, or is not, on a list that is made now, and where it would be without each of the behaviours that speak for it: by making the list again
 * without them, and without what they taught the interests. Trained snapshots may hold the user's older behaviour: those stay as they are. Deterministic.
 */
export function explainItem(request: RankRequest, itemId: string, halfLives: HalfLives): Explanation {
  const { profile, catalogue, surface, now } = request;
  const list = rank(request);
  const place = placeOn(list.items, itemId);
  const item = place === undefined ? undefined : list.items[place - 1]!;
  const behaviours = citable(profile.recent);
  const cited = item?.reason.evidence.map((evidence) => evidence.itemId) ?? [];
  const without = (cited.length > 0 ? cited : [...behaviours.keys()].filter((id) => id !== itemId)).slice(0, MOST_COUNTERFACTUALS);
  const asked = catalogue.get(itemId);
  const exclusion = place === undefined && asked !== undefined ? listRule(surface.rules, { profile, catalogue, now })(asked) : undefined;
  return {
    ...(item && { item, rank: place! }),
    ...(item === undefined && { leftOut: exclusion ?? 'ranked_below' }),
    listSize: list.items.length,
    fallback: list.fallback,
    counterfactuals: without.map((id): Counterfactual => {
      const { type, at } = behaviours.get(id)!;
      const had = catalogue.get(id);
      const other = withoutItem(profile, id, { ...halfLives, now, topics: had ? topicsOf(had) : [] });
      const place = placeOn(rank({ ...request, profile: other }).items, itemId);
      return { itemId: id, type, at, ...(place !== undefined && { rank: place }) };
    }),
  };
}

function placeOn(items: readonly RankedItem[], itemId: string): number | undefined {
  const place = items.findIndex((item) => item.itemId === itemId);
  return place < 0 ? undefined : place + 1;
}

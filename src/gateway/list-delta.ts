import type { Position, Recommendation, RecommendationList } from '../push/recommendation-list';
import type { Shown } from './shown';

/** How to make a list out of the one before. Ranks are from 1. */
export interface ListDelta {
  /** The place of the list before. */
  readonly base: Position;
  /** The new one. */
  readonly list: RecommendationList;
  /** In the order of their old rank. */
  readonly removed: readonly string[];
  /** The fewest items that must change places; all others keep their order. In the order of their new rank. */
  readonly moved: readonly { readonly itemId: string; readonly from: number; readonly to: number }[];
  /** In the order of their new rank. */
  readonly added: readonly RankedItemOfList[];
  /** On both, but not shown as before. In the order of their new rank. */
  readonly changed: readonly RankedItemOfList[];
}

interface RankedItemOfList extends Recommendation {
  readonly rank: number;
}

interface Step {
  /** Where and what the client's list is. */
  readonly base: Position;
  readonly before: Shown;
  readonly list: RecommendationList;
  /** What is shown of the new list: its first items. */
  readonly after: Shown;
}

/** The delta from a list that was sent to a newer one; undefined when it would name every item, so that the list itself is shorter. */
export function listDelta({ base, before, list, after }: Step): ListDelta | undefined {
  const placeBefore = new Map(before.itemIds.map((itemId, place) => [itemId, place]));
  const keptPlaces: number[] = []; // of the kept items, in their new order
  const keptAt: number[] = [];
  const added: RankedItemOfList[] = [];
  const changed: RankedItemOfList[] = [];
  after.itemIds.forEach((itemId, index) => {
    const place = placeBefore.get(itemId);
    if (place === undefined) {
      added.push(ranked(list, index));
      return;
    }
    placeBefore.delete(itemId);
    keptPlaces.push(place);
    keptAt.push(index);
    if (before.digests[place] !== after.digests[index]) changed.push(ranked(list, index));
  });
  if (added.length + changed.length >= after.itemIds.length) return undefined;
  const staying = longestIncreasing(keptPlaces);
  const moved = keptPlaces.flatMap((place, k) =>
    staying.has(k) ? [] : [{ itemId: after.itemIds[keptAt[k]!]!, from: place + 1, to: keptAt[k]! + 1 }],
  );
  return { base, list, removed: [...placeBefore.keys()], moved, added, changed };
}

const ranked = ({ items }: RecommendationList, index: number): RankedItemOfList => ({ ...items[index]!, rank: index + 1 });

/**
 * The indexes of a longest increasing subsequence of distinct numbers (patience sorting, Fredman 1975); of several that are longest always
 * the same one.
 */
export function longestIncreasing(values: readonly number[]): ReadonlySet<number> {
  const ends: number[] = []; // ends[n]: index of the smallest value that ends an increasing subsequence of n + 1
  const previous: number[] = [];
  values.forEach((value, index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[ends[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous.push(low === 0 ? -1 : ends[low - 1]!);
    ends[low] = index;
  });
  const chosen = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index]!) chosen.add(index);
  return chosen;
}

import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { EpochMs } from '../platform/clock';

/** One list as far as its user has seen it, and what of it they took. */
export interface ShownList {
  readonly userId: string;
  readonly surface: string;
  /** When the first of it was shown. */
  readonly at: EpochMs;
  readonly shown: ReadonlySet<string>;
  /** Items with a positive behaviour that names the list; a part of `shown`. */
  readonly taken: ReadonlySet<string>;
}

interface Gathered {
  readonly userId: string;
  surface: string | undefined;
  at: EpochMs;
  readonly shown: Set<string>;
  readonly taken: Set<string>;
}

/** Lists kept at most: those begun last. */
const MOST_LISTS = 200_000;

/** Gathers logged impressions, and what came of them, by the list that they name (`recommendationId`). Behaviours may come in any order. */
export class ShownListsBuilder {
  private readonly lists = new Map<string, Gathered>();

  add({ userId, itemId, type, weight, at, surface, recommendationId }: LoggedBehaviour): void {
    if (recommendationId === undefined || itemId === undefined) return;
    const isImpression = type === 'impression';
    if (!isImpression && !(weight > 0)) return;
    const key = `${userId}\n${recommendationId}`;
    let list = this.lists.get(key);
    if (!list) {
      list = { userId, surface, at, shown: new Set(), taken: new Set() };
      this.lists.set(key, list);
      if (this.lists.size > MOST_LISTS) this.lists.delete(this.lists.keys().next().value!);
    }
    list.surface ??= surface;
    list.at = Math.min(list.at, at);
    (isImpression ? list.shown : list.taken).add(itemId);
  }

  /** Those of a known surface with something shown, by time, ties by user. */
  build(): ShownList[] {
    return [...this.lists.values()]
      .flatMap(({ userId, surface, at, shown, taken }) =>
        surface === undefined || shown.size === 0
          ? []
          : [{ userId, surface, at, shown, taken: new Set([...taken].filter((id) => shown.has(id))) }],
      )
      .sort((a, b) => a.at - b.at || (a.userId < b.userId ? -1 : 1));
  }
}

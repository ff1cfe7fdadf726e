import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { Item } from '../catalogue/item';
import { contextOf } from '../content/creatives/taste';
import type { CreativeFeedback } from '../content/creatives/learn-creatives';
import { indicesOfCode } from '../content/creatives/plan';
import type { EpochMs } from '../platform/clock';
import type { ShownCreatives } from './shown-creatives.redis';

interface SeenList {
  readonly userId: string;
  readonly listId: string;
  at: EpochMs;
  readonly seen: Set<string>;
  readonly taken: Set<string>;
}

/** Gathers what came of lists: impressions, and positive behaviours, that name them by `recommendationId`. What was taken was seen. Any order. */
export class SeenLists {
  private readonly lists = new Map<string, SeenList>();

  add({ userId, itemId, type, weight, at, recommendationId }: LoggedBehaviour): void {
    if (recommendationId === undefined || itemId === undefined) return;
    if (type !== 'impression' && !(weight > 0)) return;
    const key = `${userId}\n${recommendationId}`;
    let list = this.lists.get(key);
    if (!list) this.lists.set(key, (list = { userId, listId: recommendationId, at, seen: new Set(), taken: new Set() }));
    list.at = Math.min(list.at, at);
    list.seen.add(itemId);
    if (type !== 'impression') list.taken.add(itemId);
  }

  /** The readers who saw anything, in the order in which they first did. */
  get userIds(): string[] {
    return [...new Set([...this.lists.values()].map(({ userId }) => userId))];
  }

  /**
   * One row for each item that was seen of a list whose contents were noted. The context is that of the item as the catalogue has it now: a price that
   * has changed since is a small error. Items that have left the catalogue are left out.
   */
  async rows(
    notedOf: (userId: string) => Promise<ReadonlyMap<string, ShownCreatives>>,
    itemOf: (itemId: string) => Item | undefined,
  ): Promise<CreativeFeedback[]> {
    const byUser = new Map<string, SeenList[]>();
    for (const list of this.lists.values()) byUser.set(list.userId, [...(byUser.get(list.userId) ?? []), list]);
    const rows: CreativeFeedback[] = [];
    let reader = 0;
    for (const [userId, lists] of byUser) {
      const noted = await notedOf(userId);
      for (const list of lists) {
        const shown = noted.get(list.listId);
        if (shown) rows.push(...rowsOf(list, shown, reader, itemOf));
      }
      reader++;
    }
    return rows;
  }
}

function rowsOf(
  { at, seen, taken }: SeenList,
  { taste, segment, items }: ShownCreatives,
  reader: number,
  itemOf: (itemId: string) => Item | undefined,
): CreativeFeedback[] {
  return [...seen].flatMap((itemId) => {
    const chosen = items.get(itemId);
    const item = itemOf(itemId);
    if (!chosen || !item) return [];
    const { arm, share, propensity, code } = chosen;
    const indices = code === '' ? undefined : indicesOfCode(code);
    return [{ reader, segment, context: contextOf(taste, item, at), arm, indices, share, propensity, clicked: taken.has(itemId) }];
  });
}

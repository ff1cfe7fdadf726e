/*
 * For clients that are sent deltas: no dependencies, to be imported or copied. Select the same fields of an item, `itemId` and `rank` among
 * them, in `full { items }`, `delta { added }` and `delta { changed }`, and the same fields of the list in `full` and `delta`.
 */

/** Where a list is among the lists of its user and surface. */
export interface Place {
  readonly epoch: string;
  readonly revision: number;
}

export interface HeldItem {
  readonly itemId: string;
  /** From 1. */
  readonly rank: number;
}

/** A list as the client holds it: `full` as it came, or what became of it. */
export interface HeldList<Item extends HeldItem> {
  readonly position: Place;
  readonly items: readonly Item[];
}

export interface Delta<Item extends HeldItem> {
  /** Added by some clients. */
  readonly __typename?: string;
  /** The place of the list that it is applied to. */
  readonly base: Place;
  readonly position: Place;
  readonly removed: readonly string[];
  readonly moved: readonly { readonly itemId: string; readonly to: number }[];
  readonly added: readonly Item[];
  readonly changed: readonly Item[];
}

/** What a `RecommendationUpdate` says of the list: exactly one of the two is there. */
export interface DeltaOrFull<Item extends HeldItem, List extends HeldList<Item>> {
  readonly delta: (Delta<Item> & Omit<List, 'items' | '__typename'>) | null;
  readonly full: List | null;
}

/**
 * The list after an update. `held` is left as it is.
 * @param held the list before; undefined on the first event.
 * @throws Error when the delta starts from another list than `held`: subscribe again, without `after`, for the whole list.
 */
export function applyUpdate<Item extends HeldItem, List extends HeldList<Item>>(
  held: List | undefined,
  { delta, full }: DeltaOrFull<Item, List>,
): List {
  if (full) return full;
  if (!delta) throw new Error('neither a delta nor a full list: select both');
  const { __typename, base, removed, moved, added, changed, ...rest } = delta;
  if (held?.position.epoch !== base.epoch || held.position.revision !== base.revision)
    throw new Error('a delta to a list that is not held');
  return { ...held, ...rest, items: applyDelta(held.items, { removed, moved, added, changed }) };
}

/** The items after a delta, best first, their ranks numbered. `before` is left as it is. */
export function applyDelta<Item extends HeldItem>(
  before: readonly Item[],
  { removed, moved, added, changed }: Pick<Delta<Item>, 'removed' | 'moved' | 'added' | 'changed'>,
): Item[] {
  const newest = new Map([...before, ...changed].map((item) => [item.itemId, item]));
  const leaving = new Set([...removed, ...moved.map(({ itemId }) => itemId)]);
  const order = before.map(({ itemId }) => itemId).filter((itemId) => !leaving.has(itemId));
  const entering = [...added.map(({ itemId, rank }) => ({ itemId, to: rank })), ...moved];
  for (const { itemId, to } of entering.sort((a, b) => a.to - b.to)) order.splice(to - 1, 0, itemId);
  for (const item of added) newest.set(item.itemId, item);
  return order.map((itemId, index) => ({ ...newest.get(itemId)!, rank: index + 1 }));
}

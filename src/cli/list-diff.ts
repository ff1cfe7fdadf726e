/** How an item came to its place: new on the list, up or down by so many ranks, or where it was. */
export type Move = { readonly kind: 'new' } | { readonly kind: 'up' | 'down'; readonly by: number } | { readonly kind: 'same' };

export interface ListDiff {
  /** One for each item of the new list, in its order. */
  readonly moves: readonly Move[];
  /** Items that are gone, in the order of their old rank. */
  readonly removed: readonly string[];
}

/** The difference between two lists of distinct item ids; without an old one, everything is where it was. */
export function diffLists(before: readonly string[] | undefined, now: readonly string[]): ListDiff {
  if (!before) return { moves: now.map(() => ({ kind: 'same' })), removed: [] };
  const oldRank = new Map(before.map((id, rank) => [id, rank]));
  const kept = new Set(now);
  const moves = now.map((id, rank): Move => {
    const old = oldRank.get(id);
    if (old === undefined) return { kind: 'new' };
    if (old === rank) return { kind: 'same' };
    return old > rank ? { kind: 'up', by: old - rank } : { kind: 'down', by: rank - old };
  });
  return { moves, removed: before.filter((id) => !kept.has(id)) };
}

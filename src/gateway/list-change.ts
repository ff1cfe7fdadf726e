/** How a list differs from the one before. Ranks are from 1. */
export interface ListChange {
  /** In the order of their new rank. */
  readonly added: readonly string[];
  /** In the order of their old rank. */
  readonly removed: readonly string[];
  /** On both at different ranks, in the order of their new rank. */
  readonly moved: readonly { readonly itemId: string; readonly from: number; readonly to: number }[];
}

/** The difference between two lists of distinct item ids, best first. */
export function listChange(before: readonly string[], after: readonly string[]): ListChange {
  const rankBefore = new Map(before.map((itemId, index) => [itemId, index + 1]));
  const kept = new Set<string>();
  const added: string[] = [];
  const moved: { itemId: string; from: number; to: number }[] = [];
  after.forEach((itemId, index) => {
    const from = rankBefore.get(itemId);
    if (from === undefined) {
      added.push(itemId);
      return;
    }
    kept.add(itemId);
    if (from !== index + 1) moved.push({ itemId, from, to: index + 1 });
  });
  return { added, removed: before.filter((itemId) => !kept.has(itemId)), moved };
}

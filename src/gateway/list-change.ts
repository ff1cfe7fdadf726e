/** How a list differs from the one before. Ranks are from 1. */
export interface ListChange {
  /** In the order of their new rank. */
  readonly added: readonly string[];
  /** In the order of their old rank. */
  readonly removed: readonly string[];
  /** On both at different ranks, in the order of their new rank. */
  readonly moved: readonly { readonly itemId: string; readonly from: number; readonly to: number }[];
}

/** Lists longer than this are looked through by a map: one that is made for each of two short ones costs more than looking. */
const SHORT = 32;

/** The difference between two lists of distinct item ids, best first. */
export function listChange(before: readonly string[], after: readonly string[]): ListChange {
  const ranks = before.length > SHORT ? new Map(before.map((itemId, index) => [itemId, index])) : undefined;
  const kept = before.map(() => false);
  const added: string[] = [];
  const moved: { itemId: string; from: number; to: number }[] = [];
  let shift = 0; // mostly neighbours move together
  for (let index = 0; index < after.length; index++) {
    const itemId = after[index]!;
    const from = before[index + shift] === itemId ? index + shift : ranks ? (ranks.get(itemId) ?? -1) : before.indexOf(itemId);
    if (from === -1) {
      added.push(itemId);
      continue;
    }
    kept[from] = true;
    shift = from - index;
    if (shift !== 0) moved.push({ itemId, from: from + 1, to: index + 1 });
  }
  return { added, removed: before.filter((_, index) => !kept[index]), moved };
}

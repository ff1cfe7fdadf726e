import type { ItemIndex } from './item-index';

/** [items]: the index's row of each snapshot item, interning those it does not know. */
export function joinItems(itemIds: readonly string[], index: ItemIndex): Int32Array {
  return Int32Array.from(itemIds, (id) => index.intern(id));
}

import type { ItemIndex } from '../../models/item-index';

/** [rows] the distinct categories of each item, as small numbers; an item whose categories the catalogue does not tell has none. */
export type RowCategories = readonly (readonly number[])[];

/** The categories of the catalogue's items by row of the index, numbered in the order of the catalogue. Items outside the index are left out. */
export function rowCategories(
  catalogue: Iterable<{ readonly id: string; readonly categories?: readonly string[] }>,
  index: ItemIndex,
): RowCategories {
  const numbers = new Map<string, number>();
  const ofRow: (readonly number[])[] = Array.from({ length: index.size }, () => []);
  for (const { id, categories = [] } of catalogue) {
    const row = index.rowOf(id);
    if (row === undefined) continue;
    ofRow[row] = [...new Set(categories)].map((category) => {
      const number = numbers.get(category) ?? numbers.size;
      numbers.set(category, number);
      return number;
    });
  }
  return ofRow;
}

import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';

export interface ItemPage {
  readonly nodes: readonly Item[];
  readonly hasNextPage: boolean;
}

interface PageRequest {
  readonly first: number;
  /** Id of the item that the page before ended with. */
  readonly after?: string | undefined;
  readonly accepts: (item: Item) => boolean;
}

/**
 * One page of the catalogue in the order of ids (by UTF-16 code unit). Costs one pass over the catalogue: it keeps no order, and
 * stays right while items come and go between pages.
 */
export function pageOfItems(catalogue: CatalogueView, { first, after, accepts }: PageRequest): ItemPage {
  const smallest: Item[] = []; // ascending by id, at most one more than the page
  for (const item of catalogue.values()) {
    if (after !== undefined && item.id <= after) continue;
    const full = smallest.length > first;
    if (full && item.id >= smallest[first]!.id) continue;
    if (!accepts(item)) continue;
    if (full) smallest.pop();
    smallest.splice(placeFor(item.id, smallest), 0, item);
  }
  return { nodes: smallest.slice(0, first), hasNextPage: smallest.length > first };
}

function placeFor(id: string, sorted: readonly Item[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An opaque cursor that stands for an item's place. */
export const cursorOf = (itemId: string): string => Buffer.from(`item:${itemId}`).toString('base64url');

/** The item id of a cursor; undefined for text that is none. */
export function itemIdOfCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  return text.startsWith('item:') ? text.slice('item:'.length) : undefined;
}

import type { CatalogueView, ItemWindow } from '../catalogue/catalogue';
import { availableUntil, unavailability } from '../catalogue/item';
import type { EpochMs } from '../platform/clock';
import type { RecommendationList } from './recommendation-list';

/**
 * The list without items that may not be shown now, and which of them are to be taken back from everybody. An item that this mirror of
 * the catalogue does not know stays out, but is not taken back: it may be newer than the mirror.
 */
export function withoutUnavailable<L extends Pick<RecommendationList, 'items'>>(
  list: L,
  catalogue: CatalogueView,
  now: EpochMs,
): { readonly list: L; readonly takenBack: readonly string[] } {
  const takenBack: string[] = [];
  const shown = list.items.filter(({ itemId }) => {
    const item = catalogue.get(itemId);
    if (item === undefined) return false;
    if (unavailability(item, now) === undefined) return true;
    takenBack.push(itemId);
    return false;
  });
  return { list: shown.length === list.items.length ? list : { ...list, items: shown }, takenBack };
}

/** The ids as the catalogue's own strings, if it knows all of the items and each may be shown now. */
export function idsOfAvailable(itemIds: readonly string[], catalogue: CatalogueView, now: EpochMs): readonly string[] | undefined {
  const own: string[] = [];
  for (const itemId of itemIds) {
    const window = catalogue.windowOf ? catalogue.windowOf(itemId) : windowIn(catalogue, itemId);
    if (window === undefined || window.until <= now) return undefined;
    own.push(window.id);
  }
  return own;
}

function windowIn(catalogue: CatalogueView, itemId: string): ItemWindow | undefined {
  const item = catalogue.get(itemId);
  return item && { id: item.id, until: availableUntil(item) };
}

import type { CatalogueView } from '../catalogue/catalogue';
import { unavailability } from '../catalogue/item';
import type { EpochMs } from '../platform/clock';
import type { RecommendationList } from './recommendation-list';

/** The list without items that may not be shown now, and which those are. Items that the catalogue does not know stay out too. */
export function withoutUnavailable<L extends Pick<RecommendationList, 'items'>>(
  list: L,
  catalogue: CatalogueView,
  now: EpochMs,
): { readonly list: L; readonly takenBack: readonly string[] } {
  const takenBack = list.items
    .filter(({ itemId }) => {
      const item = catalogue.get(itemId);
      return item === undefined || unavailability(item, now) !== undefined;
    })
    .map(({ itemId }) => itemId);
  if (takenBack.length === 0) return { list, takenBack };
  return { list: { ...list, items: list.items.filter(({ itemId }) => !takenBack.includes(itemId)) }, takenBack };
}

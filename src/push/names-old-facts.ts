import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import type { RecommendationList } from './recommendation-list';

/** Whether some content of the list names a price or a stock that its item no longer has: of `itemId` only, if it is given. */
export function namesOldFacts({ items }: Pick<RecommendationList, 'items'>, itemOf: Pick<CatalogueView, 'get'>, itemId?: string): boolean {
  return items.some(({ itemId: id, creative }) => {
    if (creative === undefined || (itemId !== undefined && id !== itemId)) return false;
    const item = itemOf.get(id);
    return item !== undefined && (differs(creative.price, item.price) || differs(creative.stock, item.stock));
  });
}

const differs = (named: number | undefined, now: Item['price']): boolean => named !== undefined && named !== now;

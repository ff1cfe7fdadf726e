import type { ItemIndex } from '../models/item-index';
import { POPULARITY_WINDOWS, type PopularityWindow, type PopularScorer } from '../models/popular/popular';
import type { PopularItem, PopularLists } from './ranking-models';

const isWindow = (name: string): name is PopularityWindow => (POPULARITY_WINDOWS as readonly string[]).includes(name);

/**
 * The lists that the popular model keeps ready. Where all counts have decayed to nothing (a store that was asleep for long) the order
 * still holds, and the k-th item scores 1 / (k + 1).
 */
export function popularListsOf(
  scorer: Pick<PopularScorer, 'top'>,
  index: ItemIndex,
  defaultWindow: PopularityWindow = 'all',
): PopularLists {
  return {
    top({ category, window = defaultWindow, limit, now }): readonly PopularItem[] {
      if (!isWindow(window)) return [];
      const top = scorer.top(window, now, limit, category);
      const faded = top.some(({ count }) => !(count > 0));
      return top.map(({ row, count }, k) => ({ itemId: index.idAt(row), score: faded ? 1 / (k + 1) : count }));
    },
  };
}

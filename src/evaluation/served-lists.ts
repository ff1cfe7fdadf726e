import type { NewItem } from '../catalogue/catalogue';
import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import type { ItemIndex } from '../models/item-index';
import type { ScoringQuery } from '../models/model';
import { PopularScorer } from '../models/popular/popular';
import { emptyProfile } from '../profile/empty-profile';
import type { Profile, RecentBehaviour } from '../profile/profile';
import { BlendScratch } from '../ranking/blend';
import { factsOf } from '../ranking/learnt-blend/item-facts';
import { popularListsOf } from '../ranking/popular-lists';
import type { RankingModels } from '../ranking/ranking-models';
import type { FittedScorer } from './rankers';

/** Items as a store would hold them: what a data set does not say takes its default. */
export const storedItem = (item: NewItem): Item => ({ categories: [], tags: [], hidden: false, promoted: false, version: 1, ...item });

/** Every row of the index as an item, with what the data set knows of it. */
export function catalogueOf(items: readonly NewItem[], index: ItemIndex): CatalogueView {
  const known = new Map(items.map((item) => [item.id, storedItem(item)]));
  for (let row = 0; row < index.size; row++) {
    const id = index.idAt(row);
    if (!known.has(id)) known.set(id, storedItem({ id, title: id }));
  }
  return { get: (id) => known.get(id), size: known.size, values: () => known.values() };
}

/** The profile of which `scoringQueryOf` makes this query: its history as recent behaviours, what was seen as history. Nothing else is known. */
export function profileOf({ history, seen }: ScoringQuery, index: ItemIndex): Profile {
  const recent = history.map(({ row, weight, at }, k): RecentBehaviour => ({
    seq: history.length - k,
    id: `b${k}`,
    type: 'view',
    itemId: index.idAt(row),
    weight,
    at,
    receivedAt: at,
    recordedAt: at,
  }));
  const times = new Map(history.map(({ row, at }) => [row, at]));
  return {
    ...emptyProfile({ tenant: 'default', userId: 'u' }),
    seq: history.length,
    recent,
    history: new Map(seen.map((row) => [index.idAt(row), times.get(row) ?? 0])),
  };
}

/** What a worker would hold of these models. */
export function rankingModelsOf(fitted: readonly Pick<FittedScorer, 'scorer'>[], index: ItemIndex): RankingModels {
  const scorers = fitted.map(({ scorer }) => scorer);
  const popular = scorers.find((scorer): scorer is PopularScorer => scorer instanceof PopularScorer);
  return {
    index,
    scorers,
    facts: factsOf(scorers),
    scratch: new BlendScratch(),
    ...(popular && { popular: popularListsOf(popular, index) }),
  };
}

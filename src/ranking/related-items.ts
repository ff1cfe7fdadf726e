import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import type { ModelName, Recommendation } from '../push/recommendation-list';
import type { EpochMs } from '../platform/clock';
import type { Profile } from '../profile/profile';
import { blend } from './blend';
import type { RankedItem } from './rank';
import type { RankingModels } from './ranking-models';
import { standingRule } from './rules';
import type { SurfaceSettings } from './surface-settings';

/** Models that relate one item to another. */
const ITEM_TO_ITEM: readonly ModelName[] = ['item-knn', 'transition', 'content-based'];

interface Basis {
  readonly models: RankingModels;
  readonly catalogue: CatalogueView;
  readonly now: EpochMs;
  readonly limit: number;
  /** Whose muted topics and refused items are left out; absent: nobody's. */
  readonly profile?: Profile;
}

export interface RelatedRequest extends Basis {
  readonly itemId: string;
  /** Fusion and weights; where it weighs no item-to-item model, they count the same. */
  readonly surface: SurfaceSettings;
}

/**
 * Items that go with one item, best first, at most `limit`: the blend of the item-to-item models on a history of that item alone.
 * The reason cites the item as if it had just been viewed. An item that no model knows: empty.
 */
export function relatedItems({ itemId, models, catalogue, surface, now, limit, profile }: RelatedRequest): RankedItem[] {
  const row = models.index.rowOf(itemId);
  if (row === undefined) return [];
  const scorers = models.scorers.filter(({ name }) => ITEM_TO_ITEM.includes(name));
  const weighted = scorers.some(({ name }) => (surface.blend.weights[name as keyof typeof surface.blend.weights] ?? 0) > 0);
  const weights = weighted ? surface.blend.weights : Object.fromEntries(scorers.map(({ name }) => [name, 1]));
  const rule = standingRule(profile, now);
  const keep = (candidate: number): boolean => {
    const item = candidate === row ? undefined : catalogue.get(models.index.idAt(candidate));
    return item !== undefined && rule(item) === undefined;
  };
  const query = { history: [{ row, weight: 1, at: now }], seen: [row], now };
  const reason: Recommendation['reason'] = { code: 'because_you', evidence: [{ itemId, type: 'view', at: now, share: 1 }] };
  return blend(scorers, query, { ...surface.blend, weights }, { limit, keep }, models.scratch).map((candidate) => ({
    itemId: models.index.idAt(candidate.row),
    score: candidate.score,
    sources: [...candidate.shares],
    reason,
    flags: flagsOf(catalogue.get(models.index.idAt(candidate.row))!),
  }));
}

export interface PopularRequest extends Basis {
  /** Absent: all categories. */
  readonly category?: string;
  /** Name of the half-life that popularity is counted with; absent: the default one. */
  readonly window?: string;
}

/** The popular items of a category that may be shown now, best first, at most `limit`. */
export function popularItems({ category, window, models, catalogue, now, limit, profile }: PopularRequest): RankedItem[] {
  const rule = standingRule(profile, now);
  const topic = category === undefined ? undefined : `c:${category}`;
  const items: RankedItem[] = [];
  // Unavailable items are few: reading twice as many finds enough but in odd cases, where all are read.
  for (const read of [2 * limit, Math.max(2 * limit, catalogue.size)]) {
    const options = { limit: read, now, ...(category === undefined ? {} : { category }), ...(window === undefined ? {} : { window }) };
    const found = models.popular?.top(options) ?? [];
    items.length = 0;
    for (const { itemId, score } of found) {
      const item = catalogue.get(itemId);
      if (item === undefined || rule(item) !== undefined) continue;
      const reason: Recommendation['reason'] =
        topic === undefined ? { code: 'popular', evidence: [] } : { code: 'popular_in_category', topic, evidence: [] };
      if (items.length < limit) items.push({ itemId, score, sources: [{ model: 'popular', share: 1 }], reason, flags: flagsOf(item) });
    }
    if (items.length === limit || found.length < read) break;
  }
  return items;
}

const flagsOf = (item: Item): RankedItem['flags'] => (item.promoted ? ['promoted'] : []);

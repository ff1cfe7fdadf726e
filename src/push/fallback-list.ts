import { z } from 'zod';
import type { RedisConnection } from '../platform/redis-connection';
import type { CatalogueView } from '../catalogue/catalogue';
import { unavailability, type Item } from '../catalogue/item';
import type { Clock } from '../platform/clock';
import type { Keys } from '../platform/keys';
import type { ListKey } from './ports';
import { recommendation, type Recommendation, type RecommendationList } from './recommendation-list';

const storedItems = z.array(recommendation);

/** What workers leave for the time when there is none: the impersonal list of each surface. */
export class FallbackLists {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly catalogueOf: (tenant: string) => CatalogueView,
  ) {}

  async store(tenant: string, surface: string, items: readonly Recommendation[]): Promise<void> {
    await this.redis.hset(this.keys.fallbackList(tenant), surface, JSON.stringify(items));
  }

  /** The stored impersonal list, or the newest items of the catalogue; labelled as what it is, and older than any real list. */
  async read(key: ListKey): Promise<RecommendationList> {
    const stored = await this.redis.hget(this.keys.fallbackList(key.tenant), key.surface);
    const now = this.clock.now();
    const known = stored ? storedItems.parse(JSON.parse(stored)) : [];
    const items = known.length > 0 ? known : newestItems(this.catalogueOf(key.tenant), now, 20);
    return {
      ...key,
      id: `fallback-${key.surface}`,
      appliedThrough: 0,
      digest: '',
      fallback: known.length > 0 ? { level: 4, name: 'popular' } : { level: 5, name: 'newest' },
      items,
      cause: { kind: 'request', behaviours: [], itemIds: [] },
      timeline: { startedAt: now, scoredAt: now },
      epoch: 'fallback',
      revision: 0,
    };
  }
}

function newestItems(catalogue: CatalogueView, now: number, limit: number): Recommendation[] {
  const shown = [...catalogue.values()].filter((item) => unavailability(item, now) === undefined);
  shown.sort((a, b) => (b.publishedAt ?? 0) - (a.publishedAt ?? 0) || (a.id < b.id ? -1 : 1));
  return shown.slice(0, limit).map(asNew);
}

const asNew = (item: Item): Recommendation => ({
  itemId: item.id,
  score: 0,
  sources: [],
  reason: { code: 'new', evidence: [] },
  flags: ['padded', ...(item.promoted ? (['promoted'] as const) : [])],
  content: { title: item.title, text: item.title, callToAction: item.title },
});

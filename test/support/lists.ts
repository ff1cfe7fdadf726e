import type { ListBody, Recommendation } from '../../src/push/recommendation-list';
import { TENANT } from './store';

export function recommendationOf(itemId: string, score = 1): Recommendation {
  return {
    itemId,
    score,
    sources: [{ model: 'popular', share: 1 }],
    reason: { code: 'popular', evidence: [] },
    flags: [],
    content: { title: itemId, text: `About ${itemId}`, callToAction: 'Look' },
  };
}

/** A list body as a worker makes it, with what a test does not care about filled in. */
export function bodyOf(userId: string, itemIds: readonly string[], { appliedThrough = 0, ...rest }: Partial<ListBody> = {}): ListBody {
  return {
    id: `r-${userId}-${appliedThrough}`,
    tenant: TENANT,
    userId,
    surface: 'home',
    appliedThrough,
    digest: 'd',
    fallback: { level: 0, name: 'hybrid' },
    items: itemIds.map((itemId) => recommendationOf(itemId)),
    cause: { kind: 'request', behaviours: [], itemIds: [] },
    timeline: { startedAt: 1, scoredAt: 2 },
    ...rest,
  };
}

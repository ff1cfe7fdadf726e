import type { RecomputeRequester } from '../behaviour/recompute-requester';
import type { Clock } from '../platform/clock';
import type { Lists } from './ports';
import type { RecommendationList } from './recommendation-list';

export interface RetractDeps {
  readonly lists: Lists;
  readonly recompute: RecomputeRequester;
  readonly clock: Clock;
}

/**
 * Takes items back from one stored list: replaces it by itself without them, unless it has been replaced meanwhile (then
 * whoever delivers the newer list checks that one), and asks for a recompute that fills the gap.
 */
export async function retractItems(
  { lists, recompute, clock }: RetractDeps,
  shown: RecommendationList,
  itemIds: readonly string[],
): Promise<void> {
  const { epoch, revision, ...body } = shown;
  const now = clock.now();
  await lists.amend(
    {
      ...body,
      items: body.items.filter(({ itemId }) => !itemIds.includes(itemId)),
      cause: { kind: 'retraction', behaviours: [], itemIds: [...itemIds] },
      timeline: { startedAt: now, scoredAt: now },
    },
    { epoch, revision },
  );
  recompute.request(body, 'retraction');
}

import type { RecomputeRequester } from '../behaviour/recompute-requester';
import type { Clock } from '../platform/clock';
import { wholeOf } from './announced-list';
import type { ListKey, Lists } from './ports';
import type { RecommendationList } from './recommendation-list';

export interface RetractDeps {
  readonly lists: Lists;
  readonly recompute: RecomputeRequester;
  readonly clock: Clock;
}

/** Takes items back from the list that is stored now under a key, if it shows them. */
export async function retractFromStored(deps: RetractDeps, key: ListKey, itemIds: readonly string[]): Promise<void> {
  const { list } = await deps.lists.read(key);
  if (list?.items.some(({ itemId }) => itemIds.includes(itemId))) await retractItems(deps, list, itemIds);
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
  const { epoch, revision, ...body } = wholeOf(shown);
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

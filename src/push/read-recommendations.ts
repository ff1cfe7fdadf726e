import { BeckonError } from '../platform/errors';
import { AnnouncedList } from './announced-list';
import { isNewer } from './list-order';
import type { ListKey, StoredList } from './ports';
import type { RecommendationList } from './recommendation-list';
import { isBehind, type WatchDeps } from './watch-recommendations';
import type { HeldList } from './watched-lists';
import { withoutUnavailable } from './without-unavailable';

export interface ReadDeps extends WatchDeps {
  readonly readDeadlineMs: number;
}

export interface ReadRequest {
  readonly key: ListKey;
  /** The list must have applied at least this much of the user's behaviour. */
  readonly minSeq?: number;
}

export interface ReadResult {
  readonly list: RecommendationList;
  /** Newer behaviour, models or settings exist than are in the list. */
  readonly stale: boolean;
}

/**
 * The user's list: as stored when it is up to date, otherwise recomputed now and waited for. When that takes longer than
 * the deadline, the list there is, or the fallback list, marked stale.
 * @throws BeckonError NOT_YET_APPLIED when `minSeq` was demanded and is not reached by the deadline.
 */
export async function readRecommendations(deps: ReadDeps, { key, minSeq = 0 }: ReadRequest): Promise<ReadResult> {
  const stored = await deps.lists.read(key);
  const wanted = Math.max(minSeq, stored.seq);
  if (stored.list && stored.list.appliedThrough >= wanted && !isBehind(deps, key, stored)) return shown(deps, stored.list, false);
  const fresh = await waitForList(deps, key, stored, wanted);
  if (fresh) return shown(deps, fresh, false);
  const latest = await deps.lists.read(key);
  if (latest.list && latest.list.appliedThrough >= Math.max(minSeq, latest.seq))
    return shown(deps, latest.list, isBehind(deps, key, latest));
  if (minSeq > (latest.list?.appliedThrough ?? 0)) {
    throw new BeckonError(
      'NOT_YET_APPLIED',
      `the list has applied behaviour ${latest.list?.appliedThrough ?? 0}, not yet ${minSeq}: try again`,
      {
        field: 'minSeq',
        retryAfterMs: 250,
      },
    );
  }
  return shown(deps, latest.list ?? (await deps.fallback(key)), true);
}

/** Asks for a recompute and waits for a list that has applied `wanted`; undefined when the deadline passes first. */
async function waitForList(deps: ReadDeps, key: ListKey, stored: StoredList, wanted: number): Promise<RecommendationList | undefined> {
  let arrived: (list: RecommendationList | undefined) => void = () => undefined;
  const arrival = new Promise<RecommendationList | undefined>((resolve) => (arrived = resolve));
  const stop = await deps.feed.listen(key, (list, isStored) => {
    const isWanted = (!stored.list || isNewer(list, stored.list)) && list.appliedThrough >= wanted;
    const isElsewhere = stored.list && list.epoch !== stored.list.epoch; // see watchRecommendations
    if (isWanted && !isStored && (isElsewhere || (list instanceof AnnouncedList && !list.hasBody))) return false;
    if (isWanted) arrived(list);
    return true;
  });
  const timer = setTimeout(() => arrived(undefined), deps.readDeadlineMs);
  let held: HeldList | undefined;
  try {
    held = await deps.watched.hold(key); // so that behaviour which arrives meanwhile is computed too
    deps.recompute.request(key, 'request');
    return await arrival;
  } finally {
    clearTimeout(timer);
    await stop();
    await held?.release();
  }
}

function shown(deps: ReadDeps, list: RecommendationList, stale: boolean): ReadResult {
  return { list: withoutUnavailable(list, deps.catalogueOf(list.tenant), deps.clock.now()).list, stale };
}

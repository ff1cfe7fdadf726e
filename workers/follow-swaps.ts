import type { Redis } from 'ioredis';
import type { Clock } from '../src/platform/clock';
import type { Keys } from '../src/platform/keys';
import type { Log } from '../src/platform/log';
import type { BullRecomputeQueue } from '../src/push/recompute-queue.bullmq';
import type { ModelName } from '../src/push/recommendation-list';
import type { LiveModels } from '../src/training/live-models.redis';
import type { ModelRecord } from '../src/training/model-store';
import type { LiveLog } from './live-log';
import { watchedLists } from './processors/sweep-pending';

export interface FollowSwapsDeps {
  readonly live: LiveModels;
  readonly liveLog: LiveLog;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly recompute: BullRecomputeQueue;
  readonly log: Log;
}

/** Models are trained one after the other: their swaps are waited for, so that a round of training costs each watched list one recompute. */
const QUIET_MS = 3000;

/**
 * Takes a new version of a model into use as soon as it is live, and has every watched list made anew once no further swap has come for a
 * while.
 */
export function followSwaps({ live, liveLog, redis, keys, clock, recompute, log }: FollowSwapsDeps): { stop: () => void } {
  let last: Promise<void> = Promise.resolve();
  const quiet = new Map<string, NodeJS.Timeout>();
  live.onSwap((tenant, versions) => {
    last = last
      .then(() => take(tenant, versions))
      .catch((error: unknown) => log.error({ err: error, tenant }, 'a model could not be swapped in'));
  });
  async function take(tenant: string, versions: ReadonlyMap<ModelName, ModelRecord>): Promise<void> {
    for (const record of versions.values()) await liveLog.swap(tenant, record);
    clearTimeout(quiet.get(tenant));
    const refresh = (): void =>
      void refreshWatched(tenant).catch((error: unknown) => log.warn({ err: error, tenant }, 'watched lists could not be refreshed'));
    quiet.set(tenant, setTimeout(refresh, QUIET_MS));
  }
  async function refreshWatched(tenant: string): Promise<void> {
    for (let shard = 0; shard < keys.shards; shard++) {
      for (const key of await watchedLists({ redis, keys, clock }, tenant, shard)) await recompute.add(key, 'models');
    }
  }
  return { stop: () => quiet.forEach((timer) => clearTimeout(timer)) };
}

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

/** Takes a new version of a model into use as soon as it is live, then has every watched list made anew with it. */
export function followSwaps({ live, liveLog, redis, keys, clock, recompute, log }: FollowSwapsDeps): void {
  let last: Promise<void> = Promise.resolve();
  live.onSwap((tenant, versions) => {
    last = last.then(() => take(tenant, versions)).catch((error: unknown) => log.error({ err: error, tenant }, 'a model could not be swapped in'));
  });
  async function take(tenant: string, versions: ReadonlyMap<ModelName, ModelRecord>): Promise<void> {
    for (const record of versions.values()) await liveLog.swap(tenant, record);
    for (let shard = 0; shard < keys.shards; shard++) {
      for (const key of await watchedLists({ redis, keys, clock }, tenant, shard)) recompute.request(key, 'models');
    }
  }
}

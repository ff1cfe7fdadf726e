import { setTimeout as after } from 'node:timers/promises';
import type { RedisConnection } from '../src/platform/redis-connection';
import { keepTrying } from '../src/platform/keep-trying';
import type { Keys } from '../src/platform/keys';
import type { Log } from '../src/platform/log';
import type { Metrics } from '../src/platform/metrics';
import { serverClock } from '../src/platform/server-clock';
import type { RedisLists } from '../src/push/lists.redis';
import type { BullRecomputeQueue } from '../src/push/recompute-queue.bullmq';
import type { ModelName } from '../src/push/recommendation-list';
import type { LiveModels } from '../src/training/live-models.redis';
import { MODEL_BACKENDS, type ModelRecord } from '../src/training/model-store';
import type { LiveLog } from './live-log';
import { watchedLists } from './processors/sweep-pending';

export interface FollowSwapsDeps {
  readonly tenants: readonly string[];
  readonly live: LiveModels;
  readonly liveLog: LiveLog;
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly lists: RedisLists;
  /** Digest that lists made now are marked with. */
  readonly digestOf: (tenant: string) => string;
  readonly recompute: BullRecomputeQueue;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Models are trained one after the other: their swaps are waited for, so that a round of training costs each watched list one recompute. */
const QUIET_MS = 3000;
/** Lists made anew for a new version wait so long for one another: it takes a part of a worker's time, and living behaviour finds a short queue. */
const BETWEEN_REFRESHES_MS = 25;

/**
 * Takes a new version of a model into use as soon as it is live, and has every watched list that other versions made made anew, once no
 * further swap has come for a while.
 */
export function followSwaps({ tenants, live, liveLog, log, metrics, ...rest }: FollowSwapsDeps): { stop: () => void } {
  let last: Promise<void> = Promise.resolve();
  let stopped = false;
  const quiet = new Map<string, NodeJS.Timeout>();

  const follow = (tenant: string, versions: ReadonlyMap<ModelName, ModelRecord>): void => {
    last = last
      .then(() => take(tenant, versions))
      .catch((error: unknown) => log.error({ err: error, tenant }, 'a model could not be swapped in'));
  };
  async function take(tenant: string, versions: ReadonlyMap<ModelName, ModelRecord>): Promise<void> {
    let swapped = false;
    for (const record of versions.values()) swapped = (await liveLog.swap(tenant, record)) || swapped;
    showModels(metrics, tenant, versions);
    if (!swapped || stopped) return;
    clearTimeout(quiet.get(tenant));
    const refresh = (): void =>
      void keepTrying(() => refreshWatched(rest, tenant), {
        until: () => stopped,
        onFailure: (error) => log.warn({ err: error, tenant }, 'watched lists could not be refreshed yet'),
      });
    quiet.set(tenant, setTimeout(refresh, QUIET_MS));
  }

  live.onSwap(follow);
  for (const tenant of tenants) follow(tenant, live.of(tenant)); // what was swapped while this worker was starting
  return {
    stop: () => {
      stopped = true;
      for (const timer of quiet.values()) clearTimeout(timer);
    },
  };
}

/** 1 for each model that serves on this worker, with the library that it was fitted with. */
function showModels(metrics: Metrics, tenant: string, versions: ReadonlyMap<ModelName, ModelRecord>): void {
  const info = metrics.gauge('beckon_model_info', '1 for each model in use, by what it was fitted with', ['tenant', 'model', 'backend']);
  for (const [model, { backend = 'none' }] of versions) {
    for (const other of MODEL_BACKENDS) info.remove({ tenant, model, backend: other });
    info.set({ tenant, model, backend }, 1);
  }
}

type RefreshDeps = Pick<FollowSwapsDeps, 'redis' | 'keys' | 'lists' | 'digestOf' | 'recompute'>;

/** One after the other, so that living behaviour goes before; what another worker has made anew meanwhile is left alone. */
async function refreshWatched({ redis, keys, lists, digestOf, recompute }: RefreshDeps, tenant: string): Promise<void> {
  for (let shard = 0; shard < keys.shards; shard++) {
    const clock = await serverClock(redis, keys.watched(tenant, shard)); // leases are of its time
    for (const key of await watchedLists({ redis, keys, clock }, tenant, shard)) {
      if ((await lists.digest(key)) === digestOf(tenant)) continue;
      await recompute.add(key, 'models');
      await after(BETWEEN_REFRESHES_MS);
    }
  }
}

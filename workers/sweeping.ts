import type { RedisConnection } from '../src/platform/redis-connection';
import type { Keys } from '../src/platform/keys';
import type { Log } from '../src/platform/log';
import type { Metrics } from '../src/platform/metrics';
import { serverClock } from '../src/platform/server-clock';
import type { BullRecomputeQueue } from '../src/push/recompute-queue.bullmq';
import { sweepPending } from './processors/sweep-pending';
import type { ReplicaFence } from './replica-fence';

export interface SweepingOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly tenants: readonly string[];
  readonly recompute: BullRecomputeQueue;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly everyMs: number;
  readonly graceMs: number;
  readonly fence: ReplicaFence;
}

/** Sweeps every shard, again and again; a round that fails (Redis is away) is followed by the next. */
export function startSweeping({ tenants, everyMs, log, metrics, recompute, fence, ...rest }: SweepingOptions): { stop: () => void } {
  const swept = metrics.counter('beckon_swept_total', 'Lists that a crash had left behind, asked for again by the sweep');
  let running = false;
  const round = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      for (const tenant of tenants) {
        for (let shard = 0; shard < rest.keys.shards; shard++) {
          const clock = await serverClock(rest.redis, rest.keys.pending(tenant, shard)); // leases and marks are of its time
          const request = recompute.request.bind(recompute);
          const isOpen = fence.isOpen.bind(fence);
          swept.inc(await sweepPending({ ...rest, clock, request, isOpen }, tenant, shard));
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'a sweep failed');
    } finally {
      running = false;
    }
  };
  const timer = setInterval(() => void round(), everyMs);
  return { stop: () => clearInterval(timer) };
}

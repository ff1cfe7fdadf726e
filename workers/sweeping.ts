import type { RedisConnection } from '../src/platform/redis-connection';
import { isWorthTrying } from '../src/platform/keep-trying';
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

/** Sweeps every shard, again and again, none waiting for another: one whose server hangs or refuses is swept when that is mended. */
export function startSweeping({ tenants, everyMs, log, metrics, recompute, fence, ...rest }: SweepingOptions): { stop: () => void } {
  const swept = metrics.counter('beckon_swept_total', 'Lists that a crash had left behind, asked for again by the sweep');
  const request = recompute.request.bind(recompute);
  const isOpen = fence.isOpen.bind(fence);
  const running = new Set<string>();
  const sweep = async (tenant: string, shard: number): Promise<void> => {
    const pending = rest.keys.pending(tenant, shard);
    if (running.has(pending)) return;
    running.add(pending);
    try {
      const clock = await serverClock(rest.redis, pending); // leases and marks are of its time
      swept.inc(await sweepPending({ ...rest, clock, request, isOpen }, tenant, shard));
    } catch (error) {
      log[isWorthTrying(error) ? 'debug' : 'warn']({ err: error, tenant, shard }, 'a sweep failed');
    } finally {
      running.delete(pending);
    }
  };
  const round = (): void => {
    for (const tenant of tenants) for (let shard = 0; shard < rest.keys.shards; shard++) void sweep(tenant, shard);
  };
  const timer = setInterval(round, everyMs);
  return { stop: () => clearInterval(timer) };
}

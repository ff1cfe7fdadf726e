import type { Keys } from '../src/platform/keys';
import type { Metrics } from '../src/platform/metrics';
import { onRedis } from '../src/platform/redis';
import type { RedisConnection } from '../src/platform/redis-connection';
import type { ReplicatedConnection } from '../src/platform/redis-replicated';
import { serverClock } from '../src/platform/server-clock';
import type { ListKey } from '../src/push/ports';

export interface ReplicaFenceOptions {
  /** 0: there is no fence. */
  readonly replicas: number;
  readonly replicated: ReplicatedConnection;
  /** For what can wait. */
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly metrics: Metrics;
}

/**
 * Between what a list is made from and the list. A primary that hung and was replaced, or is cut off from its replicas, goes on for a moment
 * as before: behaviour is recorded there that its successor will not have, and a list made of it would show a screen what is unsaid by the
 * next one. What is written after the behaviour was read is at a replica only when the behaviour is.
 *
 * A list that is held up here is marked as behind, so that the sweep asks for it again.
 */
export function replicaFence({ replicas, replicated, redis, keys, metrics }: ReplicaFenceOptions): (list: ListKey) => Promise<void> {
  if (replicas === 0) return () => Promise.resolve();
  const heldUp = metrics.counter('beckon_lists_held_up_total', 'Lists that were not made as too few replicas had what they are made of');
  return async ({ tenant, userId, surface }) => {
    const shard = keys.shardOf({ tenant, userId });
    const fence = keys.fence(tenant, shard);
    try {
      await replicated.confirmed([fence], () => onRedis(() => replicated.redis.set(fence, '')));
    } catch (error) {
      heldUp.inc();
      const pending = keys.pending(tenant, shard);
      await redis.zadd(pending, 'NX', (await serverClock(redis, pending)).now(), `${userId}\n${surface}`);
      throw error;
    }
  };
}

import type { Redis } from 'ioredis';
import type { Clock, EpochMs } from '../src/platform/clock';
import { BeckonError } from '../src/platform/errors';
import type { Keys } from '../src/platform/keys';
import type { Metrics } from '../src/platform/metrics';
import { onRedis } from '../src/platform/redis';
import type { RedisConnection } from '../src/platform/redis-connection';
import type { ReplicatedConnection } from '../src/platform/redis-replicated';
import { notConfirmed } from '../src/platform/replica-barrier';
import { serverClock } from '../src/platform/server-clock';
import type { ListKey } from '../src/push/ports';

export interface ReplicaFenceOptions {
  /** 0: there is no fence. */
  readonly replicas: number;
  readonly replicated: ReplicatedConnection;
  /** For what can wait. */
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** A server that lacks replicas is asked again after this, by one job or sweep: the others would wait for nothing, in places that others need. */
const ASK_AGAIN_MS = 1000;

/**
 * Between what a list is made of and the list. A primary that hung and was replaced, or is cut off from its replicas, goes on for a moment
 * as before: behaviour is recorded there that its successor will not have, and a list made of it would show a screen what is unsaid by the
 * next one. What is written after the behaviour was read is at a replica only when the behaviour is.
 */
export class ReplicaFence {
  private readonly heldUp;
  /** When servers that lacked replicas may be asked again. */
  private readonly askAgainAt = new WeakMap<Redis, EpochMs>();

  constructor(private readonly options: ReplicaFenceOptions) {
    this.heldUp = options.metrics.counter(
      'beckon_lists_held_up_total',
      'Times that a list was not made as replicas lacked what it is made of',
    );
  }

  /**
   * Whether no fail-over can take back a user's behaviour up to `seq`, which has been read. If it can, the list is marked as behind: the sweep asks
   * for it again when replicas are there.
   */
  async lets({ tenant, userId, surface }: ListKey, seq: number): Promise<boolean> {
    const { redis, keys } = this.options;
    const shard = keys.shardOf({ tenant, userId });
    if (await this.isConfirmed(tenant, shard, { key: keys.profile({ tenant, userId }), seq })) return true;
    this.heldUp.inc();
    const pending = keys.pending(tenant, shard);
    await redis.zadd(pending, 'NX', (await serverClock(redis, pending)).now(), `${userId}\n${surface}`);
    return false;
  }

  /** Whether lists of a shard would be let by. */
  isOpen(tenant: string, shard: number): Promise<boolean> {
    return this.isConfirmed(tenant, shard);
  }

  private async isConfirmed(tenant: string, shard: number, read?: { readonly key: string; readonly seq: number }): Promise<boolean> {
    if (this.options.replicas === 0) return true;
    try {
      const seq = await this.confirm(this.options.keys.fence(tenant, shard), read?.key);
      return read === undefined || seq >= read.seq; // less: it was read from a server that has been replaced
    } catch (error) {
      if (error instanceof BeckonError && error.retryable) return false;
      throw error;
    }
  }

  /** @returns the newest number in the profile, which replicas have. @throws BeckonError UNAVAILABLE when they may not have it. */
  private async confirm(fence: string, profile: string | undefined): Promise<number> {
    const { replicated, clock } = this.options;
    const { redis } = replicated;
    const server = replicated.serverOf(fence);
    const askAgainAt = this.askAgainAt.get(server);
    if (askAgainAt !== undefined) {
      if (clock.now() < askAgainAt) throw notConfirmed();
      this.askAgainAt.set(server, clock.now() + ASK_AGAIN_MS);
    }
    try {
      const [seq] = await replicated.confirmed([fence], () =>
        onRedis(() => Promise.all([profile === undefined ? null : redis.hget(profile, 'seq'), redis.set(fence, '')])),
      );
      this.askAgainAt.delete(server);
      return Number(seq ?? 0);
    } catch (error) {
      this.askAgainAt.set(server, clock.now() + ASK_AGAIN_MS);
      throw error;
    }
  }
}

import type { Redis } from 'ioredis';
import type { Clock, EpochMs } from '../src/platform/clock';
import type { Keys } from '../src/platform/keys';
import type { Metrics } from '../src/platform/metrics';
import { onRedis } from '../src/platform/redis';
import type { RedisConnection } from '../src/platform/redis-connection';
import type { ReplicatedConnection } from '../src/platform/redis-replicated';
import { notConfirmed, TooFewReplicas } from '../src/platform/replica-barrier';
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
   * Whether no fail-over can take back a user's behaviour up to `seq`, which has been read. If it can, as replicas are away, the list is marked as
   * behind: the sweep asks for it again when they are there.
   * @throws BeckonError UNAVAILABLE when that cannot be known now and may be at once: the server is being replaced. The list is marked all the same.
   */
  async lets(list: ListKey, seq: number): Promise<boolean> {
    if (this.options.replicas === 0) return true;
    const { keys } = this.options;
    try {
      const known = await this.confirm(keys.fence(list.tenant, keys.shardOf(list)), keys.profile(list));
      if (known < seq) throw notConfirmed(); // it was read from a server that has been replaced
      return true;
    } catch (error) {
      await this.markAsBehind(list);
      if (!(error instanceof TooFewReplicas)) throw error;
      this.heldUp.inc();
      return false;
    }
  }

  /** Whether lists of a shard would be let by. @throws BeckonError UNAVAILABLE as `lets` does. */
  async isOpen(tenant: string, shard: number): Promise<boolean> {
    if (this.options.replicas === 0) return true;
    try {
      await this.confirm(this.options.keys.fence(tenant, shard));
      return true;
    } catch (error) {
      if (!(error instanceof TooFewReplicas)) throw error;
      return false;
    }
  }

  private async markAsBehind({ tenant, userId, surface }: ListKey): Promise<void> {
    const { redis, keys } = this.options;
    const pending = keys.pending(tenant, keys.shardOf({ tenant, userId }));
    const clock = await serverClock(redis, pending);
    await onRedis(() => redis.zadd(pending, 'NX', clock.now(), `${userId}\n${surface}`));
  }

  /** @returns the newest number in the profile, which replicas have. @throws BeckonError UNAVAILABLE when they may not have it. */
  private async confirm(fence: string, profile?: string): Promise<number> {
    const { replicated, clock } = this.options;
    const { redis } = replicated;
    const server = replicated.serverOf(fence);
    const askAgainAt = this.askAgainAt.get(server);
    if (askAgainAt !== undefined) {
      if (clock.now() < askAgainAt) throw new TooFewReplicas();
      this.askAgainAt.set(server, clock.now() + ASK_AGAIN_MS);
    }
    try {
      const [seq] = await replicated.confirmed([fence], () =>
        onRedis(() => Promise.all([profile === undefined ? null : redis.hget(profile, 'seq'), redis.set(fence, '')])),
      );
      this.askAgainAt.delete(server);
      return Number(seq ?? 0);
    } catch (error) {
      if (error instanceof TooFewReplicas) this.askAgainAt.set(server, clock.now() + ASK_AGAIN_MS);
      throw error;
    }
  }
}

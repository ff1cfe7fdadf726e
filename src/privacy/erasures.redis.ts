import type { Clock, EpochMs } from '../platform/clock';
import type { Keys } from '../platform/keys';
import { onRedis } from '../platform/redis';
import type { RedisConnection } from '../platform/redis-connection';
import { erasureReceipt, newReceipt, openErasure, type Erasures, type ErasureReceipt, type OpenErasure } from './erasure';

export interface RedisErasuresDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly newId: () => string;
  /** How long after an erasure snapshots that know the person are gone at the latest. */
  readonly snapshotsWithinMsOf: (tenant: string) => number;
  /** Has a worker go on with the erasures that are open. */
  readonly ask: () => Promise<void>;
}

/** Receipts in a hash and a sorted set by time; whom an open erasure is about in a hash of its own, so that the end of it is one HDEL. */
export class RedisErasures implements Erasures {
  constructor(private readonly deps: RedisErasuresDeps) {}

  async begin(tenant: string, userIds: readonly string[], by: ErasureReceipt['by']): Promise<ErasureReceipt> {
    const { redis, keys, clock, newId, snapshotsWithinMsOf, ask } = this.deps;
    const now = clock.now();
    const receipt = newReceipt({ id: newId(), requestedAt: now, by, ids: userIds.length, dueAt: now + snapshotsWithinMsOf(tenant) });
    const shards = [...new Set(userIds.map((userId) => keys.shardOf({ tenant, userId })))];
    await onRedis(async () => {
      await inOneStep(
        redis
          .multi()
          .hset(keys.openErasures(tenant), receipt.id, JSON.stringify({ userIds: [...userIds], shards } satisfies OpenErasure))
          .hset(keys.receipts(tenant), receipt.id, JSON.stringify(receipt))
          .zadd(keys.receiptsByTime(tenant), now, receipt.id)
          .zadd(keys.incompleteErasures(tenant), now, receipt.id),
      );
    });
    await ask();
    return receipt;
  }

  async receipt(tenant: string, id: string): Promise<ErasureReceipt | undefined> {
    const held = await onRedis(() => this.deps.redis.hget(this.deps.keys.receipts(tenant), id));
    return held === null ? undefined : erasureReceipt.parse(JSON.parse(held));
  }

  async receipts(tenant: string, first: number): Promise<readonly ErasureReceipt[]> {
    const { redis, keys } = this.deps;
    const ids = await onRedis(() => redis.zrevrange(keys.receiptsByTime(tenant), 0, first - 1));
    const held = ids.length === 0 ? [] : await onRedis(() => redis.hmget(keys.receipts(tenant), ...ids));
    return held.flatMap((json) => (json === null ? [] : [erasureReceipt.parse(JSON.parse(json))]));
  }
}

/** The same records as the workers see them. */
export class ErasureRecords {
  constructor(private readonly deps: { readonly redis: RedisConnection; readonly keys: Keys }) {}

  async open(tenant: string): Promise<ReadonlyMap<string, OpenErasure>> {
    const held = await this.deps.redis.hgetall(this.deps.keys.openErasures(tenant));
    return new Map(Object.entries(held).map(([id, json]) => [id, openErasure.parse(JSON.parse(json))]));
  }

  async keepOpen(tenant: string, id: string, open: OpenErasure): Promise<void> {
    await this.deps.redis.hset(this.deps.keys.openErasures(tenant), id, JSON.stringify(open));
  }

  /** Forgets whom the erasure was about. */
  async close(tenant: string, id: string): Promise<void> {
    await this.deps.redis.hdel(this.deps.keys.openErasures(tenant), id);
  }

  /** Receipts that are not complete, oldest first. */
  async incomplete(tenant: string): Promise<readonly ErasureReceipt[]> {
    const { redis, keys } = this.deps;
    const ids = await redis.zrange(keys.incompleteErasures(tenant), 0, -1);
    const held = ids.length === 0 ? [] : await redis.hmget(keys.receipts(tenant), ...ids);
    return held.flatMap((json) => (json === null ? [] : [erasureReceipt.parse(JSON.parse(json))]));
  }

  async keep(tenant: string, receipt: ErasureReceipt): Promise<void> {
    const { redis, keys } = this.deps;
    const writing = redis.multi().hset(keys.receipts(tenant), receipt.id, JSON.stringify(receipt));
    await inOneStep(receipt.completeAt === undefined ? writing : writing.zrem(keys.incompleteErasures(tenant), receipt.id));
  }

  /** Counts one more erasure whose log and archive are clean; a training run that begins from now on knows nothing of it. */
  async countCleaned(tenant: string): Promise<number> {
    return this.deps.redis.hincrby(this.deps.keys.erasureCount(tenant), 'cleaned', 1);
  }

  /** From now on no version is published that began before this many erasures were through. */
  async raiseFloor(tenant: string, number: number): Promise<void> {
    const key = this.deps.keys.erasureCount(tenant);
    const held = Number((await this.deps.redis.hget(key, 'floor')) ?? 0);
    if (number > held) await this.deps.redis.hset(key, 'floor', number); // one run of the maintenance at a time
  }

  /** Forgets complete receipts from before a time. Returns how many. */
  async forgetBefore(tenant: string, before: EpochMs): Promise<number> {
    const { redis, keys } = this.deps;
    const old = await redis.zrangebyscore(keys.receiptsByTime(tenant), '-inf', `(${before}`);
    let forgotten = 0;
    for (const id of old) {
      const json = await redis.hget(keys.receipts(tenant), id);
      if (json !== null && erasureReceipt.parse(JSON.parse(json)).completeAt === undefined) continue;
      await inOneStep(redis.multi().hdel(keys.receipts(tenant), id).zrem(keys.receiptsByTime(tenant), id));
      forgotten++;
    }
    return forgotten;
  }
}

async function inOneStep(transaction: ReturnType<RedisConnection['multi']>): Promise<void> {
  const failure = (await transaction.exec())?.find(([error]) => error)?.[0];
  if (failure) throw failure;
}

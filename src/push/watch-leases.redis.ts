import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Clock } from '../platform/clock';
import type { Keys } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import type { ListKey } from './ports';

export interface WatchLeases {
  /** Marks the list as watched by this gateway until the lease ends. */
  renew(key: ListKey): Promise<void>;
  release(key: ListKey): Promise<void>;
}

/** Leases in Redis, beside the user, so that recording knows in the same step who is watched. A dead gateway's run out. */
export class RedisWatchLeases implements WatchLeases {
  private readonly script = new LuaScript(join(__dirname, 'unwatch.lua'));

  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly gatewayId: string,
    private readonly leaseMs: number,
  ) {}

  async renew(key: ListKey): Promise<void> {
    const until = this.clock.now() + this.leaseMs;
    const { keys } = this;
    await onRedis(() =>
      Promise.all([
        this.redis.zadd(keys.watches(key), until, `${key.surface}\t${this.gatewayId}`),
        this.redis.pexpireat(keys.watches(key), Math.ceil(until) + this.leaseMs),
        this.redis.zadd(keys.watched(key.tenant, keys.shardOf(key)), 'GT', until, `${key.userId}\n${key.surface}`),
      ]),
    );
  }

  async release(key: ListKey): Promise<void> {
    const { keys } = this;
    await onRedis(() =>
      this.script.run(
        this.redis,
        [keys.watches(key), keys.watched(key.tenant, keys.shardOf(key))],
        [key.surface, this.gatewayId, `${key.userId}\n${key.surface}`],
      ),
    );
  }
}

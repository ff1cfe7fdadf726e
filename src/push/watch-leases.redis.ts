import { join } from 'node:path';
import type { Redis } from 'ioredis';
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
  private readonly watch = new LuaScript(join(__dirname, 'watch.lua'));
  private readonly unwatch = new LuaScript(join(__dirname, 'unwatch.lua'));

  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
    private readonly gatewayId: string,
    private readonly leaseMs: number,
  ) {}

  async renew(key: ListKey): Promise<void> {
    const { keys } = this;
    await onRedis(() =>
      this.watch.run(
        this.redis,
        [keys.watches(key), keys.watched(key.tenant, keys.shardOf(key))],
        [`${key.surface}\t${this.gatewayId}`, `${key.userId}\n${key.surface}`, this.leaseMs],
      ),
    );
  }

  async release(key: ListKey): Promise<void> {
    const { keys } = this;
    await onRedis(() =>
      this.unwatch.run(
        this.redis,
        [keys.watches(key), keys.watched(key.tenant, keys.shardOf(key))],
        [key.surface, this.gatewayId, `${key.userId}\n${key.surface}`],
      ),
    );
  }
}

import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Keys } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import type { ListKey } from './ports';

export interface WatchLeases {
  /** Marks lists as watched by this gateway until the lease ends. */
  renew(keys: readonly ListKey[]): Promise<void>;
  release(key: ListKey): Promise<void>;
}

/** Leases in Redis, beside the user, so that recording knows in the same step who is watched. A dead gateway's run out. */
export class RedisWatchLeases implements WatchLeases {
  private readonly unwatch = new LuaScript(join(__dirname, 'unwatch.lua'));
  private readonly renewing = new LuaScript(join(__dirname, 'renew-watches.lua'));
  /** Of the lists that are watched: their digests were most of what a renewal costs. */
  private readonly shards = new WeakMap<ListKey, number>();

  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
    private readonly gatewayId: string,
    private readonly leaseMs: number,
  ) {}

  /** One script for the lists of a shard: a command for each of thousands is most of what idle watchers cost. */
  async renew(keys: readonly ListKey[]): Promise<void> {
    const byShard = new Map<string, ListKey[]>();
    for (const key of keys) {
      const shard = this.keys.watched(key.tenant, this.shardOf(key));
      const own = byShard.get(shard);
      if (own) own.push(key);
      else byShard.set(shard, [key]);
    }
    await onRedis(() => Promise.all([...byShard].flatMap(([shard, own]) => inParts(own).map((part) => this.renewIn(shard, part)))));
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

  private shardOf(key: ListKey): number {
    let shard = this.shards.get(key);
    if (shard === undefined) this.shards.set(key, (shard = this.keys.shardOf(key)));
    return shard;
  }

  private renewIn(shard: string, part: readonly ListKey[]): Promise<unknown> {
    return this.renewing.run(
      this.redis,
      [shard, ...part.map((key) => this.keys.watches(key, this.shardOf(key)))],
      [this.gatewayId, this.leaseMs, ...part.map(({ userId, surface }) => `${userId}\n${surface}`)],
    );
  }
}

/** So that no script holds Redis up for long. */
const MOST_AT_ONCE = 200;

function inParts(keys: readonly ListKey[]): ListKey[][] {
  const parts: ListKey[][] = [];
  for (let from = 0; from < keys.length; from += MOST_AT_ONCE) parts.push(keys.slice(from, from + MOST_AT_ONCE));
  return parts;
}

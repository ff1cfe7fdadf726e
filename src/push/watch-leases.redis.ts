import { join } from 'node:path';
import type { RedisConnection } from '../platform/redis-connection';
import type { Keys } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import type { ListKey } from './ports';

export interface WatchLeases {
  /** Leases of one group are renewed in one command. */
  groupOf(key: ListKey): string;
  /** Marks lists as watched by this gateway until the lease ends. */
  renew(keys: readonly ListKey[]): Promise<void>;
  release(key: ListKey): Promise<void>;
}

/** Leases in Redis, beside the user, so that recording knows in the same step who is watched. A dead gateway's run out. */
export class RedisWatchLeases implements WatchLeases {
  private readonly unwatch = new LuaScript(join(__dirname, 'unwatch.lua'));
  private readonly renewing = new LuaScript(join(__dirname, 'renew-watches.lua'));
  private leaving: ListKey[] = [];
  private released: Promise<void> | undefined;
  private send: (() => void) | undefined;
  /** Of the lists that are watched: their digests were most of what a renewal costs. */
  private readonly shards = new WeakMap<ListKey, number>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
    private readonly gatewayId: string,
    private readonly leaseMs: number,
  ) {}

  groupOf(key: ListKey): string {
    return this.keys.watched(key.tenant, this.shardOf(key));
  }

  /** One script for the lists of a shard: a command for each of thousands is most of what idle watchers cost. */
  renew(keys: readonly ListKey[]): Promise<void> {
    this.sendReleases(); // those that were asked for before
    return this.inEachShard(keys, (shard, part) =>
      this.renewing.run(
        this.redis,
        [shard, ...part.map((key) => this.keys.watches(key, this.shardOf(key)))],
        [this.gatewayId, this.leaseMs, ...part.map(({ userId, surface }) => `${userId}\n${surface}`)],
      ),
    );
  }

  /** Those of one turn of the event loop go together: when a network breaks, thousands of watchers leave at once. */
  release(key: ListKey): Promise<void> {
    this.leaving.push(key);
    this.released ??= new Promise((resolve, reject) => {
      const timer = setImmediate(() => this.sendReleases());
      this.send = () => {
        clearImmediate(timer);
        this.releaseAll().then(resolve, reject);
      };
    });
    return this.released;
  }

  private sendReleases(): void {
    const { send } = this;
    this.send = undefined;
    this.released = undefined;
    send?.();
  }

  private releaseAll(): Promise<void> {
    const keys = this.leaving;
    this.leaving = [];
    return this.inEachShard(keys, (shard, part) =>
      this.unwatch.run(
        this.redis,
        [shard, ...part.map((key) => this.keys.watches(key, this.shardOf(key)))],
        [this.gatewayId, ...part.map(({ userId, surface }) => `${userId}\n${surface}`)],
      ),
    );
  }

  private async inEachShard(keys: readonly ListKey[], run: (shard: string, part: readonly ListKey[]) => Promise<unknown>): Promise<void> {
    const byShard = new Map<string, ListKey[]>();
    for (const key of keys) {
      const shard = this.groupOf(key);
      const own = byShard.get(shard);
      if (own) own.push(key);
      else byShard.set(shard, [key]);
    }
    await onRedis(() => Promise.all([...byShard].flatMap(([shard, own]) => inParts(own).map((part) => run(shard, part)))));
  }

  private shardOf(key: ListKey): number {
    let shard = this.shards.get(key);
    if (shard === undefined) this.shards.set(key, (shard = this.keys.shardOf(key)));
    return shard;
  }
}

/** So that no script holds Redis up for long. */
const MOST_AT_ONCE = 200;

function inParts(keys: readonly ListKey[]): ListKey[][] {
  const parts: ListKey[][] = [];
  for (let from = 0; from < keys.length; from += MOST_AT_ONCE) parts.push(keys.slice(from, from + MOST_AT_ONCE));
  return parts;
}

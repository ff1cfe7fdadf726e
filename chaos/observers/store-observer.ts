import { Cluster, Redis } from 'ioredis';
import { redisAddress, type RedisAddress } from '../../src/platform/redis-address';
import type { LogEntry } from '../judge/ledger';

/** Name of its connection. */
export const OBSERVER = 'chaos-observer';
const PAGE = 1_000;

export interface StoredList {
  readonly epoch: string;
  readonly revision: number;
  readonly appliedThrough: number;
  readonly recommendationId: string;
  readonly userId: string;
  /** The newest number of the user's behaviour. */
  readonly seq: number;
}

/** Looks into the store over a connection of its own that no fault befalls, and reads by its own eyes what is there. */
export class StoreObserver {
  private readonly redis: Redis | Cluster;

  constructor(url: string) {
    this.redis = open(redisAddress(url));
    this.redis.on('error', () => undefined); // it is killed on purpose
  }

  /** For faults that lie in the store's settings and queues. */
  get connection(): Redis | Cluster {
    return this.redis;
  }

  /** Every entry of the behaviour log, shard by shard in its order. */
  async readLog(): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    for (const key of await this.keys('beckon:{default:*}:log')) {
      let from = '-';
      for (;;) {
        const page = await this.redis.xrange(key, from, '+', 'COUNT', PAGE);
        for (const [, fields] of page) entries.push(entryOf(fields));
        if (page.length < PAGE) break;
        from = `(${page.at(-1)![0]}`;
      }
    }
    return entries;
  }

  async storedList(userId: string): Promise<StoredList | undefined> {
    const [profile] = await this.keys(`beckon:{default:*}:u:${userId}:profile`);
    const [list] = await this.keys(`beckon:{default:*}:u:${userId}:list:home`);
    if (list === undefined) return undefined;
    const seq = Number(profile === undefined ? 0 : await this.redis.hget(profile, 'seq'));
    const [epoch, revision, appliedThrough, body] = await this.redis.hmget(list, 'epoch', 'revision', 'appliedThrough', 'body');
    const { id, userId: owner } = JSON.parse(body ?? '{}') as { id: string; userId: string };
    return {
      epoch: epoch ?? '',
      revision: Number(revision),
      appliedThrough: Number(appliedThrough),
      recommendationId: id,
      userId: owner,
      seq,
    };
  }

  /** Connections to Redis by the name that they gave themselves. */
  async clientsByName(): Promise<Map<string, number>> {
    const lists = await Promise.all(this.servers('all').map((server) => server.call('CLIENT', 'LIST')));
    const lines = lists.flatMap((list) => String(list).trim().split('\n'));
    const counts = new Map<string, number>();
    for (const line of lines) {
      const name = / name=(\S*)/.exec(line)?.[1] ?? '';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  async pid(): Promise<number> {
    return Number(/process_id:(\d+)/.exec(await this.redis.info('server'))![1]);
  }

  close(): void {
    this.redis.disconnect();
  }

  private servers(role: 'all' | 'master'): readonly Redis[] {
    return this.redis instanceof Cluster ? this.redis.nodes(role) : [this.redis];
  }

  private async keys(pattern: string): Promise<string[]> {
    const found = new Set<string>();
    for (const server of this.servers('master')) {
      let cursor = '0';
      do {
        const [next, page] = await server.scan(cursor, 'MATCH', pattern, 'COUNT', PAGE);
        for (const key of page) found.add(key);
        cursor = next;
      } while (cursor !== '0');
    }
    return [...found];
  }
}

function open(address: RedisAddress): Redis | Cluster {
  const common = { connectionName: OBSERVER, maxRetriesPerRequest: null };
  const retryStrategy = (): number => 100;
  switch (address.kind) {
    case 'single':
      return new Redis(address.url, { ...common, retryStrategy });
    case 'sentinel': {
      const { sentinels, name } = address;
      const options = { ...common, retryStrategy, sentinels: sentinels.map(({ host, port }) => ({ host, port })), name };
      return new Redis({ ...options, failoverDetector: true }); // leaves a primary that hangs
    }
    case 'cluster':
      return new Cluster([...address.nodes], {
        redisOptions: common,
        clusterRetryStrategy: retryStrategy,
        maxRedirections: Number.MAX_SAFE_INTEGER,
        slotsRefreshInterval: 500, // leaves a primary that hangs
      });
  }
}

function entryOf(fields: readonly string[]): LogEntry {
  const value = (name: string): string => fields[fields.findIndex((field, k) => k % 2 === 0 && field === name) + 1] ?? '';
  return { userId: value('u'), seq: Number(value('s')), id: (JSON.parse(value('b')) as { i: string }).i };
}

import { z } from 'zod';
import type { Keys } from '../../platform/keys';
import type { RedisConnection } from '../../platform/redis-connection';
import type { Item } from '../item';
import { readItems } from '../read-items.redis';
import { decodeItem } from '../stored-item';
import { REFUSALS, type MediaKind } from './media/media-refused';

/** What came of one file of one item. Either a vector or why there is none. */
const featureRecord = z.object({
  source: z.string(),
  /** Of the source, where it has one that can be asked for cheaply: when it changes, the file is read again. */
  state: z.string(),
  /** What described it: when that changes, it is described again. */
  extractor: z.string(),
  /** SHA-256 of the file, hexadecimal: the same file is not described twice. Absent: it could not be read. */
  digest: z.string().optional(),
  vector: z.array(z.number()).optional(),
  refused: z.object({ reason: z.enum(REFUSALS), message: z.string() }).optional(),
});
export type FeatureRecord = z.output<typeof featureRecord>;

const PAGE = 200;

/** Computed features of a tenant's items, and how far the changes of the catalogue have been followed. */
export class FeatureStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
  ) {}

  async read(tenant: string, itemId: string, kind: MediaKind): Promise<FeatureRecord | undefined> {
    const stored = await this.redis.hget(this.keys.features(tenant), fieldOf(itemId, kind));
    return stored === null ? undefined : featureRecord.parse(JSON.parse(stored));
  }

  async write(tenant: string, itemId: string, kind: MediaKind, record: FeatureRecord): Promise<void> {
    await this.redis.hset(this.keys.features(tenant), fieldOf(itemId, kind), JSON.stringify(record));
  }

  async remove(tenant: string, itemId: string, kind: MediaKind): Promise<void> {
    await this.redis.hdel(this.keys.features(tenant), fieldOf(itemId, kind));
  }

  /**
   * Shows every item that has changed since, page by page, and remembers a page when `visit` is done with it: each change at least once. The first time, or
   * when changes were trimmed before they were seen, every item.
   */
  async followChanges(tenant: string, visit: (items: readonly Item[]) => Promise<void>): Promise<void> {
    const { redis, keys } = this;
    const stream = keys.itemChanges(tenant);
    let from = await redis.get(keys.featuresSeen(tenant));
    const [[oldest], [newest]] = await Promise.all([
      redis.xrange(stream, '-', '+', 'COUNT', 1),
      redis.xrevrange(stream, '+', '-', 'COUNT', 1),
    ]);
    if (newest === undefined) return;
    if (from === null || isBefore(from, oldest![0])) {
      await visit(await readItems(redis, keys.items(tenant)));
      await redis.set(keys.featuresSeen(tenant), (from = newest[0]));
    }
    for (let last: string = from; ;) {
      const page: [string, string[]][] = await redis.xrange(stream, `(${last}`, '+', 'COUNT', PAGE);
      if (page.length === 0) return;
      const ids = [...new Set(page.map(([, fields]) => fields[1]!))];
      const stored = await redis.hmget(keys.items(tenant), ...ids);
      await visit(stored.flatMap((item) => (item === null ? [] : [decodeItem(item)])));
      await redis.set(keys.featuresSeen(tenant), (last = page.at(-1)![0]));
    }
  }
}

const fieldOf = (itemId: string, kind: MediaKind): string => `${kind}\n${itemId}`;

/** Whether an id of a stream, `ms-n`, comes before another. */
function isBefore(a: string, b: string): boolean {
  const [[msA, nA], [msB, nB]] = [a, b].map((id) => id.split('-').map(Number)) as [[number, number], [number, number]];
  return msA < msB || (msA === msB && nA < nB);
}

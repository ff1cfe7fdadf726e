import type { Redis } from 'ioredis';
import { isCluster, type RedisConnection } from '../platform/redis-connection';
import { keepTrying } from '../platform/keep-trying';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import { StreamTail, type StreamEntry } from '../platform/stream-tail';
import type { CatalogueView, ItemWindow } from './catalogue';
import { availableUntil, type Item } from './item';
import { decodeItem } from './stored-item';

const PAGE = 1000;

export type ItemListener = (item: Item, before: Item | undefined) => void;

export interface CatalogueMirrorOptions {
  readonly redis: RedisConnection;
  /** A connection of its own to the server of the change stream, for the blocking read; closed with the mirror. */
  readonly blocking: Redis;
  readonly keys: Keys;
  readonly tenant: string;
  readonly log: Log;
}

/**
 * The whole catalogue of a tenant in memory. Follows the change stream; after a lost connection it reads everything
 * again, so that nothing that the store forgot or the stream trimmed stays wrong.
 */
export class CatalogueMirror implements CatalogueView {
  private readonly items = new Map<string, Item>();
  private readonly windows = new Map<string, ItemWindow>();
  private readonly listeners = new Set<ItemListener>();
  private tail: StreamTail | undefined;
  private reloading: Promise<void> | undefined;
  private closed = false;

  private constructor(private readonly options: CatalogueMirrorOptions) {}

  static async open(options: CatalogueMirrorOptions): Promise<CatalogueMirror> {
    const mirror = new CatalogueMirror(options);
    const stream = options.keys.itemChanges(options.tenant);
    const newest = await options.redis.xrevrange(stream, '+', '-', 'COUNT', 1);
    await mirror.reload();
    mirror.tail = new StreamTail({
      redis: options.blocking,
      from: new Map([[stream, newest[0]?.[0] ?? '0']]),
      onEntries: (_, entries) => mirror.followSurely(entries),
      log: options.log,
    });
    mirror.telling.on('ready', mirror.onReconnect);
    return mirror;
  }

  get size(): number {
    return this.items.size;
  }

  get(itemId: string): Item | undefined {
    return this.items.get(itemId);
  }

  windowOf(itemId: string): ItemWindow | undefined {
    return this.windows.get(itemId);
  }

  values(): Iterable<Item> {
    return this.items.values();
  }

  /** Calls back on every change that is not yet known, after the mirror holds it. Returns how to stop. */
  onChange(listener: ItemListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.telling.off('ready', this.onReconnect);
    await this.tail?.close();
    await this.reloading;
  }

  /** The connection that tells of a lost one: of a cluster's many, that to the server of the catalogue. */
  private get telling(): RedisConnection {
    return isCluster(this.options.redis) ? this.options.blocking : this.options.redis;
  }

  private readonly onReconnect = (): void => {
    this.reloading = keepTrying(() => this.reload(), {
      until: () => this.closed,
      onFailure: (error) => this.options.log.error({ err: error }, 'the catalogue could not be read again'),
    });
  };

  private async reload(): Promise<void> {
    const { redis, keys, tenant } = this.options;
    let cursor = '0';
    do {
      const [next, page] = await redis.hscan(keys.items(tenant), cursor, 'COUNT', PAGE);
      for (let k = 1; k < page.length; k += 2) this.put(decodeItem(page[k]!));
      cursor = next;
    } while (cursor !== '0');
  }

  /** A change that could not be read is read again: it is announced only once. */
  private followSurely(entries: readonly StreamEntry[]): Promise<void> {
    return keepTrying(() => this.follow(entries), {
      until: () => this.closed,
      onFailure: (error) => this.options.log.warn({ err: error }, 'changes of the catalogue could not be read yet'),
    });
  }

  private async follow(entries: readonly StreamEntry[]): Promise<void> {
    const { redis, keys, tenant } = this.options;
    const ids = [...new Set(entries.map(([, fields]) => fields[1]!))];
    for (const stored of await redis.hmget(keys.items(tenant), ...ids)) if (stored) this.put(decodeItem(stored));
  }

  private put(item: Item): void {
    // Replies come in the order of the commands, so the last one is right, also when a store that lost writes counts versions anew.
    const before = this.items.get(item.id);
    if (before?.version === item.version) return;
    this.items.set(item.id, item);
    this.windows.set(item.id, { id: item.id, until: availableUntil(item) });
    for (const listener of this.listeners) listener(item, before);
  }
}

import { join } from 'node:path';
import type { RedisConnection } from '../platform/redis-connection';
import type { Keys } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { BeckonError } from '../platform/errors';
import { onRedis } from '../platform/redis';
import type { Catalogue, CatalogueOutcome, ItemRejection } from './catalogue';
import type { Item } from './item';
import { newItem, type ParsedItem } from './item-schema';
import { decodeItem, encodeItem } from './stored-item';

const MOST_PER_STEP = 200;
const MOST_TRIES = 5;

interface Write {
  readonly index: number;
  readonly item: ParsedItem;
  /** '' any, otherwise the version that must still be there. */
  readonly expected: string;
}

export class RedisCatalogue implements Catalogue {
  private readonly script = new LuaScript(join(__dirname, 'put-items.lua'));

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
  ) {}

  async upsert(tenant: string, items: readonly unknown[]): Promise<CatalogueOutcome> {
    const writes: Write[] = [];
    const rejected: ItemRejection[] = [];
    items.forEach((given, index) => {
      const parsed = parseItem(given, index);
      if ('item' in parsed) writes.push({ index, item: parsed.item, expected: '' });
      else rejected.push(parsed);
    });
    const { items: stored } = await this.write(tenant, writes);
    return { items: stored, rejected };
  }

  async patch(tenant: string, patches: readonly unknown[]): Promise<CatalogueOutcome> {
    const stored: Item[] = [];
    const rejected: ItemRejection[] = [];
    let open = patches.map((patch, index) => ({ patch, index }));
    for (let tries = 0; open.length > 0 && tries < MOST_TRIES; tries++) {
      const merged = await this.merge(tenant, open, rejected);
      const { items, conflicts } = await this.write(tenant, merged);
      stored.push(...items);
      open = open.filter(({ index }) => conflicts.has(index)); // changed by somebody meanwhile: merge again
    }
    rejected.push(
      ...open.map(({ index }) => ({
        index,
        code: 'INVALID_VALUE' as const,
        field: 'id',
        message: 'is being changed by others all the time: send it again',
      })),
    );
    return { items: stored, rejected: rejected.sort((a, b) => a.index - b.index) };
  }

  setHidden(tenant: string, itemIds: readonly string[], hidden: boolean): Promise<CatalogueOutcome> {
    return this.patch(
      tenant,
      itemIds.map((id) => ({ id, hidden })),
    );
  }

  /**
   * Sets vectors of an item by name, null taking one away; whatever else somebody changes meanwhile stays. Nothing happens to an item that is not there.
   * @throws BeckonError UNAVAILABLE when the item is being changed by others all the time, or the store is away.
   */
  async mergeVectors(tenant: string, itemId: string, vectors: Readonly<Record<string, readonly number[] | null>>): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const held = await onRedis(() => this.redis.hget(this.keys.items(tenant), itemId));
      if (held === null) return;
      const { version, ...item } = decodeItem(held);
      const merged = Object.entries({ ...item.vectors, ...vectors }).filter(([, vector]) => vector !== null);
      const parsed = newItem.parse({ ...item, vectors: merged.length === 0 ? undefined : Object.fromEntries(merged) });
      const { conflicts } = await this.write(tenant, [{ index: 0, item: parsed, expected: String(version) }]);
      if (conflicts.size === 0) return;
    }
    throw new BeckonError('UNAVAILABLE', 'the item is being changed by others all the time');
  }

  private async merge(tenant: string, open: readonly { patch: unknown; index: number }[], rejected: ItemRejection[]): Promise<Write[]> {
    const ids = open.map(({ patch }) => (isRecord(patch) && typeof patch.id === 'string' ? patch.id : ''));
    const held = await onRedis(() => this.redis.hmget(this.keys.items(tenant), ...ids));
    const writes: Write[] = [];
    open.forEach(({ patch, index }, k) => {
      const before = held[k];
      if (!before || !isRecord(patch)) {
        rejected.push({ index, code: 'NOT_FOUND', field: 'id', message: 'names no item of the catalogue: upsert it first' });
        return;
      }
      const { version, ...current } = decodeItem(before);
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const parsed = parseItem({ ...current, ...given }, index);
      if ('item' in parsed) writes.push({ index, item: parsed.item, expected: String(version) });
      else rejected.push(parsed);
    });
    return writes;
  }

  private async write(tenant: string, writes: readonly Write[]): Promise<{ items: Item[]; conflicts: Set<number> }> {
    const { keys } = this;
    const items: Item[] = [];
    const conflicts = new Set<number>();
    for (let from = 0; from < writes.length; from += MOST_PER_STEP) {
      const step = writes.slice(from, from + MOST_PER_STEP);
      const versions = (await onRedis(() =>
        this.script.run(
          this.redis,
          [keys.items(tenant), keys.itemChanges(tenant), keys.itemExpiry(tenant), keys.itemVersion(tenant)],
          step.flatMap(({ item, expected }) => [item.id, expected, encodeItem(item), item.expiresAt ?? '']),
        ),
      )) as number[];
      step.forEach(({ item, index }, k) => {
        const version = versions[k]!;
        if (version === 0) conflicts.add(index);
        else items.push(decodeItem(`${version}\t${encodeItem(item)}`));
      });
    }
    return { items, conflicts };
  }
}

function parseItem(given: unknown, index: number): { item: ParsedItem } | ItemRejection {
  const parsed = newItem.safeParse(given);
  if (parsed.success) return { item: parsed.data };
  const issue = parsed.error.issues[0]!;
  return { index, code: 'INVALID_VALUE', field: issue.path.join('.') || 'item', message: issue.message };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

import type { RedisConnection } from '../platform/redis-connection';
import type { Item } from './item';
import { decodeItem } from './stored-item';

const PAGE = 1000;

/** Every item of a catalogue, as of now; `key`: its hash. In no particular order. */
export async function readItems(redis: RedisConnection, key: string): Promise<Item[]> {
  const items = new Map<string, Item>(); // a scan may give an item twice
  let cursor = '0';
  do {
    const [next, page] = await redis.hscan(key, cursor, 'COUNT', PAGE);
    for (let k = 0; k < page.length; k += 2) items.set(page[k]!, decodeItem(page[k + 1]!));
    cursor = next;
  } while (cursor !== '0');
  return [...items.values()];
}

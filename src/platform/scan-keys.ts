import type { Redis } from 'ioredis';

const COUNT = 1000;

/** Names of all keys that begin with `prefix`, in pages of any size: each that is there from beginning to end comes at least once. */
export async function* scanKeys(redis: Redis, prefix: string): AsyncGenerator<readonly string[]> {
  let cursor = '0';
  do {
    const [next, page] = await redis.scan(cursor, 'MATCH', `${escapeGlob(prefix)}*`, 'COUNT', COUNT);
    if (page.length > 0) yield page;
    cursor = next;
  } while (cursor !== '0');
}

/** Members of a sorted set that begin with one of the prefixes. */
export async function membersBeginning(redis: Redis, key: string, prefixes: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const [next, page] = await redis.zscan(key, cursor, 'COUNT', COUNT);
    for (let k = 0; k < page.length; k += 2) if (prefixes.some((prefix) => page[k]!.startsWith(prefix))) found.push(page[k]!);
    cursor = next;
  } while (cursor !== '0');
  return found;
}

const escapeGlob = (text: string): string => text.replace(/[\\*?[\]]/g, '\\$&');

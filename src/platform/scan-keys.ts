import { primariesOf, type RedisConnection } from './redis-connection';

const COUNT = 1000;

/**
 * Names of all keys that begin with `prefix`, in pages of any size, of every server of a cluster: each that is there from beginning to end,
 * and does not move between servers meanwhile, comes at least once.
 */
export async function* scanKeys(redis: RedisConnection, prefix: string): AsyncGenerator<readonly string[]> {
  for (const server of primariesOf(redis)) {
    let cursor = '0';
    do {
      const [next, page] = await server.scan(cursor, 'MATCH', `${escapeGlob(prefix)}*`, 'COUNT', COUNT);
      if (page.length > 0) yield page;
      cursor = next;
    } while (cursor !== '0');
  }
}

/** Members of a sorted set that begin with one of the prefixes. */
export async function membersBeginning(redis: RedisConnection, key: string, prefixes: readonly string[]): Promise<string[]> {
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

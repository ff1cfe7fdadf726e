import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { primariesOf, type RedisConnection } from '../../src/platform/redis-connection';
import { scanKeys } from '../../src/platform/scan-keys';

/**
 * Where one of the texts is found in a store: the name of every key, its value as the server would write it to the disk (`DUMP`, which also
 * holds what is deleted and not yet gone), the slow commands, on every server that takes writes, and every file of the folders, those of gzip also unpacked. Empty: nowhere.
 * Servers must run with `rdbcompression no`, or dumps cannot be searched.
 */
export async function findTexts(redis: RedisConnection, texts: readonly string[], folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const look = (where: string, bytes: Buffer | string): void => {
    for (const text of texts) if (bytes.includes(text)) found.push(`${where}: ${text}`);
  };
  for await (const keys of scanKeys(redis, '')) {
    for (const key of keys) {
      look(`key ${key}`, key);
      look(`value of ${key}`, (await redis.dumpBuffer(key)) ?? '');
    }
  }
  for (const server of primariesOf(redis)) look('slow commands', JSON.stringify(await server.slowlog('GET', 1024)));
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      look(`name of ${path}`, path);
      look(path, bytes);
      if (entry.name.includes('.gz')) look(`${path} unpacked`, gunzipSync(bytes));
    }
  }
  return found;
}

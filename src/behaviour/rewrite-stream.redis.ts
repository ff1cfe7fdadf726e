import { join } from 'node:path';
import { BeckonError } from '../platform/errors';
import { LuaScript } from '../platform/lua-script';
import type { RedisConnection } from '../platform/redis-connection';

/** Bounds how long one script can hold the server: about 2 ms. */
const BATCH = 500;

const copying = new LuaScript(join(__dirname, 'copy-stream.lua'));
const swapping = new LuaScript(join(__dirname, 'swap-stream.lua'));

/**
 * Writes a stream anew, entry by entry. Redis only marks deleted entries in the pages of a stream: their bytes stay, in memory and in what
 * is written to the disk, until every entry of the page is gone. Ids, groups and the last id stay; who reads or appends notices nothing, and
 * what is appended meanwhile is copied too. What is deleted meanwhile may come back: delete first, then look again.
 * Needs the memory of the stream a second time.
 * @throws BeckonError UNAVAILABLE when a group has taken entries that it has not acknowledged.
 */
export async function rewriteStream(redis: RedisConnection, stream: string): Promise<void> {
  const copy = `${stream}:rewriting`;
  await redis.del(copy); // of a run that died
  let last = '';
  for (;;) {
    const next = String(await copying.run(redis, [stream, copy], [last, BATCH]));
    if (next !== last) {
      last = next;
      continue;
    }
    const swapped = await swapping.run(redis, [stream, copy], [last, BATCH]);
    if (swapped === 1) return;
    if (swapped === 0) continue;
    await redis.del(copy);
    throw new BeckonError('UNAVAILABLE', 'the archive has taken entries that are not written yet', { retryAfterMs: 1000 });
  }
}

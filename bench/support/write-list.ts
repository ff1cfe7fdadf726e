import type { Keys } from '../../src/platform/keys';
import type { RedisConnection } from '../../src/platform/redis-connection';
import type { Lists } from '../../src/push/ports';
import { NOTHING_PREPARED, type PreparedList } from '../../src/push/prepared-texts';
import type { ListBody } from '../../src/push/recommendation-list';

/** Stores and announces a list as a worker does, and first says that its user has behaved as often as the list has applied: others are refused. */
export async function writeList(
  { redis, keys, lists }: { readonly redis: RedisConnection; readonly keys: Keys; readonly lists: Lists },
  body: ListBody,
  prepared: PreparedList = NOTHING_PREPARED,
): Promise<void> {
  const behaved = redis.hset(keys.profile(body), 'seq', body.appliedThrough); // the same connection: it is there before the list
  await Promise.all([behaved, lists.replace(body, prepared)]);
}

import type { LoggedBehaviour } from '../../src/behaviour/behaviour';
import { decodeLogEntry } from '../../src/behaviour/log-entry';
import type { Keys } from '../../src/platform/keys';
import type { RedisConnection } from '../../src/platform/redis-connection';

/** Every behaviour of a tenant that is in the log, shard by shard in the order of the log. */
export async function readLog(redis: RedisConnection, keys: Keys, tenant: string): Promise<LoggedBehaviour[]> {
  const shards = await Promise.all(Array.from({ length: keys.shards }, (_, shard) => redis.xrange(keys.log(tenant, shard), '-', '+')));
  return shards.flat().map(([, fields]) => decodeLogEntry(tenant, fields));
}

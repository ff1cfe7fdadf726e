import type { RedisConnection } from '../platform/redis-connection';
import { ShardArchive } from '../behaviour/archive';
import type { LoggedBehaviour } from '../behaviour/behaviour';
import { decodeLogEntry } from '../behaviour/log-entry';
import type { Keys } from '../platform/keys';

export interface HistoryDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly archiveDir: string;
}

const PAGE = 5000;

/** All behaviours of a shard, oldest first, each once: the archive, then what is only in the log. `positions` gets the last id. */
export async function* readShardHistory(
  deps: HistoryDeps,
  tenant: string,
  shard: number,
  positions: Map<string, string>,
): AsyncGenerator<LoggedBehaviour> {
  const { redis, keys, archiveDir } = deps;
  const stream = keys.log(tenant, shard);
  let last = '0';
  for await (const [id, fields] of ShardArchive.of(archiveDir, tenant, shard).read()) {
    last = id;
    yield decodeLogEntry(tenant, fields);
  }
  for (;;) {
    const page = await redis.xrange(stream, last === '0' ? '-' : `(${last}`, '+', 'COUNT', PAGE);
    for (const [id, fields] of page) {
      last = id;
      yield decodeLogEntry(tenant, fields);
    }
    if (page.length < PAGE) break;
  }
  positions.set(stream, last);
}

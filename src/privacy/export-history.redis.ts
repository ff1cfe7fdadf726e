import { ShardArchive } from '../behaviour/archive';
import type { LoggedBehaviour } from '../behaviour/behaviour';
import { decodeLogEntry, logReferences } from '../behaviour/log-entry';
import type { Keys, UserKey } from '../platform/keys';
import { onRedis } from '../platform/redis';
import type { RedisConnection } from '../platform/redis-connection';
import { pagesOf } from '../platform/stream-pages';

/**
 * How much of the archive is in an export. `none`: nothing was archived yet; `unreachable`: something was, and this process does not see it:
 * the gateway has another `ARCHIVE_DIR` than the workers, or not their disk.
 */
export type ArchiveReach = 'read' | 'none' | 'unreachable';

export interface ExportedHistory {
  readonly behaviours: readonly LoggedBehaviour[];
  readonly archive: ArchiveReach;
}

/** Every behaviour of a user, oldest first, each once: the archive, then what is only in the log. Reads the user's shard of both. */
export async function exportHistory(
  { redis, keys, archiveDir }: { readonly redis: RedisConnection; readonly keys: Keys; readonly archiveDir: string },
  user: UserKey,
): Promise<ExportedHistory> {
  const shard = keys.shardOf(user);
  const stream = keys.log(user.tenant, shard);
  const archive = ShardArchive.of(archiveDir, user.tenant, shard);
  const behaviours: LoggedBehaviour[] = [];
  const take = (fields: readonly string[]): void => {
    if (logReferences(fields).userId === user.userId) behaviours.push(decodeLogEntry(user.tenant, fields));
  };
  const known = new Set<string>();
  for await (const [id, fields] of archive.read()) {
    known.add(id);
    take(fields);
  }
  for await (const page of pagesOf(redis, stream)) for (const [id, fields] of page) if (!known.has(id)) take(fields);
  const reach = (await archive.newestId()) !== '0' ? 'read' : (await onRedis(() => hasArchived(redis, stream))) ? 'unreachable' : 'none';
  return { behaviours, archive: reach };
}

/** Whether a worker has taken anything of the log for the archive. */
async function hasArchived(redis: RedisConnection, stream: string): Promise<boolean> {
  if ((await redis.exists(stream)) === 0) return false;
  const groups = (await redis.xinfo('GROUPS', stream)) as (string | number | null)[][];
  return groups.some((group) => {
    const delivered = group[group.indexOf('last-delivered-id') + 1];
    return delivered !== undefined && delivered !== null && delivered !== '0-0';
  });
}

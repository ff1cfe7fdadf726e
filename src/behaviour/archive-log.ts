import type { RedisConnection } from '../platform/redis-connection';
import type { Clock } from '../platform/clock';
import type { Keys } from '../platform/keys';
import { withLease } from '../platform/redis-lease';
import type { StreamEntry } from '../platform/stream-tail';
import { ShardArchive } from './archive';

/** `retentionMs`: how long what is archived also stays in the log. */
export interface ArchiveDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly archiveDir: string;
  readonly retentionMs: number;
}

const GROUP = 'archive';
/** One consumer for all workers: the lease keeps runs apart, and whoever runs next finds what a dead one left unfinished. */
const CONSUMER = 'archiver';
const BATCH = 5000;
/** A file is worth writing for this many entries … */
const WORTH_ENTRIES = 1000;
/** … or when entries have waited this long. */
const WORTH_AGE_MS = 600_000;

/**
 * Runs `work` with the archive of one shard, of which no other process writes meanwhile; what a dead writer left unfinished is gone then.
 * Undefined, and nothing is run, while another process writes it.
 */
export async function archiveUnderLease<T>(
  { redis, keys, archiveDir }: Pick<ArchiveDeps, 'redis' | 'keys' | 'archiveDir'>,
  tenant: string,
  shard: number,
  work: (archive: ShardArchive) => Promise<T>,
  leaseMs?: number,
): Promise<{ readonly result: T } | undefined> {
  return withLease(
    redis,
    keys.archiveLease(tenant, shard),
    async (lease) => {
      const archive = ShardArchive.of(archiveDir, tenant, shard, () => lease.check());
      await archive.removeUnfinished();
      return work(archive);
    },
    leaseMs,
  );
}

/**
 * Moves one shard's log to files, then trims what has been archived and is older than the retention. Entries are
 * acknowledged after their file is synced, so a crash repeats a file and never loses an entry.
 * @returns how many entries were archived; 0 also while another process writes this archive.
 */
export async function archiveShard(deps: ArchiveDeps, tenant: string, shard: number, { force = false } = {}): Promise<number> {
  const done = await archiveUnderLease(deps, tenant, shard, (archive) => archiveInto(archive, deps, { tenant, shard, force }));
  return done?.result ?? 0;
}

/** The same for who holds the lease already. */
export async function archiveInto(
  archive: ShardArchive,
  { redis, keys, clock, retentionMs }: ArchiveDeps,
  { tenant, shard, force = false }: { readonly tenant: string; readonly shard: number; readonly force?: boolean },
): Promise<number> {
  const stream = keys.log(tenant, shard);
  await ensureGroup(redis, stream);
  let archived = await archiveBatches(redis, stream, archive, '0'); // left unacknowledged by a crash
  if (force || (await isWorthAFile(redis, stream, clock.now()))) archived += await archiveBatches(redis, stream, archive, '>');
  const newest = await archive.newestId();
  const keepFrom = `${Math.floor(clock.now() - retentionMs)}-0`;
  if (newest !== '0') await redis.xtrim(stream, 'MINID', older(newest, keepFrom));
  return archived;
}

async function archiveBatches(redis: RedisConnection, stream: string, archive: ShardArchive, from: '0' | '>'): Promise<number> {
  let archived = 0;
  for (;;) {
    const reply = (await redis.xreadgroup('GROUP', GROUP, CONSUMER, 'COUNT', BATCH, 'STREAMS', stream, from)) as
      [string, [string, string[] | null][]][] | null;
    const entries = (reply?.[0]?.[1] ?? []).filter((entry): entry is [string, string[]] => entry[1] !== null);
    const ids = (reply?.[0]?.[1] ?? []).map(([id]) => id);
    if (ids.length === 0) return archived;
    await archive.write(entries satisfies StreamEntry[]);
    await redis.xack(stream, GROUP, ...ids);
    archived += entries.length;
  }
}

async function ensureGroup(redis: RedisConnection, stream: string): Promise<void> {
  try {
    await redis.xgroup('CREATE', stream, GROUP, '0', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
  }
}

async function isWorthAFile(redis: RedisConnection, stream: string, now: number): Promise<boolean> {
  const groups = (await redis.xinfo('GROUPS', stream)) as (string | number | null)[][];
  const group = groups.map(toRecord).find((known) => known.get('name') === GROUP);
  const delivered = group?.get('last-delivered-id') ?? '0-0';
  const waiting = await redis.xrange(stream, `(${delivered}`, '+', 'COUNT', WORTH_ENTRIES);
  const oldest = waiting[0];
  return waiting.length >= WORTH_ENTRIES || (oldest !== undefined && now - Number(oldest[0].split('-')[0]) > WORTH_AGE_MS);
}

/** name, value, name, value … as a map. */
function toRecord(pairs: readonly (string | number | null)[]): Map<string | number | null, string | number | null> {
  const record = new Map<string | number | null, string | number | null>();
  for (let k = 0; k + 1 < pairs.length; k += 2) record.set(pairs[k]!, pairs[k + 1]!);
  return record;
}

/** The older of two stream ids. */
function older(a: string, b: string): string {
  const [aMs = 0, aCount = 0] = a.split('-').map(Number);
  const [bMs = 0, bCount = 0] = b.split('-').map(Number);
  return aMs < bMs || (aMs === bMs && aCount < bCount) ? a : b;
}

import { ShardArchive } from '../behaviour/archive';
import { archiveInto, archiveUnderLease, type ArchiveDeps } from '../behaviour/archive-log';
import { logReferences } from '../behaviour/log-entry';
import { rewriteStream } from '../behaviour/rewrite-stream.redis';
import { pagesOf } from '../platform/stream-pages';
import type { StreamEntry } from '../platform/stream-tail';
import { referenceTo, type People } from './people';

/** Who was merged into whom, of every entry of a tenant that is in the log or the archive: user → anonymous ids. */
export async function readMerges(deps: ArchiveDeps, tenant: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const merged = new Map<string, Set<string>>();
  const note = ([, fields]: StreamEntry): void => {
    const { userId, mergedFrom } = logReferences(fields);
    if (mergedFrom !== undefined) merged.set(userId, (merged.get(userId) ?? new Set<string>()).add(mergedFrom));
  };
  for (let shard = 0; shard < deps.keys.shards; shard++) {
    for await (const entry of ShardArchive.of(deps.archiveDir, tenant, shard).read()) note(entry);
    for await (const page of pagesOf(deps.redis, deps.keys.log(tenant, shard))) page.forEach(note);
  }
  return merged;
}

/** Behaviours that others took over from erased people: who → ids of the behaviours and whose they were. */
export type TakenOver = ReadonlyMap<string, readonly { readonly id: string; readonly from: string }[]>;

/**
 * Takes everything of the people out of the log and the archive of one shard. `rewrite`: the stream is written anew also when nothing of
 * theirs is found in it, because it was deleted before. No archive run of another worker overlaps: see `archiveUnderLease`; while there
 * is one, nothing is done, the people are blocked, and the result is undefined.
 */
export async function eraseHistory(
  deps: ArchiveDeps,
  { tenant, shard, rewrite }: { readonly tenant: string; readonly shard: number; readonly rewrite: boolean },
  people: People,
): Promise<TakenOver | undefined> {
  const { redis, keys } = deps;
  const stream = keys.log(tenant, shard);
  const taken = new Map<string, { id: string; from: string }[]>();
  const finder = (place: 'log' | 'archive') => (entry: StreamEntry) => {
    const found = referenceTo(people, entry);
    if (!found) return false;
    people.count(found.relation === 'own' ? place : 'others', found.userId, 1);
    if (found.relation === 'merged') {
      const { userId, id } = logReferences(entry[1]);
      taken.set(userId, [...(taken.get(userId) ?? []), { id, from: found.userId }]);
    }
    return true;
  };
  const done = await archiveUnderLease(deps, tenant, shard, async (archive) => {
    let found = false;
    for await (const page of pagesOf(redis, stream)) {
      const theirs = page.filter(finder('log')).map(([id]) => id);
      if (theirs.length === 0) continue;
      found = true;
      await redis.xdel(stream, ...theirs);
    }
    // What a dead archiver had taken is put into files now: without what has just been deleted. Only then can the stream be written anew.
    if ((await redis.exists(stream)) === 1) await archiveInto(archive, deps, { tenant, shard });
    await archive.drop(finder('archive'));
    if (found || rewrite) await rewriteStream(redis, stream);
  });
  if (done) return taken;
  for (const userId of people.ids) people.block(userId, 'archive');
  return undefined;
}

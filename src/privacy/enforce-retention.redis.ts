import { timeOfId } from '../behaviour/archive';
import { archiveUnderLease, type ArchiveDeps } from '../behaviour/archive-log';
import { decodeLogEntry } from '../behaviour/log-entry';
import type { EpochMs } from '../platform/clock';
import { scanKeys } from '../platform/scan-keys';
import { pagesOf } from '../platform/stream-pages';
import type { StreamEntry } from '../platform/stream-tail';
import type { RetentionSettings } from '../tenants/privacy-settings';
import { consentEntry } from './consent';
import type { Erasures } from './erasure';
import type { ErasureRecords } from './erasures.redis';

export interface RetentionDeps extends ArchiveDeps {
  readonly retention: RetentionSettings;
  readonly records: Pick<ErasureRecords, 'forgetBefore'>;
  readonly erasures: Pick<Erasures, 'begin'>;
}

/** Erasures that one run begins at most; the next one goes on. */
const MOST_ERASURES = 1000;

/** Ends what is past its time, kind by kind; a kind without a setting costs nothing. Idempotent. The log's own retention is the archive job's, that of lists Redis's. */
export async function enforceRetention(deps: RetentionDeps, tenant: string): Promise<void> {
  const { redis, keys, clock, retention, records } = deps;
  const before = (span: number): EpochMs => clock.now() - span;
  if (retention.archiveMs !== undefined) await endArchive(deps, tenant, before(retention.archiveMs));
  if (retention.impressionsMs !== undefined) await endImpressions(deps, tenant, before(retention.impressionsMs));
  if (retention.profileMs !== undefined) await endProfiles(deps, tenant, before(retention.profileMs));
  if (retention.auditMs !== undefined) await redis.xtrim(keys.audit(tenant), 'MINID', '=', `${Math.floor(before(retention.auditMs))}-0`);
  if (retention.consentMs !== undefined) await endConsents(deps, tenant, before(retention.consentMs));
  await records.forgetBefore(tenant, before(retention.receiptsMs));
}

async function endArchive(deps: RetentionDeps, tenant: string, before: EpochMs): Promise<void> {
  for (let shard = 0; shard < deps.keys.shards; shard++)
    await archiveUnderLease(deps, tenant, shard, (archive) => archive.dropBefore(before));
}

async function endImpressions(deps: RetentionDeps, tenant: string, before: EpochMs): Promise<void> {
  const { redis, keys } = deps;
  const isOver = ([id, fields]: StreamEntry): boolean => timeOfId(id) < before && decodeLogEntry(tenant, fields).type === 'impression';
  for (let shard = 0; shard < keys.shards; shard++) {
    const stream = keys.log(tenant, shard);
    for await (const page of pagesOf(redis, stream)) {
      const over = page.filter(isOver).map(([id]) => id);
      if (over.length > 0) await redis.xdel(stream, ...over);
      if (page.length > 0 && timeOfId(page[page.length - 1]![0]) >= before) break;
    }
    await archiveUnderLease(deps, tenant, shard, (archive) => archive.drop(isOver));
  }
}

/** Somebody of whom nothing is newer is erased like somebody who asks for it. */
async function endProfiles(deps: RetentionDeps, tenant: string, before: EpochMs): Promise<void> {
  const { redis, keys, erasures } = deps;
  const known = /^(.*\}:u:)(.*):profile$/s;
  let begun = 0;
  for await (const page of scanKeys(redis, keys.usersOf(tenant))) {
    for (const key of page) {
      const userId = known.exec(key)?.[2];
      if (userId === undefined || key !== keys.profile({ tenant, userId })) continue;
      if ((await lastSeen(deps, tenant, userId)) >= before) continue;
      await erasures.begin(tenant, [userId], 'operator');
      if (++begun === MOST_ERASURES) return;
    }
  }
}

/** When somebody last did, edited or consented to anything; 0: nothing says when. */
async function lastSeen({ redis, keys }: RetentionDeps, tenant: string, userId: string): Promise<EpochMs> {
  const user = { tenant, userId };
  const [hash, newest, watched] = await Promise.all([
    redis.hgetall(keys.profile(user)),
    redis.zrevrange(keys.recent(user), 0, 0),
    redis.exists(keys.watches(user)),
  ]);
  if (watched === 1) return Infinity;
  const recordedAt = Number(newest[0]?.split('\t')[7] ?? 0);
  const edits = Object.entries(hash).flatMap(([field, value]) => (/^[fmpw]:/.test(field) || field === 'edited' ? [Number(value)] : []));
  return Math.max(0, recordedAt, ...edits.filter(Number.isFinite));
}

/** The newest entry of each purpose stays: it is what holds. */
async function endConsents({ redis, keys }: RetentionDeps, tenant: string, before: EpochMs): Promise<void> {
  for await (const page of scanKeys(redis, keys.usersOf(tenant))) {
    for (const key of page.filter((name) => name.includes('}:u:') && name.endsWith(':consent'))) {
      const later = new Set<string>();
      const over: string[] = [];
      for (const [id, [, text]] of (await redis.xrange(key, '-', '+')).reverse()) {
        const { purpose, at } = consentEntry.parse(JSON.parse(text!));
        if (later.has(purpose) && at < before) over.push(id);
        later.add(purpose);
      }
      if (over.length > 0) await redis.xdel(key, ...over);
    }
  }
}

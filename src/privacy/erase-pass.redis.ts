import type { ArchiveDeps } from '../behaviour/archive-log';
import { eraseHistory, readMerges } from './erase-history.redis';
import { eraseKeys, eraseTakenOver } from './erase-keys.redis';
import { eraseQueues } from './erase-queues.redis';
import { forgetRevocations, forgetSlowCommands, pseudonymiseAudit } from './erase-records.redis';
import type { OpenErasure } from './erasure';
import type { ErasureRecords } from './erasures.redis';
import { People, personOf } from './people';

export interface ErasePassDeps extends ArchiveDeps {
  readonly records: ErasureRecords;
}

/**
 * One look through the whole store for everybody whose erasure is open: log, archive, every key, queues, audit log, revocations. What is found
 * is taken away and counted. An erasure is through when a look finds nothing of it: whatever raced with an earlier one is found by a later.
 * Reads the history of the tenant twice, whoever many are erased.
 */
export async function erasePass(deps: ErasePassDeps, tenant: string, open: ReadonlyMap<string, OpenErasure>): Promise<People> {
  const { redis, keys, records } = deps;
  const merges = await readMerges(deps, tenant);
  const receiptOf = new Map<string, string>();
  const rewrites = new Set<number>();
  for (const [receipt, { userIds, shards }] of open) {
    const person = personOf(userIds, merges);
    const all = person.length === userIds.length ? shards : person.map((userId) => keys.shardOf({ tenant, userId }));
    // Noted before their entries go, which are the only link between them.
    if (person.length > userIds.length) await records.keepOpen(tenant, receipt, { userIds: person, shards: [...new Set(all)] });
    for (const userId of person) receiptOf.set(userId, receipt);
    for (const shard of all) rewrites.add(shard);
  }
  const people = new People(receiptOf);
  for (let shard = 0; shard < keys.shards; shard++) {
    const taken = await eraseHistory(deps, { tenant, shard, rewrite: rewrites.has(shard) }, people);
    if (taken) await eraseTakenOver(deps, tenant, taken, people);
  }
  await eraseKeys(deps, tenant, people);
  await eraseQueues(redis, tenant, people);
  await pseudonymiseAudit(redis, keys, tenant, people);
  await forgetRevocations(redis, keys, tenant, people);
  await forgetSlowCommands(redis, keys, tenant, people);
  return people;
}

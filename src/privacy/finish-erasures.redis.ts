import { publish } from '../platform/redis-connection';
import { withLease } from '../platform/redis-lease';
import { erasePass, type ErasePassDeps } from './erase-pass.redis';
import { askForNewFiles, newFiles } from './erase-disk.redis';
import { eraseSnapshots, type EraseSnapshotsDeps } from './erase-snapshots';
import { isDone, noteReached, notReached, PLACES, type ErasureReceipt, type OpenErasure } from './erasure';
import type { People } from './people';

export interface FinishErasuresDeps extends ErasePassDeps, EraseSnapshotsDeps {
  /** An erasure is gone on with so long after it was asked for: screens are shown nobody's list first, and then let go. */
  readonly graceMs: number;
  /** Told of each receipt that is complete. */
  readonly onComplete?: (receipt: ErasureReceipt) => void;
}

/** Places that a look through the store covers. */
const LOOKED_THROUGH = PLACES.filter((place) => place !== 'snapshots' && place !== 'disk');
/** In one run: what is found by the first look is gone in the second. */
const LOOKS = 2;
/** A screen that has come back again and again for so long is somebody who uses the product anew. */
const WATCHED_AT_MOST_MS = 120_000;

/**
 * Goes on with every erasure of a tenant as far as it gets: looks through the store until nothing is found, then has the files of the store
 * written anew and waits until no snapshot knows the person. Nothing happens while another process does this. Idempotent: a run that dies is
 * taken up by the next one where it was.
 */
export async function finishErasures(deps: FinishErasuresDeps, tenant: string): Promise<void> {
  const { redis, keys, records } = deps;
  if ((await redis.zcard(keys.incompleteErasures(tenant))) === 0) return;
  await withLease(redis, keys.erasureLease(tenant), async () => {
    for (let look = 0; look < LOOKS; look++) if (!(await lookThrough(deps, tenant))) break;
    const clean = (await records.incomplete(tenant)).filter(({ number }) => number !== undefined);
    const learnt: ErasureReceipt[] = [];
    for (const receipt of clean) learnt.push(isDone(receipt, 'snapshots') ? receipt : await forgetSnapshots(deps, tenant, receipt));
    for (const receipt of await eraseDisk(deps, learnt)) {
      const isComplete = isDone(receipt, 'snapshots') && isDone(receipt, 'disk');
      const next = isComplete ? await complete(deps, tenant, receipt) : receipt;
      await records.keep(tenant, next);
      if (isComplete) deps.onComplete?.(next);
    }
  });
}

/** One look. False: nothing is left to look for now. */
async function lookThrough(deps: FinishErasuresDeps, tenant: string): Promise<boolean> {
  const { redis, keys, records, clock, graceMs } = deps;
  const receipts = new Map((await records.incomplete(tenant)).map((receipt) => [receipt.id, receipt]));
  const open = new Map<string, OpenErasure>();
  for (const [id, whom] of await records.open(tenant)) {
    const receipt = receipts.get(id);
    if (receipt === undefined || receipt.number !== undefined)
      await records.close(tenant, id); // a run died between the two
    else if (clock.now() >= receipt.requestedAt + graceMs) open.set(id, whom);
  }
  if (open.size === 0) return false;
  for (const { userIds } of open.values()) for (const userId of userIds) await publish(redis, keys.erasing(tenant), userId);
  const people = await erasePass(deps, tenant, open);
  let left = false;
  for (const id of open.keys()) left = !(await noteLook(deps, tenant, receipts.get(id)!, people)) || left;
  return left;
}

/** Writes down what a look found of one erasure; true: nothing, so that it is through. */
async function noteLook(deps: FinishErasuresDeps, tenant: string, receipt: ErasureReceipt, people: People): Promise<boolean> {
  const { records, clock } = deps;
  const now = clock.now();
  const counts = people.countsOf(receipt.id);
  const blockers = people.blockersOf(receipt.id);
  const onlyWatched = blockers.size === 1 && blockers.has('watch') && now > receipt.requestedAt + WATCHED_AT_MOST_MS;
  const clean = counts.size === 0 && (blockers.size === 0 || onlyWatched);
  let next: ErasureReceipt = { ...receipt, ids: Math.max(receipt.ids, people.idsOf(receipt.id).length) };
  for (const place of LOOKED_THROUGH) next = noteReached(next, place, counts.get(place) ?? 0, clean ? now : undefined);
  if (clean) next = { ...next, number: await records.countCleaned(tenant) };
  await records.keep(tenant, next);
  if (clean) await records.close(tenant, receipt.id);
  else if (!blockers.has('archive')) await records.keepOpen(tenant, receipt.id, { userIds: people.idsOf(receipt.id), shards: [] });
  return clean;
}

/** Snapshots; when the last has gone, the files of the store, which held them, are to be written once more. */
async function forgetSnapshots(deps: FinishErasuresDeps, tenant: string, receipt: ErasureReceipt): Promise<ErasureReceipt> {
  const next = await eraseSnapshots(deps, tenant, receipt);
  if (!isDone(next, 'snapshots') || next.filesAskedAt === undefined) return next;
  const { filesAskedAt: _before, ...again } = notReached(next, 'disk');
  return again;
}

/** Files of the store: one rewriting for all erasures that wait for it. */
async function eraseDisk({ redis, clock }: FinishErasuresDeps, receipts: readonly ErasureReceipt[]): Promise<ErasureReceipt[]> {
  const isWaiting = (receipt: ErasureReceipt): boolean => !isDone(receipt, 'disk');
  if (!receipts.some(isWaiting)) return [...receipts];
  const state = await newFiles(redis);
  const looked = receipts.map((receipt): ErasureReceipt => {
    if (!isWaiting(receipt) || receipt.filesAskedAt === undefined || state === 'writing') return receipt;
    if (state === 'written') return noteReached(receipt, 'disk', 0, clock.now());
    const { filesAskedAt: _failed, ...again } = receipt;
    return again;
  });
  const isUnasked = (receipt: ErasureReceipt): boolean => isWaiting(receipt) && receipt.filesAskedAt === undefined;
  if (!looked.some(isUnasked) || !(await askForNewFiles(redis))) return looked;
  return looked.map((receipt) => (isUnasked(receipt) ? { ...receipt, filesAskedAt: clock.now() } : receipt));
}

/** The last word: from here on no run that began too early can publish; one that did between the look and this is found here. */
async function complete(deps: FinishErasuresDeps, tenant: string, receipt: ErasureReceipt): Promise<ErasureReceipt> {
  const { store, records, models, clock } = deps;
  await records.raiseFloor(tenant, receipt.number!);
  for (const model of models) await store.dropBefore(tenant, model, receipt.number!, { keepLive: false });
  return { ...receipt, completeAt: clock.now() };
}

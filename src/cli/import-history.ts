import type { BehaviourRow } from '../datasets/behaviour-mapping';
import type { GoodRow } from '../datasets/row';
import { BeckonError, badInput } from '../platform/errors';
import { readCheckpoint, removeCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint';
import { behaviourIdOf } from './fingerprint';
import { HopeGuard } from './hope-guard';
import { sendItems, sendUsers } from './import-catalogue';
import type { ImportDeps, ImportOptions, ImportReport } from './import-ports';
import type { ImportSource } from './import-source';
import { RejectsFile } from './rejects-file';
import { sortByTime, type SortedRows } from './sort-by-time';

/** Not more than the ids that the store remembers of one user: a batch that is sent again must be known again. */
const BATCH = 2_000;

/**
 * Brings a source into the store: items, users, then behaviours in the order of time. Every batch is followed by a
 * checkpoint; ids are made of file and line. So an import that is broken off at any moment and started again records
 * every line once: batches before the checkpoint are not sent again, and the one that was under way comes as duplicates.
 *
 * @throws BeckonError BAD_INPUT, before anything is sent, when the source cannot be read to its end or no line of it is right.
 */
export async function importHistory(deps: ImportDeps, source: ImportSource, options: ImportOptions): Promise<ImportReport> {
  if (options.restart) await removeCheckpoint(options.checkpointFile);
  const found = await readCheckpoint(options.checkpointFile);
  if (found) {
    checkSame(found, source, options);
    await checkStore(deps, found);
  }
  const rejects = await RejectsFile.open(options.rejectsFile, { bytes: found?.rejectsBytes ?? 0, lines: found?.counts.rejected ?? 0 });
  let sorted: SortedRows | undefined;
  try {
    sorted = await readBehaviours(source, options, found ? undefined : rejects);
    const start = found ?? (await begin(deps, source, options, { sorted, rejects }));
    const counts = await sendBehaviours(deps, { source, options, sorted, rejects, start });
    return { ...counts, resumedAt: found?.position ?? 0 };
  } finally {
    await sorted?.dispose();
    await rejects.close();
  }
}

function checkSame(found: Checkpoint, source: ImportSource, options: ImportOptions): void {
  const restart = 'go on with the same, or start over with --restart';
  if (found.fingerprint !== source.fingerprint)
    throw badInput('checkpoint', `${source.name} has changed since its import was broken off: ${restart}`);
  if (found.tenant !== options.tenant) throw badInput('tenant', `the import was begun for tenant ${found.tenant}: ${restart}`);
  if (found.choice !== choiceOf(options)) throw badInput('checkpoint', `the import was begun with other options: ${restart}`);
}

/** A checkpoint says nothing about another store, or about one that was emptied. */
async function checkStore({ knows }: ImportDeps, { tenant, last }: Checkpoint): Promise<void> {
  if (!last || (await knows(tenant, last.userId, last.id))) return;
  throw badInput(
    'checkpoint',
    'the store does not know what the checkpoint says it took: it is another store, was emptied, or took it more than a week ago. Start over with --restart',
  );
}

const choiceOf = ({ times, untilFraction = 1, choice = '' }: ImportOptions): string => JSON.stringify([times, untilFraction, choice]);

/** All good behaviours in time order. On a resumed run the bad ones are in the rejects file already. */
async function readBehaviours(source: ImportSource, { onProgress }: ImportOptions, rejects: RejectsFile | undefined): Promise<SortedRows> {
  const guard = new HopeGuard(source.name);
  const rows = guard.watch(source.behaviours());
  const sorted = await sortByTime(rows, {
    onBad: async ({ line, reason }) => rejects?.add({ file: source.name, kind: 'behaviour', line, reason }),
    onRead: (done) => onProgress?.('reading', done, undefined),
  });
  await rejects?.flush();
  return sorted;
}

interface Reading {
  readonly sorted: SortedRows;
  readonly rejects: RejectsFile;
}

/** Items and users, and the first checkpoint. */
async function begin(deps: ImportDeps, source: ImportSource, options: ImportOptions, { sorted, rejects }: Reading): Promise<Checkpoint> {
  const items = await sendItems(deps, source, options, rejects);
  const users = await sendUsers(deps, source, options, rejects);
  await rejects.flush();
  const newest = options.times === 'shift' ? await newestWithin(sorted, limitOf(sorted, options)) : undefined;
  const checkpoint: Checkpoint = {
    fingerprint: source.fingerprint,
    tenant: options.tenant,
    choice: choiceOf(options),
    shiftMs: newest === undefined ? 0 : Math.floor(deps.clock.now() - newest),
    position: 0,
    line: 0,
    rejectsBytes: rejects.bytes,
    counts: { items, users, accepted: 0, duplicates: 0, repeats: 0, rejected: rejects.lines },
  };
  await writeCheckpoint(options.checkpointFile, checkpoint);
  return checkpoint;
}

const limitOf = (sorted: SortedRows, { untilFraction = 1 }: ImportOptions): number => Math.floor(sorted.total * untilFraction);

async function newestWithin(sorted: SortedRows, limit: number): Promise<number | undefined> {
  if (limit >= sorted.total) return sorted.total === 0 ? undefined : sorted.newestAt;
  let newest: number | undefined;
  let position = 0;
  for await (const { record } of sorted.rows()) {
    if (position++ >= limit) break;
    newest = record.at;
  }
  return newest;
}

interface Sending extends Reading {
  readonly source: ImportSource;
  readonly options: ImportOptions;
  readonly start: Checkpoint;
}

/** Sends what comes after the checkpoint, batch by batch, and moves the checkpoint with each. */
async function sendBehaviours(deps: ImportDeps, { source, options, sorted, rejects, start }: Sending): Promise<Checkpoint['counts']> {
  const limit = limitOf(sorted, options);
  const batchSize = options.batch ?? BATCH;
  let checkpoint = start;
  let position = 0;
  let batch: GoodRow<BehaviourRow>[] = [];
  const flush = async (): Promise<void> => {
    const sent = await sendBatch(deps, { source, options, rejects, checkpoint, batch });
    await rejects.flush();
    checkpoint = { ...checkpoint, ...sent, position, line: batch.at(-1)!.line, rejectsBytes: rejects.bytes };
    await writeCheckpoint(options.checkpointFile, checkpoint);
    options.onProgress?.('behaviours', position, limit);
    batch = [];
  };
  for await (const row of sorted.rows()) {
    if (position === limit) break;
    position++;
    if (position <= start.position) continue;
    batch.push(row);
    if (batch.length >= batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  return checkpoint.counts;
}

interface Batch {
  readonly source: ImportSource;
  readonly options: ImportOptions;
  readonly rejects: RejectsFile;
  readonly checkpoint: Checkpoint;
  readonly batch: readonly GoodRow<BehaviourRow>[];
}

async function sendBatch(
  deps: ImportDeps,
  { source, options, rejects, checkpoint, batch }: Batch,
): Promise<Pick<Checkpoint, 'counts' | 'last'>> {
  const drafts = batch.map(({ line, record }) => ({
    ...record,
    id: behaviourIdOf(source.fingerprint, line),
    at: record.at + checkpoint.shiftMs,
  }));
  const { recorded, rejected } = await deps.record(options.tenant, drafts);
  for (const { index, code, field, message } of rejected) {
    // Not the line's fault: stop here, and the next run sends the batch again.
    if (code === 'UNAVAILABLE') throw new BeckonError('UNAVAILABLE', 'the store did not answer: run the same import again to go on');
    await rejects.add({ file: source.name, kind: 'behaviour', line: batch[index]!.line, reason: `${field}: ${message}` });
  }
  const count = (status: string): number => recorded.filter((entry) => entry.status === status).length;
  const { counts } = checkpoint;
  const last = recorded.findLast(({ status }) => status !== 'repeat');
  return {
    ...(last && { last: { userId: last.userId, id: last.id } }),
    counts: {
      ...counts,
      accepted: counts.accepted + count('accepted'),
      duplicates: counts.duplicates + count('duplicate'),
      repeats: counts.repeats + count('repeat'),
      rejected: rejects.lines,
    },
  };
}

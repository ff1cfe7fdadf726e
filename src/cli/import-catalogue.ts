import { isBadRow, type GoodRow, type Row } from '../datasets/row';
import { HopeGuard } from './hope-guard';
import type { ImportDeps, ImportOptions } from './import-ports';
import type { ImportSource } from './import-source';
import type { RejectedLine, RejectsFile } from './rejects-file';

const BATCH = 500;

/** Brings the items of a source into the catalogue; how many it took. */
export async function sendItems(
  deps: ImportDeps,
  source: ImportSource,
  { tenant, onProgress }: ImportOptions,
  rejects: RejectsFile,
): Promise<number> {
  let [sent, taken] = [0, 0];
  for await (const batch of goodBatches(
    new HopeGuard(source.name).watch(source.items()),
    BATCH,
    { file: source.name, kind: 'item' },
    rejects,
  )) {
    const { items, rejected } = await deps.catalogue.upsert(
      tenant,
      batch.map(({ record }) => record),
    );
    for (const { index, field, message } of rejected)
      await rejects.add({ file: source.name, kind: 'item', line: batch[index]!.line, reason: `${field}: ${message}` });
    taken += items.length;
    sent += batch.length;
    onProgress?.('items', sent, undefined);
  }
  return taken;
}

/** Notes what a source tells of its users; how many there are. */
export async function sendUsers(
  deps: ImportDeps,
  source: ImportSource,
  { tenant, onProgress }: ImportOptions,
  rejects: RejectsFile,
): Promise<number> {
  let taken = 0;
  for await (const batch of goodBatches(source.users(), BATCH, { file: source.name, kind: 'user' }, rejects)) {
    await Promise.all(batch.map(({ record }) => deps.describeUser(tenant, record)));
    taken += batch.length;
    onProgress?.('users', taken, undefined);
  }
  return taken;
}

async function* goodBatches<T>(
  rows: AsyncIterable<Row<T>>,
  size: number,
  origin: Pick<RejectedLine, 'file' | 'kind'>,
  rejects: RejectsFile,
): AsyncGenerator<GoodRow<T>[]> {
  let batch: GoodRow<T>[] = [];
  for await (const row of rows) {
    if (isBadRow(row)) {
      await rejects.add({ ...origin, line: row.line, reason: row.reason });
      continue;
    }
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

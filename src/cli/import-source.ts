import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { NewItem } from '../catalogue/catalogue';
import type { BehaviourMapping, BehaviourRow } from '../datasets/behaviour-mapping';
import { DEFAULT_DATA_DIR, openDataset } from '../datasets/dataset';
import type { ItemMapping } from '../datasets/item-mapping';
import { readAtomic } from '../datasets/read-atomic';
import { formatOf, readBehaviours, readItems, type TableFormat } from '../datasets/read-table';
import { isBadRow, type Row } from '../datasets/row';
import { badInput } from '../platform/errors';
import { fingerprint } from './fingerprint';

/** Basic facts about a user, as a data set tells them. */
export interface UserRow {
  readonly userId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What an import reads: some of the three may be empty. Each can be read more than once. */
export interface ImportSource {
  /** For messages and file names. */
  readonly name: string;
  /** The same content has the same one: see fingerprint.ts. */
  readonly fingerprint: string;
  items(): AsyncIterable<Row<NewItem>>;
  users(): AsyncIterable<Row<UserRow>>;
  behaviours(): AsyncIterable<Row<BehaviourRow>>;
}

/** A data set by folder or by name. @throws BeckonError BAD_INPUT, fields `dataset` or `file`. */
export async function datasetSource(nameOrPath: string): Promise<ImportSource> {
  const path = nameOrPath.replace(/(?<=[^/])\/+$/, '');
  const dataset = await openDataset(path);
  const dir = path === basename(path) ? join(DEFAULT_DATA_DIR, path) : path;
  const userFile = (await readdir(dir)).find((file) => /\.user(\.gz)?$/.test(file));
  return {
    name: dataset.name,
    fingerprint: await fingerprint(dir),
    items: () => dataset.items(),
    users: () => (userFile === undefined ? nothing() : readUsers(join(dir, userFile))),
    behaviours: () => dataset.behaviours(),
  };
}

export interface FileChoice {
  readonly path: string;
  readonly format: TableFormat | undefined;
}

/** A file of behaviours. @throws BeckonError BAD_INPUT, fields `file` or `format`. */
export async function behaviourFileSource({ path, format }: FileChoice, mapping: BehaviourMapping | undefined): Promise<ImportSource> {
  const known = await checkFile({ path, format });
  return {
    name: basename(path),
    fingerprint: await fingerprint(path),
    items: nothing,
    users: nothing,
    behaviours: () => readBehaviours({ path, format: known, ...(mapping && { mapping }) }),
  };
}

/** A file of items. @throws BeckonError BAD_INPUT, fields `file` or `format`. */
export async function itemFileSource({ path, format }: FileChoice, mapping: ItemMapping, separator: string): Promise<ImportSource> {
  const known = await checkFile({ path, format });
  return {
    name: basename(path),
    fingerprint: await fingerprint(path),
    items: () => readItems({ path, format: known, mapping, separator }),
    users: nothing,
    behaviours: nothing,
  };
}

async function checkFile({ path, format }: FileChoice): Promise<TableFormat> {
  if (!existsSync(path)) throw badInput('file', `${basename(path)}: there is no such file`);
  if (statSync(path).isDirectory()) throw badInput('file', `${basename(path)} is a folder: import a folder with --dataset`);
  return format ?? formatOf(path);
}

/** The users of an atomic file: column user_id, every other column is an attribute. */
async function* readUsers(path: string): AsyncGenerator<Row<UserRow>> {
  for await (const row of readAtomic(path)) {
    if (isBadRow(row)) {
      yield row;
      continue;
    }
    const { user_id: userId, ...rest } = row.record;
    if (userId === undefined) yield { line: row.line, reason: 'user_id: is missing' };
    else
      yield {
        line: row.line,
        record: {
          userId: String(userId),
          attributes: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
        },
      };
  }
}

async function* nothing(): AsyncGenerator<never> {
  // there is nothing of this kind in the source
}

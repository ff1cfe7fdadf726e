import { badInput } from '../platform/errors';
import { toBehaviour, guessBehaviourMapping, type BehaviourMapping, type BehaviourRow } from './behaviour-mapping';
import type { SourceRecord } from './field-values';
import { toItem, type ItemMapping } from './item-mapping';
import type { NewItem } from '../catalogue/catalogue';
import { readAtomic } from './read-atomic';
import { readCsv } from './read-csv';
import { readJsonLines } from './read-json-lines';
import type { ReadOptions } from './read-lines';
import { isBadRow, mapRows, type Row } from './row';

export const TABLE_FORMATS = ['atomic', 'csv', 'tsv', 'jsonl'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

const FORMAT_OF_EXTENSION: Readonly<Record<string, TableFormat>> = {
  inter: 'atomic',
  item: 'atomic',
  user: 'atomic',
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
};

/** The format that a file's name tells, with or without `.gz`. @throws BeckonError BAD_INPUT, field `format`, when it tells none. */
export function formatOf(path: string): TableFormat {
  const extension = /\.(\w+)(?:\.gz)?$/.exec(path)?.[1] ?? '';
  const format = FORMAT_OF_EXTENSION[extension.toLowerCase()];
  if (format === undefined) throw badInput('format', `cannot tell the format from the name: give one of ${TABLE_FORMATS.join(', ')}`);
  return format;
}

/** The records of a table file in one of the formats. See the readers for what is thrown. */
export function readTable(
  path: string,
  format: TableFormat,
  options: ReadOptions = {},
): AsyncGenerator<Row<SourceRecord>, void, undefined> {
  switch (format) {
    case 'atomic':
      return readAtomic(path, options);
    case 'csv':
      return readCsv(path, options);
    case 'tsv':
      return readCsv(path, { ...options, delimiter: '\t', quotes: false });
    case 'jsonl':
      return readJsonLines(path, options);
  }
}

export interface BehaviourSource {
  readonly path: string;
  /** @default told by the name */
  readonly format?: TableFormat;
  /** @default guessed from the first record's column names */
  readonly mapping?: BehaviourMapping;
}

/** The behaviours of a file, in its order, in constant memory. @throws BeckonError BAD_INPUT, fields `file`, `format` or `mapping`. */
export async function* readBehaviours(
  { path, format, mapping }: BehaviourSource,
  options: ReadOptions = {},
): AsyncGenerator<Row<BehaviourRow>, void, undefined> {
  let known = mapping;
  const records = readTable(path, format ?? formatOf(path), options);
  yield* mapRows(records, (record) => toBehaviour(record, (known ??= guessBehaviourMapping(Object.keys(record)))));
}

export interface ItemSource {
  readonly path: string;
  /** @default told by the name */
  readonly format?: TableFormat;
  readonly mapping: ItemMapping;
  /** Cuts categories and tags that are text. @default '|' */
  readonly separator?: string;
}

/** The items of a file, in its order, in constant memory. @throws BeckonError BAD_INPUT, fields `file` or `format`. */
export function readItems(
  { path, format, mapping, separator }: ItemSource,
  options: ReadOptions = {},
): AsyncGenerator<Row<NewItem>, void, undefined> {
  return mapRows(readTable(path, format ?? formatOf(path), options), (record) => toItem(record, mapping, separator));
}

export interface ReadAll<T> {
  readonly records: readonly T[];
  /** How many bad rows were left out. */
  readonly rejected: number;
}

/** All good records in memory, in the file's order. */
export async function readAll<T>(rows: AsyncIterable<Row<T>>): Promise<ReadAll<T>> {
  const records: T[] = [];
  let rejected = 0;
  for await (const row of rows) {
    if (isBadRow(row)) rejected++;
    else records.push(row.record);
  }
  return { records, rejected };
}

/** The behaviours in the order (time, line). */
export const inTimeOrder = (behaviours: readonly BehaviourRow[]): BehaviourRow[] => [...behaviours].sort((a, b) => a.at - b.at); // sort is stable

import { join } from 'node:path';
import type { NewItem } from '../catalogue/catalogue';
import type { BehaviourRow } from './behaviour-mapping';
import { optionalNumber, optionalText, requireText, textList } from './field-values';
import { readCsv } from './read-csv';
import type { ReadOptions } from './read-lines';
import { isBadRow, mapRow, mapRows, RowError, type Row } from './row';

/** These cuts of MovieLens-1M give an order but no times: one second an event, counted from the first day of the original. */
const FIRST_EVENT = Date.UTC(2000, 3, 25);
const TAB = { delimiter: '\t', quotes: false } as const;

const inOrder = async function* <T>(rows: AsyncIterable<Row<T>>): AsyncGenerator<Row<T & { readonly at: number }>, void, undefined> {
  for await (const row of rows)
    yield isBadRow(row) ? row : { line: row.line, record: { ...row.record, at: FIRST_EVENT + row.line * 1000 } };
};

/** Training ratings of the NCF split, in file order, with made-up times that keep that order. */
export function readNcfBehaviours(dir: string, options?: ReadOptions): AsyncIterable<Row<BehaviourRow>> {
  const rows = readCsv(join(dir, 'train.tsv.gz'), { ...options, ...TAB, columns: ['user', 'item', 'rating'] });
  return mapRows(inOrder(rows), (record) => {
    const value = optionalNumber(record, 'rating');
    if (value === undefined) throw new RowError('rating: is missing');
    return { userId: requireText(record, 'user'), itemId: requireText(record, 'item'), type: 'rate', at: record.at, value };
  });
}

/** Interactions of the SASRec cut, in file order (a user's are in time order), with made-up times that keep that order. */
export function readSasrecBehaviours(dir: string, options?: ReadOptions): AsyncIterable<Row<BehaviourRow>> {
  const rows = readCsv(join(dir, 'sequences.txt.gz'), { ...options, delimiter: ' ', quotes: false, columns: ['user', 'item'] });
  return mapRows(inOrder(rows), (record) => ({
    userId: requireText(record, 'user'),
    itemId: requireText(record, 'item'),
    type: 'view',
    at: record.at,
  }));
}

export const readNcfItems = (dir: string, options?: ReadOptions): AsyncIterable<Row<NewItem>> => readFilms(dir, 'ncf_item', options);
export const readSasrecItems = (dir: string, options?: ReadOptions): AsyncIterable<Row<NewItem>> => readFilms(dir, 'sasrec_item', options);

/** The films that have an id in the given column. */
async function* readFilms(dir: string, idColumn: string, options?: ReadOptions): AsyncGenerator<Row<NewItem>, void, undefined> {
  for await (const row of readCsv(join(dir, 'films.tsv.gz'), { ...options, ...TAB })) {
    if (!isBadRow(row) && optionalText(row.record, idColumn) === undefined) continue;
    yield mapRow(row, (record) => ({
      id: requireText(record, idColumn),
      title: requireText(record, 'title'),
      categories: textList(record, 'genres', ' '),
      tags: textList(record, 'year', ' '),
    }));
  }
}

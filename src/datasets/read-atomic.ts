import { badFile } from './open-bytes';
import { readLines, type ReadOptions } from './read-lines';
import { isBadRow, mapRow, RowError, type Row } from './row';

export type AtomicValue = string | number | readonly string[] | readonly number[];
/** One line of an atomic file by column name; an empty field is absent. */
export type AtomicRecord = Readonly<Record<string, AtomicValue>>;

const TYPES = ['token', 'token_seq', 'float', 'float_seq'] as const;
interface Column {
  readonly name: string;
  readonly type: (typeof TYPES)[number];
}

/**
 * The records of a RecBole atomic file (`.inter`, `.item`, `.user`): tab separated, first line `name:type` for each
 * column with the types token, token_seq, float and float_seq, sequences separated by spaces. Plain or gzip.
 *
 * @throws BeckonError BAD_INPUT, field `file`: no file, a header of another form, or damaged gzip (after its readable lines).
 */
export async function* readAtomic(path: string, { after = 0 }: ReadOptions = {}): AsyncGenerator<Row<AtomicRecord>, void, undefined> {
  let columns: readonly Column[] | undefined;
  for await (const row of readLines(path)) {
    if (columns === undefined) columns = parseHeader(path, row);
    else if (row.line > after) yield mapRow(row, parseRecord.bind(undefined, columns));
  }
  if (columns === undefined) throw badFile(path, 'is empty; the first line of an atomic file is its header');
}

function parseHeader(path: string, row: Row<string>): readonly Column[] {
  if (isBadRow(row)) throw badFile(path, `line ${row.line} ${row.reason}`);
  return row.record.split('\t').map((field) => {
    const [name, type, more] = field.split(':');
    const known = TYPES.find((candidate) => candidate === type);
    if (name === undefined || name === '' || known === undefined || more !== undefined) {
      throw badFile(
        path,
        `the header has the column "${field.slice(0, 80)}"; columns are tab separated, each name:type with a type of ${TYPES.join(', ')}`,
      );
    }
    return { name, type: known };
  });
}

function parseRecord(columns: readonly Column[], text: string): AtomicRecord {
  const fields = text.split('\t');
  if (fields.length !== columns.length) throw new RowError(`has ${fields.length} columns, the header has ${columns.length}`);
  const record: Record<string, AtomicValue> = {};
  columns.forEach(({ name, type }, k) => {
    const field = fields[k] ?? '';
    if (field !== '') record[name] = parseValue(name, type, field);
  });
  return record;
}

function parseValue(name: string, type: Column['type'], field: string): AtomicValue {
  switch (type) {
    case 'token':
      return field;
    case 'token_seq':
      return words(field);
    case 'float':
      return parseFloatField(name, field);
    case 'float_seq':
      return words(field).map((word) => parseFloatField(name, word));
  }
}

const words = (field: string): string[] => field.split(' ').filter((word) => word !== '');

function parseFloatField(name: string, field: string): number {
  const value = Number(field);
  if (field.trim() === '' || !Number.isFinite(value)) throw new RowError(`${name}: "${field.slice(0, 80)}" is not a finite number`);
  return value;
}

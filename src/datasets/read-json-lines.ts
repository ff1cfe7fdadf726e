import { readLines, type ReadOptions } from './read-lines';
import { mapRow, RowError, type Row } from './row';

export type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * The objects of a JSON Lines file, one a line, plain or gzip.
 *
 * @throws BeckonError BAD_INPUT, field `file`: no file, or damaged gzip (after its readable lines).
 */
export async function* readJsonLines(path: string, { after = 0 }: ReadOptions = {}): AsyncGenerator<Row<JsonRecord>, void, undefined> {
  for await (const row of readLines(path)) if (row.line > after) yield mapRow(row, parseObject);
}

function parseObject(text: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RowError('is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RowError('is not a JSON object');
  return value as JsonRecord;
}

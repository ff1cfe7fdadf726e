import { CsvError, parse } from 'csv-parse/sync';
import { badFile } from './open-bytes';
import { MAX_LINE_LENGTH, readLines, type ReadOptions } from './read-lines';
import { isBadRow, type BadRow, type GoodRow, type Row } from './row';

/** One record by column name; an empty field is the empty string. */
export type CsvRecord = Readonly<Record<string, string>>;

export interface CsvOptions extends ReadOptions {
  /** One character. @default ',' */
  readonly delimiter?: string;
  /** Column names of a file without a header line. @default the first line */
  readonly columns?: readonly string[];
  /** Whether `"` quotes a field (RFC 4180). @default true */
  readonly quotes?: boolean;
}

/** Most lines that one quoted field may run over: an unclosed quote costs one record, not the rest of the file. */
const MAX_RECORD_LINES = 100;

/**
 * The records of a CSV file (RFC 4180), plain or gzip. A record that is not right is a bad row of its own and reading goes on with
 * the next line. Blank lines inside a quoted field are lost. A row's line is the last one of its record.
 *
 * @throws BeckonError BAD_INPUT, field `file`: no file, no usable header, or damaged gzip (after its readable lines).
 */
export async function* readCsv(path: string, options: CsvOptions = {}): AsyncGenerator<Row<CsvRecord>, void, undefined> {
  const { after = 0, delimiter = ',', quotes = true } = options;
  let columns = options.columns;
  for await (const row of splitRecords(readLines(path), quotes, delimiter)) {
    if (columns === undefined) columns = headerOf(path, row);
    else if (row.line > after) yield toRecord(row, columns);
  }
  if (columns === undefined) throw badFile(path, 'is empty; the first line of a CSV file is its header');
}

function headerOf(path: string, row: Row<readonly string[]>): readonly string[] {
  if (isBadRow(row)) throw badFile(path, `line ${row.line} ${row.reason}`);
  const columns = row.record.map((name) => name.trim());
  const twice = columns.find((name, k) => columns.indexOf(name) !== k);
  if (twice !== undefined) throw badFile(path, `the header names the column "${twice}" twice`);
  return columns;
}

function toRecord(row: Row<readonly string[]>, columns: readonly string[]): Row<CsvRecord> {
  if (isBadRow(row)) return row;
  const { line, record: fields } = row;
  if (fields.length !== columns.length) return { line, reason: `has ${fields.length} columns, the header has ${columns.length}` };
  return { line, record: Object.fromEntries(columns.map((name, k) => [name, fields[k]!])) };
}

type Fields = Row<readonly string[]>;

async function* splitRecords(
  lines: AsyncIterable<Row<string>>,
  quotes: boolean,
  delimiter: string,
): AsyncGenerator<Fields, void, undefined> {
  /** Lines of a record whose quoted field is still open. */
  let open: GoodRow<string>[] = [];
  for await (const line of lines) {
    if (open.length === 0 && !isBadRow(line) && !(quotes && line.record.includes('"'))) {
      yield { line: line.line, record: line.record.split(delimiter) };
      continue;
    }
    if (isBadRow(line)) {
      yield* closeAll(open, delimiter);
      open = [];
      yield line;
      continue;
    }
    open.push(line);
    const result = parseQuoted(open, delimiter);
    if (result === 'open' && !isTooLong(open)) continue;
    if (result === 'open') yield* closeAll(open, delimiter);
    else yield result;
    open = [];
  }
  yield* closeAll(open, delimiter);
}

const isTooLong = (open: readonly GoodRow<string>[]): boolean =>
  open.length >= MAX_RECORD_LINES || open.reduce((sum, { record }) => sum + record.length, 0) > MAX_LINE_LENGTH;

/** The records among lines of which the first opens a quote that no later one closes: that one is bad, the others get their chance. */
function* closeAll(open: readonly GoodRow<string>[], delimiter: string): Generator<Fields, void, undefined> {
  for (let rest = open; rest.length > 0;) {
    let end = 1;
    let result = parseQuoted(rest.slice(0, end), delimiter);
    while (result === 'open' && end < rest.length) result = parseQuoted(rest.slice(0, ++end), delimiter);
    const unclosed: BadRow = { line: rest[0]!.line, reason: `has a quote that is not closed within ${MAX_RECORD_LINES} lines` };
    yield result === 'open' ? unclosed : result;
    rest = rest.slice(result === 'open' ? 1 : end);
  }
}

function parseQuoted(lines: readonly GoodRow<string>[], delimiter: string): Fields | 'open' {
  const { line } = lines.at(-1)!;
  try {
    const [record = []] = parse(lines.map(({ record: text }) => text).join('\n'), { delimiter, relax_column_count: true });
    return { line, record };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'open';
    return { line, reason: `is not CSV: ${error.message.replace(/ at line \d+/g, '')}` };
  }
}

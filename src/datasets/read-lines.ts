import { StringDecoder } from 'node:string_decoder';
import { fileError, openBytes } from './open-bytes';
import type { Row } from './row';

/** Longest line that is read, in UTF-16 units; a longer one is a bad row. Bounds the memory of a reader. */
export const MAX_LINE_LENGTH = 1_000_000;

export interface ReadOptions {
  /** Line to resume after; 0: from the start. A header is read in any case. @default 0 */
  readonly after?: number;
}

/**
 * The lines of a UTF-8 file, plain or gzip, without their ends (LF or CRLF) and without a byte-order mark.
 * Blank lines are counted and left out. An unfinished last line of a truncated gzip file is not given.
 *
 * @throws BeckonError BAD_INPUT, field `file`, after all readable lines have been given.
 */
export async function* readLines(path: string): AsyncGenerator<Row<string>, void, undefined> {
  const bytes = await openBytes(path);
  const decoder = new StringDecoder('utf8');
  let line = 0;
  let tail = '';
  let overlong = false;

  const finish = (end: string): Row<string> | undefined => {
    line++;
    const text = overlong ? '' : tail + end;
    const tooLong = overlong || text.length > MAX_LINE_LENGTH;
    tail = '';
    overlong = false;
    return tooLong ? { line, reason: `is longer than ${MAX_LINE_LENGTH} characters` } : rowOf(line, text);
  };

  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      const text = decoder.write(chunk);
      let from = 0;
      for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
        const row = finish(text.slice(from, to));
        from = to + 1;
        if (row !== undefined) yield row;
      }
      tail += text.slice(from);
      if (tail.length > MAX_LINE_LENGTH) {
        overlong = true;
        tail = '';
      }
    }
  } catch (error) {
    throw fileError(path, error, line);
  }
  const last = decoder.end();
  if (tail !== '' || last !== '' || overlong) {
    const row = finish(last);
    if (row !== undefined) yield row;
  }
}

function rowOf(line: number, raw: string): Row<string> | undefined {
  const start = line === 1 && raw.startsWith('\uFEFF') ? 1 : 0;
  const text = raw.slice(start, raw.endsWith('\r') ? -1 : undefined);
  if (text.trim() === '') return undefined;
  // The decoder puts U+FFFD where the bytes are no UTF-8; an id with it would silently match nothing.
  if (text.includes('\uFFFD')) return { line, reason: 'is not UTF-8' };
  return { line, record: text };
}

export interface GoodRow<T> {
  /** 1-based line of the file on which the record ends: a position to resume after. */
  readonly line: number;
  readonly record: T;
}

export interface BadRow {
  readonly line: number;
  /** What is wrong and, where it helps, what would be right. */
  readonly reason: string;
}

/** One record of a file, or why there is none. Lines rise strictly through a file. */
export type Row<T> = GoodRow<T> | BadRow;

export const isBadRow = <T>(row: Row<T>): row is BadRow => 'reason' in row;

/** Thrown by a mapping for a record that it cannot take; `mapRows` makes a `BadRow` of it. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/** The rows with each record mapped; a `RowError` from `map` turns the row into a bad one, any other error ends the reading. */
export async function* mapRows<T, U>(rows: AsyncIterable<Row<T>>, map: (record: T) => U): AsyncGenerator<Row<U>, void, undefined> {
  for await (const row of rows) yield mapRow(row, map);
}

/** One row mapped, as `mapRows` does. */
export function mapRow<T, U>(row: Row<T>, map: (record: T) => U): Row<U> {
  if (isBadRow(row)) return row;
  const { line, record } = row;
  try {
    return { line, record: map(record) };
  } catch (error) {
    if (error instanceof RowError) return { line, reason: error.message };
    throw error;
  }
}

import { join } from 'node:path';
import { requireText } from './field-values';
import { readAll } from './read-table';
import { readAtomic } from './read-atomic';
import { mapRows } from './row';

/** What a user of ml-100k said of themselves. */
export interface MovieLensUser {
  readonly id: string;
  /** In years. */
  readonly age: number;
  /** `F` or `M`: no others were offered. */
  readonly gender: string;
}

/** The users of ml-100k with the attributes that they declared. `dir`: the data set's folder. */
export async function readMovieLensUsers(dir: string): Promise<readonly MovieLensUser[]> {
  const rows = mapRows(readAtomic(join(dir, 'ml-100k.user.gz')), (record) => ({
    id: requireText(record, 'user_id'),
    age: Number(requireText(record, 'age')),
    gender: requireText(record, 'gender'),
  }));
  return (await readAll(rows)).records;
}

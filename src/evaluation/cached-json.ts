import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from './write-whole';

export interface JsonPlace {
  /** Folder of the cache; absent: nothing is kept. */
  readonly folder: string | undefined;
  /** Begins the file's name. */
  readonly name: string;
  /** Everything that the value depends on. */
  readonly key: readonly unknown[];
  /** Make it again, whatever is there. @default false */
  readonly fresh?: boolean;
}

/** What `make` gave, kept as JSON and given again for the same key; numbers that JSON cannot say become null. */
export async function cachedJson<T>({ folder, name, key, fresh = false }: JsonPlace, make: () => Promise<T>): Promise<T> {
  if (folder === undefined) return make();
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 20);
  const path = join(folder, `${name}-${digest}.json`);
  if (!fresh) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  const value = await make();
  await mkdir(folder, { recursive: true });
  await writeWhole(path, JSON.stringify(value));
  return value;
}

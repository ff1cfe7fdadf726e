import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A folder for one test file's inputs; `remove` in `afterAll`. */
export class Files {
  private readonly dir = mkdtempSync(join(tmpdir(), 'beckon-datasets-'));

  write(name: string, content: string | Buffer): string {
    const path = join(this.dir, name);
    writeFileSync(path, content);
    return path;
  }

  gzip(name: string, content: string): string {
    return this.write(name, gzipSync(content));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true });
  }
}

export async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** What was given before the reading failed, and the failure. */
export async function collectUntilError<T>(rows: AsyncIterable<T>): Promise<{ rows: T[]; error: unknown }> {
  const all: T[] = [];
  try {
    for await (const row of rows) all.push(row);
  } catch (error) {
    return { rows: all, error };
  }
  return { rows: all, error: undefined };
}

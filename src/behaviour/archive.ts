import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import type { StreamEntry } from '../platform/stream-tail';

const compress = promisify(gzip);
const SUFFIX = '.jsonl.gz';

/**
 * The log of one shard as files: gzip JSON Lines, an entry a line (`[id, field, value, …]`), a file named for its first and
 * last entry. A file is complete or absent: it is written beside its place, synced, then renamed.
 */
export class ShardArchive {
  constructor(private readonly folder: string) {}

  static of(archiveDir: string, tenant: string, shard: number): ShardArchive {
    return new ShardArchive(join(archiveDir, encodeURIComponent(tenant), `shard-${String(shard).padStart(4, '0')}`));
  }

  /** Stores entries in their order. The same entries again replace the same file. */
  async write(entries: readonly StreamEntry[]): Promise<void> {
    const first = entries[0];
    const last = entries[entries.length - 1];
    if (!first || !last) return;
    await mkdir(this.folder, { recursive: true });
    await this.store(`${padded(first[0])}_${padded(last[0])}${SUFFIX}`, entries);
  }

  /** Id of the newest archived entry; '0' when there is none. */
  async newestId(): Promise<string> {
    const names = await this.files();
    const newest = names.at(-1);
    return newest === undefined ? '0' : unpadded(newest.slice(newest.indexOf('_') + 1, -SUFFIX.length));
  }

  /** All entries, oldest first, each once. */
  async *read(): AsyncGenerator<StreamEntry> {
    let newest = '';
    for (const name of await this.files()) {
      for await (const entry of this.readFile(name)) {
        const id = padded(entry[0]);
        if (id <= newest) continue; // files of a run that was repeated after a crash may overlap
        newest = id;
        yield entry;
      }
    }
  }

  /** Rewrites the files without the entries that match. Returns how many were dropped. */
  async drop(matches: (entry: StreamEntry) => boolean): Promise<number> {
    let dropped = 0;
    for (const name of await this.files()) {
      const kept: StreamEntry[] = [];
      let found = 0;
      for await (const entry of this.readFile(name)) {
        if (matches(entry)) found++;
        else kept.push(entry);
      }
      if (found === 0) continue;
      dropped += found;
      await this.store(name, kept);
    }
    return dropped;
  }

  private async *readFile(name: string): AsyncGenerator<StreamEntry> {
    const lines = createInterface({ input: createReadStream(join(this.folder, name)).pipe(createGunzip()), crlfDelay: Infinity });
    for await (const line of lines) {
      const [id, ...fields] = JSON.parse(line) as string[];
      yield [id!, fields];
    }
  }

  private async store(name: string, entries: readonly StreamEntry[]): Promise<void> {
    const bytes = await compress(entries.map(([id, fields]) => `${JSON.stringify([id, ...fields])}\n`).join(''));
    const temporary = join(this.folder, `${name}.${process.pid}.part`);
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(this.folder, name)).catch(async (error: unknown) => {
      await rm(temporary, { force: true });
      throw error;
    });
  }

  private async files(): Promise<string[]> {
    try {
      return (await readdir(this.folder)).filter((name) => name.endsWith(SUFFIX)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

/** Stream ids in a form that sorts as text. */
function padded(id: string): string {
  const [ms, count = '0'] = id.split('-');
  return `${ms!.padStart(15, '0')}-${count.padStart(8, '0')}`;
}

function unpadded(id: string): string {
  const [ms, count] = id.split('-');
  return `${Number(ms)}-${Number(count)}`;
}

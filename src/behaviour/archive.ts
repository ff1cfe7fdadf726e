import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import type { EpochMs } from '../platform/clock';
import type { StreamEntry } from '../platform/stream-tail';

const compress = promisify(gzip);
const SUFFIX = '.jsonl.gz';
const UNFINISHED = '.part';

/** Whether this process may still write the archive; asked between the writing of a file and its renaming. @throws when it may not. */
export type ArchiveGuard = () => Promise<void>;

/**
 * The log of one shard as files: gzip JSON Lines, an entry a line (`[id, field, value, …]`), a file named for its first and
 * last entry. A file is complete or absent: it is written beside its place, synced, then renamed.
 *
 * One process writes at a time: whoever has the lease (`archiveUnderLease`). A writer that lost it unawares cannot bring back what another
 * one has erased: it asks the guard after its file is written, and the next holder removes unfinished files before anything else. So either
 * the guard refuses, or the file to be renamed is gone, or it was renamed before the next holder looked.
 */
export class ShardArchive {
  constructor(
    private readonly folder: string,
    private readonly guard: ArchiveGuard = () => Promise.resolve(),
  ) {}

  static of(archiveDir: string, tenant: string, shard: number, guard?: ArchiveGuard): ShardArchive {
    return new ShardArchive(join(archiveDir, encodeURIComponent(tenant), `shard-${String(shard).padStart(4, '0')}`), guard);
  }

  /** Removes what a writer left unfinished, dead or alive. Returns how many files. */
  async removeUnfinished(): Promise<number> {
    const left = (await this.names()).filter((name) => name.endsWith(UNFINISHED));
    for (const name of left) await rm(join(this.folder, name), { force: true });
    return left.length;
  }

  /** Removes the entries of files that end before `before`; the newest file stays, empty, because it says how far the archive goes. */
  async dropBefore(before: EpochMs): Promise<number> {
    const names = await this.files();
    let dropped = 0;
    for (const [n, name] of names.entries()) {
      if (timeOfId(lastIdOf(name)) >= before) break;
      if (n < names.length - 1) {
        await rm(join(this.folder, name));
        dropped++;
      } else {
        dropped += (await this.rewrite(name, () => true)) > 0 ? 1 : 0;
      }
    }
    return dropped;
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
    return newest === undefined ? '0' : unpadded(lastIdOf(newest));
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
    for (const name of await this.files()) dropped += await this.rewrite(name, matches);
    return dropped;
  }

  private async rewrite(name: string, matches: (entry: StreamEntry) => boolean): Promise<number> {
    const kept: StreamEntry[] = [];
    let found = 0;
    for await (const entry of this.readFile(name)) {
      if (matches(entry)) found++;
      else kept.push(entry);
    }
    if (found > 0) await this.store(name, kept);
    return found;
  }

  private async *readFile(name: string): AsyncGenerator<StreamEntry> {
    const file = await open(join(this.folder, name)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // past its retention since the folder was listed
      throw error;
    });
    if (!file) return;
    const lines = createInterface({ input: file.createReadStream().pipe(createGunzip()), crlfDelay: Infinity });
    for await (const line of lines) {
      const [id, ...fields] = JSON.parse(line) as string[];
      yield [id!, fields];
    }
  }

  private async store(name: string, entries: readonly StreamEntry[]): Promise<void> {
    const bytes = await compress(entries.map(([id, fields]) => `${JSON.stringify([id, ...fields])}\n`).join(''));
    const temporary = join(this.folder, `${name}.${process.pid}${UNFINISHED}`);
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      await this.guard();
      await rename(temporary, join(this.folder, name));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  private async files(): Promise<string[]> {
    return (await this.names()).filter((name) => name.endsWith(SUFFIX)).sort();
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

const lastIdOf = (name: string): string => name.slice(name.indexOf('_') + 1, -SUFFIX.length);

/** When an entry was appended, by the clock of the store. */
export const timeOfId = (id: string): EpochMs => Number(id.split('-')[0]);

/** Stream ids in a form that sorts as text. */
function padded(id: string): string {
  const [ms, count = '0'] = id.split('-');
  return `${ms!.padStart(15, '0')}-${count.padStart(8, '0')}`;
}

function unpadded(id: string): string {
  const [ms, count] = id.split('-');
  return `${Number(ms)}-${Number(count)}`;
}

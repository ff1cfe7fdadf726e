import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { Keys } from '../../src/platform/keys';
import type { Terminal } from '../../src/cli/terminal';

/** A folder of this test's own. */
export interface Scratch {
  readonly dir: string;
  write(name: string, content: string | Buffer): Promise<string>;
  writeGzip(name: string, content: string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeScratch(): Promise<Scratch> {
  const dir = await mkdtemp(join(tmpdir(), 'beckon-cli-'));
  const write = async (name: string, content: string | Buffer): Promise<string> => {
    await writeFile(join(dir, name), content);
    return join(dir, name);
  };
  return {
    dir,
    write,
    writeGzip: (name, content) => write(name, gzipSync(content)),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Entries of all shards of the log. */
export async function countLog(redis: Redis, tenant = 'default', shards = 16): Promise<number> {
  const keys = new Keys(shards);
  const lengths = await Promise.all(Array.from({ length: shards }, (_, shard) => redis.xlen(keys.log(tenant, shard))));
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** A terminal that remembers what was written. */
export function fakeTerminal(
  over: Partial<Pick<Terminal, 'isTty' | 'columns'>> = {},
): Terminal & { readonly text: { out: string; err: string } } {
  const text = { out: '', err: '' };
  return { text, isTty: false, columns: 100, ...over, out: (more) => void (text.out += more), err: (more) => void (text.err += more) };
}

import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../datasets/open-bytes';

const HEAD_BYTES = 65_536;

/**
 * Names the content of a file, or of a folder's files, by sizes and first bytes: 12 hex digits, the same wherever it lies.
 * Behaviour ids are made of it, so that the same line always gives the same id.
 *
 * @throws BeckonError BAD_INPUT, field `file`, when it cannot be read.
 */
export async function fingerprint(path: string): Promise<string> {
  try {
    const hash = createHash('sha256');
    const isFolder = (await stat(path)).isDirectory();
    const files = isFolder ? (await readdir(path)).sort() : [undefined];
    for (const file of files) {
      if (file !== undefined) hash.update(`${file}\n`);
      hash.update(await sizeAndHead(file === undefined ? path : join(path, file)));
    }
    return hash.digest('hex').slice(0, 12);
  } catch (error) {
    throw fileError(path, error);
  }
}

async function sizeAndHead(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
    await handle.read(head, 0, head.length, 0);
    return Buffer.concat([Buffer.from(`${size}\n`), head]);
  } finally {
    await handle.close();
  }
}

/** The idempotency key of one line: import and replay give the same, so a behaviour that comes both ways is counted once. */
export const behaviourIdOf = (fingerprintOfFile: string, line: number): string => `file-${fingerprintOfFile}-${line}`;

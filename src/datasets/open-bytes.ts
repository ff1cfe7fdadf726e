import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { badInput, type BeckonError } from '../platform/errors';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * The plain bytes of a file as a stream: gunzipped when it begins with gzip's magic bytes, whatever it is called.
 * Destroying the stream closes the file.
 *
 * @throws BeckonError BAD_INPUT, field `file`: no such file, not a file, or called `.gz` without being gzip.
 */
export async function openBytes(path: string): Promise<Readable> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw fileError(path, error);
  });
  try {
    const head = Buffer.alloc(GZIP_MAGIC.length);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const gzipped = bytesRead === head.length && head.equals(GZIP_MAGIC);
    if (!gzipped && path.endsWith('.gz')) throw badInput('file', `${basename(path)} is called .gz but does not begin as gzip does`);
    const raw = handle.createReadStream({ start: 0 }); // closes the handle when it ends or is destroyed
    // The callback is there to keep a failure from being unhandled: the reader gets it from the gunzip stream.
    return gzipped ? pipeline(raw, createGunzip(), () => undefined) : raw;
  } catch (error) {
    await handle.close();
    throw fileError(path, error);
  }
}

/** What went wrong with a file, in words for whoever named it. Errors that are no file's fault are passed through. */
export function fileError(path: string, error: unknown, line?: number): unknown {
  const reason = typeof error === 'object' && error !== null && 'code' in error ? FILE_ERRORS[String(error.code)] : undefined;
  if (reason === undefined) return error;
  return badFile(path, line === undefined ? reason : `${reason} after line ${line}`);
}

export const badFile = (path: string, reason: string): BeckonError => badInput('file', `${basename(path)}: ${reason}`);

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'may not be read',
  EISDIR: 'is a folder, not a file',
  Z_BUF_ERROR: 'the gzip data ends too early (a broken download?)',
  Z_DATA_ERROR: 'the gzip data is damaged',
};

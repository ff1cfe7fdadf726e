import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

/** Writes beside the place and moves there, which is one step for every reader: a file is there whole or not at all. */
export async function writeWhole(path: string, content: Buffer | string): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`;
  await writeFile(beside, content);
  await rename(beside, path);
}

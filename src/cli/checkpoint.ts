import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { badInput } from '../platform/errors';

const count = z.number().int().min(0);

/** How far an import has come, and everything that must not change when it goes on. */
const checkpointSchema = z.object({
  /** Content of the source, see fingerprint.ts. */
  fingerprint: z.string(),
  tenant: z.string(),
  /** Options that decide what is sent: another choice is another import. */
  choice: z.string(),
  /** Added to every time, in ms. */
  shiftMs: z.number(),
  /** Behaviours in time order that were sent and acknowledged. */
  position: count,
  /** Line of the file that the last of them came from. */
  line: count,
  /** The last behaviour that the store took: tells whether it is still the same store. */
  last: z.object({ userId: z.string(), id: z.string() }).optional(),
  /** Length of the rejects file that belongs to it; what lies beyond is of the batch that was broken off. */
  rejectsBytes: count,
  counts: z.object({ items: count, users: count, accepted: count, duplicates: count, repeats: count, rejected: count }),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** The checkpoint of an import; undefined when there is none. @throws BeckonError BAD_INPUT, field `checkpoint`, when the file is no checkpoint. */
export async function readCheckpoint(file: string): Promise<Checkpoint | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return checkpointSchema.parse(JSON.parse(text));
  } catch {
    throw badInput('checkpoint', 'the checkpoint file is damaged: start over with --restart');
  }
}

/** Replaces the checkpoint in one step: after a crash there is the old one or the new one, never half of it. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  await writeFile(fresh, JSON.stringify(checkpoint));
  await rename(fresh, file);
}

export const removeCheckpoint = (file: string): Promise<void> => rm(file, { force: true });

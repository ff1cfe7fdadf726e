import { join } from 'node:path';
import type { RunningProgram } from './node-program';
import { residentKbOf } from './process-usage';

/** Options of node with which a program can be asked for `settledKbOf`. */
export const SETTLING: readonly string[] = ['--expose-gc', '--require', join(__dirname, 'settle-on-request.js')];

/** Resident memory of a program after everything that can be collected has been, in KiB. */
export async function settledKbOf(program: RunningProgram): Promise<number> {
  program.send('settle');
  await program.next((message) => (message === 'settled' ? true : undefined));
  return residentKbOf(program.pid);
}

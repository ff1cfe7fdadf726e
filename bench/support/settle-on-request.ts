import { setTimeout as after } from 'node:timers/promises';

/*
 * Loaded into a measured process before its own code (`--require`, with `--expose-gc`): on request collects garbage until nothing more
 * goes, so that its resident memory is what it really holds.
 */

const ROUNDS = 4;
const PAUSE_MS = 150;

async function settle(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    global.gc?.();
    await after(PAUSE_MS); // what finalizers let go of, the next round collects
  }
}

process.on('message', (message: unknown) => {
  if (message === 'settle') void settle().then(() => process.send!('settled'));
});

import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

const LOWEST = 19;
const THREADS = '/proc/self/task';

/**
 * Gives this process what others leave over, with every thread that it has and will have. Linux keeps a priority for each thread, and
 * a new thread gets that of the one that starts it: those of V8 and libuv, which run already, are named one by one.
 * Not to be used in a process with a session of its own (`detached`): there schedulers weigh sessions, not processes.
 */
export function lowerPriority(): void {
  setPriority(0, LOWEST);
  for (const thread of threadIds()) {
    try {
      setPriority(thread, LOWEST);
    } catch {
      // it has ended since it was listed
    }
  }
}

function threadIds(): number[] {
  try {
    return readdirSync(THREADS).map(Number);
  } catch {
    return []; // not Linux: the priority is that of the process
  }
}

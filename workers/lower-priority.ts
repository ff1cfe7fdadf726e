import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const LOWEST = 19;
const THREADS = '/proc/self/task';
const SESSION_PRIORITY = '/proc/self/autogroup';

/**
 * Gives this process what others leave over, with every thread that it has and will have. Linux keeps a priority for each thread, and
 * a new thread gets that of the one that starts it: those of V8 and libuv, which run already, are named one by one.
 * Where the scheduler weighs sessions against each other first ("autogroup"), priorities count within one session only: so this process
 * has to have a session of its own (`detached`), which gets the lowest priority too.
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
  if (leadsItsSession()) lowerSession();
}

function threadIds(): number[] {
  try {
    return readdirSync(THREADS).map(Number);
  } catch {
    return []; // not Linux: the priority is that of the process
  }
}

/** False where others share the session: what it gets is theirs too. */
function leadsItsSession(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(session) === process.pid;
  } catch {
    return false;
  }
}

function lowerSession(): void {
  try {
    writeFileSync(SESSION_PRIORITY, String(LOWEST));
  } catch {
    // this kernel does not group by session: the priorities of the threads count among all
  }
}

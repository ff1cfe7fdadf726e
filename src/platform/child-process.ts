import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

/** Names one process for good: a pid alone is given to somebody else after a while. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the kernel started it, in its own ticks; empty where the system does not say (then only the pid counts). */
  readonly startedAt: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startedAt: startTicks(pid) };
}

/** True while this very process runs: not a zombie, and not another one that was given its pid. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false; // EPERM: alive, somebody else's
  }
  const fields = statFields(pid);
  if (fields === undefined) return true; // no /proc here: the signal is all there is to go by
  return fields[0] !== 'Z' && (startedAt === '' || fields[19] === startedAt);
}

const startTicks = (pid: number): string => statFields(pid)?.[19] ?? '';

/** /proc/<pid>/stat from the state on (the name before it may hold spaces and brackets). */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** SIGTERM to $0, and SIGKILL if it is still there after 20 seconds. */
const END = 'kill -TERM "$0"; n=0; while [ $n -lt 100 ] && kill -0 "$0"; do sleep 0.2; n=$((n + 1)); done; kill -KILL "$0"';

/**
 * Ends `child` soon after this process has gone, however it went (`kill -9` too): a shell waits on a pipe that only this
 * process holds open, and acts when it breaks. Costs one sleeping `sh`; ends with the child.
 */
export function dieWithParent(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const guard = spawn('/bin/sh', ['-c', `read -r _; ${END}`, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // Ctrl-C in the terminal must not end the guard before the guarded
  });
  guard.on('error', () => undefined); // no /bin/sh: the next start still finds the leftover by its pid file
  guard.stdin.on('error', () => undefined);
  guard.unref();
  child.once('exit', () => guard.kill('SIGKILL'));
}

/** Resolves when the child has exited; at once if it has. Never rejects. */
export function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
  });
}

/** Asks the child to end (SIGTERM), and ends it (SIGKILL) when it has not within `deadlineMs`. Resolves after its exit. */
export async function stopChild(child: ChildProcess, deadlineMs: number): Promise<'ended' | 'killed'> {
  const exited = exitOf(child);
  child.kill('SIGTERM');
  const timer = new AbortController();
  const verdict = await Promise.race([
    exited.then(() => 'ended' as const),
    after(deadlineMs, 'killed' as const, { signal: timer.signal }).catch(() => 'ended' as const),
  ]);
  timer.abort();
  if (verdict === 'killed') {
    child.kill('SIGKILL');
    await exited;
  }
  return verdict;
}

import { readdirSync, readFileSync } from 'node:fs';

/** The unit of /proc/PID/stat, the same on every Linux that Node runs on. */
const US_PER_TICK = 10_000;
const NS_PER_US = 1000;

/**
 * CPU time that a process and its threads have used so far, user and system, in µs: as the scheduler counts it for each thread, to the ns, or,
 * where a thread has ended, of all to the tick of 10 ms. @throws Error off Linux.
 */
export function cpuUsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces and brackets
  const ticks = Number(fields[11]) + Number(fields[12]);
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => threadNs(`/proc/${pid}/task/${thread}/schedstat`));
  return Math.max(ticks * US_PER_TICK, threads.reduce((sum, ns) => sum + ns, 0) / NS_PER_US);
}

/** 0: it has ended, or this system does not count so. */
function threadNs(file: string): number {
  try {
    return Number(readFileSync(file, 'latin1').split(' ')[0]);
  } catch {
    return 0;
  }
}

/** Resident memory of a process, in KiB. @throws Error off Linux. */
export function residentKbOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
}

/** CPU time of each process from now until it is asked. */
export function cpuSince<Name extends string>(pids: Readonly<Record<Name, number>>): () => Record<Name, number> {
  const names = Object.keys(pids) as Name[];
  const before = names.map((name) => cpuUsOf(pids[name]));
  return () => Object.fromEntries(names.map((name, k) => [name, cpuUsOf(pids[name]) - before[k]!])) as Record<Name, number>;
}

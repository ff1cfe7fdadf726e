import { readFileSync } from 'node:fs';

/** The unit of /proc/PID/stat, the same on every Linux that Node runs on. */
const US_PER_TICK = 10_000;

/** CPU time that a process and its threads have used so far, user and system, in µs, to the tick of 10 ms. @throws Error off Linux. */
export function cpuUsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces and brackets
  return (Number(fields[11]) + Number(fields[12])) * US_PER_TICK;
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

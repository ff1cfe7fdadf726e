import { readdirSync, readFileSync } from 'node:fs';
import type { Verdict } from '../judge/verdict';
import type { Supervised } from '../supervised';
import { OBSERVER, type StoreObserver } from './store-observer';

/** What the system holds, as the kernel, Redis and its own gauges say. */
export interface Holdings {
  /** By process. */
  readonly descriptors: Readonly<Record<string, number>>;
  readonly residentMb: Readonly<Record<string, number>>;
  /** Connections to Redis by name, those of this process and of training processes left out. BullMQ leaves some without a name. */
  readonly redisClients: Readonly<Record<string, number>>;
  /** Over all gateways. */
  readonly sockets: number;
  readonly subscriptions: number;
  readonly listeners: number;
}

const SPARE_DESCRIPTORS = 16;
const SPARE_MB = 64;
const SPARE_CLIENTS = 2;
/** Each connection for commands comes to know three servers that were replicas at first: a gateway has two of those, a worker three. */
const SPARE_CLIENTS_ON_CLUSTER = { gateway: 6, worker: 9 };

export async function readHoldings(processes: readonly Supervised[], store: StoreObserver): Promise<Holdings> {
  const byName = (read: (pid: number) => number): Record<string, number> =>
    Object.fromEntries(processes.map(({ name, pid }) => [name, read(pid)]));
  const gateways = processes.filter(({ name }) => name.startsWith('gateway'));
  const metrics = await Promise.all(gateways.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()));
  const sum = (name: string): number =>
    metrics.reduce((total, text) => total + Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0), 0);
  const clients = [...(await store.clientsByName())].filter(([name]) => !name.includes(OBSERVER) && !name.includes('beckon-train'));
  return {
    descriptors: byName((pid) => readdirSync(`/proc/${pid}/fd`).length),
    residentMb: byName((pid) => Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024)),
    redisClients: Object.fromEntries(clients),
    sockets: sum('beckon_gateway_sockets'),
    subscriptions: sum('beckon_gateway_subscriptions'),
    listeners: sum('beckon_feed_listeners'),
  };
}

interface Allowed {
  /** They are connected both times. */
  readonly screens: number;
  readonly onCluster: boolean;
  /** Connections that Redis holds for nobody, and is not told. */
  readonly orphansAtRedis: number;
}

/** Why `now` is more than `before` allows, line by line; empty when it is not. */
export function growthOf(before: Holdings, now: Holdings, { screens, onCluster, orphansAtRedis }: Allowed): string[] {
  const grown: string[] = [];
  // Screens may all sit on one gateway now.
  for (const [name, count] of Object.entries(now.descriptors)) {
    const most = (before.descriptors[name] ?? 0) + screens + SPARE_DESCRIPTORS;
    if (count > most) grown.push(`${name} has ${count} file descriptors, ${before.descriptors[name]} before`);
  }
  for (const [name, mb] of Object.entries(now.residentMb)) {
    const was = before.residentMb[name] ?? 0;
    if (mb > 1.5 * was + SPARE_MB) grown.push(`${name} has ${mb} MB resident, ${was} MB before`);
  }
  // By their sum: a connection that BullMQ opened without a name has one after it was lost.
  const [was, is] = [sumOf(before.redisClients), sumOf(now.redisClients)];
  const spareOf = (name: string): number => SPARE_CLIENTS_ON_CLUSTER[name.startsWith('gateway') ? 'gateway' : 'worker'];
  const spare = SPARE_CLIENTS + (onCluster ? Object.keys(now.descriptors).reduce((sum, name) => sum + spareOf(name), 0) : 0);
  if (is > was + orphansAtRedis + spare) grown.push(`Redis has ${is} clients, ${was} before: ${JSON.stringify(now.redisClients)}`);
  for (const gauge of ['sockets', 'subscriptions', 'listeners'] as const)
    if (now[gauge] !== screens) grown.push(`the gateways count ${now[gauge]} ${gauge}, there are ${screens} screens`);
  return grown;
}

export const sumOf = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

export function judgeHoldings(verdict: Verdict, grown: readonly string[]): void {
  verdict.check('no-leak', grown.length === 0, () => grown.join('; '));
}

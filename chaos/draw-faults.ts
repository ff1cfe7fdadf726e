import { seededRandom, type Random } from '../src/platform/random';
import { shuffled } from '../src/platform/shuffle';
import type { LostSide, Slowness, Ways } from './fault-proxy';

/** Something that is done to the system, and for how long. */
export type Harm =
  | { readonly kind: 'kill'; readonly target: string }
  | { readonly kind: 'freeze'; readonly target: string }
  | { readonly kind: 'clock-jump'; readonly target: string; readonly byMs: number }
  | { readonly kind: 'partition'; readonly target: string; readonly ways: Ways; readonly endsBy: 'healing' | 'reset' }
  | { readonly kind: 'half-open'; readonly target: string; readonly lost: LostSide }
  | { readonly kind: 'slow-link'; readonly target: string; readonly slowness: Slowness }
  | { readonly kind: 'reset-links'; readonly target: string }
  | { readonly kind: 'redis-kill'; readonly target: string }
  | { readonly kind: 'redis-freeze'; readonly target: string }
  | { readonly kind: 'redis-cut'; readonly target: string; readonly tornBytes: number }
  | { readonly kind: 'redis-full'; readonly target: string }
  | { readonly kind: 'failover'; readonly target: string; readonly by: 'kill' | 'hang' }
  | { readonly kind: 'move-slots'; readonly target: string; readonly slots: number }
  | { readonly kind: 'duplicate-jobs'; readonly target: string; readonly jobs: number }
  | { readonly kind: 'late-jobs'; readonly target: string; readonly jobs: number }
  | { readonly kind: 'poison-job'; readonly target: string };

export type Fault = Harm & {
  /** Since the faults began. */
  readonly atMs: number;
  /** How long it lasts; 0 for what is done at once. */
  readonly forMs: number;
};
export type FaultKind = Harm['kind'];

/**
 * `single`: one Redis, with a link before it for each process. `sentinel`: a primary, a replica and three Sentinels; `cluster`: three primaries
 * with a replica each; both reached directly.
 */
export const TOPOLOGIES = ['single', 'sentinel', 'cluster'] as const;
export type Topology = (typeof TOPOLOGIES)[number];

export interface DrawOptions {
  readonly seed: number;
  /** The last fault has ended by then. */
  readonly withinMs: number;
  readonly gateways: number;
  readonly workers: number;
  /** @default single */
  readonly topology?: Topology;
  /** @default every kind of the topology */
  readonly kinds?: readonly FaultKind[];
}

const OF_PROCESSES_AND_LINKS: readonly FaultKind[] = ['kill', 'freeze', 'clock-jump', 'partition', 'half-open', 'slow-link', 'reset-links'];
const OF_JOBS: readonly FaultKind[] = ['duplicate-jobs', 'late-jobs', 'poison-job'];

/** In an order that seeds depend on. */
export const FAULT_KINDS: Readonly<Record<Topology, readonly FaultKind[]>> = {
  single: [...OF_PROCESSES_AND_LINKS, 'redis-kill', 'redis-freeze', 'redis-cut', 'redis-full', ...OF_JOBS],
  sentinel: [...OF_PROCESSES_AND_LINKS, 'failover', ...OF_JOBS],
  cluster: [...OF_PROCESSES_AND_LINKS, 'failover', 'move-slots', ...OF_JOBS],
};

const REDIS = 'redis';
const QUEUE = 'queue';
/** A target is left alone for so long after a fault, to come up again. */
const REST_MS = 3_000;
const SHORTEST_GAP_MS = 300;
const LONGEST_GAP_MS = 2_700;
const SHORTEST_MS = 800;
const LONGEST_MS = 6_000;

/**
 * The faults of a run: the same for the same options. Every kind comes once, in an order that is drawn, before any comes again; faults
 * overlap, but none befalls a target that suffers another one.
 */
export function drawFaults({
  seed,
  withinMs,
  gateways,
  workers,
  topology = 'single',
  kinds = FAULT_KINDS[topology],
}: DrawOptions): readonly Fault[] {
  const random = seededRandom(seed);
  const targets = targetsOf(gateways, workers, topology);
  const freeFrom = new Map<string, number>();
  const faults: Fault[] = [];
  let bag: FaultKind[] = [];
  for (let atMs = 0; ; atMs += between(random, SHORTEST_GAP_MS, LONGEST_GAP_MS)) {
    if (bag.length === 0) bag = shuffled(kinds, random);
    const forMs = between(random, SHORTEST_MS, LONGEST_MS);
    if (atMs + forMs > withinMs) return faults;
    const at = bag.findIndex((kind) => targets[kind].some((target) => (freeFrom.get(target) ?? 0) <= atMs));
    if (at === -1) continue;
    const [kind] = bag.splice(at, 1) as [FaultKind];
    const free = targets[kind].filter((target) => (freeFrom.get(target) ?? 0) <= atMs);
    const fault = { ...harmOf(kind, pick(random, free), random), atMs, forMs: LASTING.has(kind) ? forMs : 0 };
    freeFrom.set(fault.target, atMs + fault.forMs + (fault.target === QUEUE ? 0 : REST_MS));
    faults.push(fault);
  }
}

const LASTING: ReadonlySet<FaultKind> = new Set([
  'kill',
  'freeze',
  'partition',
  'slow-link',
  'redis-kill',
  'redis-freeze',
  'redis-cut',
  'redis-full',
  'failover',
]);

function targetsOf(gateways: number, workers: number, topology: Topology): Record<FaultKind, readonly string[]> {
  const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${name} ${n + 1}`);
  const processes = [...numbered('gateway', gateways), ...numbered('worker', workers)];
  const fronts = numbered('gateway', gateways).map((name) => `clients to ${name}`);
  const links = [...fronts, ...(topology === 'single' ? processes.map((name) => `${name} to Redis`) : [])];
  return {
    kill: processes,
    freeze: processes,
    'clock-jump': processes,
    partition: links,
    'half-open': links,
    'slow-link': links,
    'reset-links': links,
    'redis-kill': [REDIS],
    'redis-freeze': [REDIS],
    'redis-cut': [REDIS],
    'redis-full': [REDIS],
    failover: [REDIS],
    'move-slots': [REDIS],
    'duplicate-jobs': [QUEUE],
    'late-jobs': [QUEUE],
    'poison-job': [QUEUE],
  };
}

function harmOf(kind: FaultKind, target: string, random: Random): Harm {
  switch (kind) {
    case 'clock-jump':
      return { kind, target, byMs: (random() < 0.5 ? -1 : 1) * between(random, 2_000, 40_000) };
    case 'partition':
      return { kind, target, ways: pick(random, ['up', 'down', 'both']), endsBy: pick(random, ['healing', 'reset']) };
    case 'half-open':
      return { kind, target, lost: pick(random, ['connecting', 'accepting']) };
    case 'slow-link':
      return { kind, target, slowness: { delayMs: between(random, 20, 150), jitterMs: between(random, 0, 150) } };
    case 'failover':
      return { kind, target, by: pick(random, ['kill', 'hang']) };
    case 'move-slots':
      return { kind, target, slots: between(random, 1, 4) };
    case 'redis-cut':
      return { kind, target, tornBytes: between(random, 1, 200) };
    case 'duplicate-jobs':
    case 'late-jobs':
      return { kind, target, jobs: between(random, 20, 80) };
    default:
      return { kind, target };
  }
}

const between = (random: Random, low: number, high: number): number => Math.round(low + random() * (high - low));
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

import { setTimeout as after } from 'node:timers/promises';
import type { RunningProgram } from './node-program';
import { cpuUsOf, residentKbOf } from './process-usage';
import { forEachSide, SIDES, type DirectResult, type PushCommand, type PushReply, type Side } from './push-messages';
import { round } from './quantiles';

/** The servers of bench:push and the process that puts their load on. */
export interface PushBench {
  readonly servers: Readonly<Record<Side, RunningProgram>>;
  /** Has the load process do something, and waits until it has. */
  readonly order: (command: PushCommand) => Promise<PushReply>;
}

/** As many lists as one process passes on, and how it does at half of that. */
export interface SideMaximum {
  readonly listsPerSecond: number;
  readonly cpuUsPerList: number;
  /** Share of a core that the server had meanwhile: below 1 something else was the limit. */
  readonly busy: number;
  readonly halfPerSecond: number;
  readonly halfP50Ms: number;
  readonly halfP99Ms: number;
  /** CPU of a list that the server is sent and nobody watches there, in µs. */
  readonly unwatchedCpuUs: number;
  readonly pushed: number;
  readonly lost: number;
  readonly duplicate: number;
  readonly outOfOrder: number;
}

/** What it does to a server and its other watchers that some stop reading. */
export interface SideStalled {
  readonly beforeP99Ms: number;
  readonly duringP99Ms: number;
  readonly p99Ratio: number;
  /** Most resident memory while they did not read, above that before, by watcher that does not, in KiB. */
  readonly kbPerStalled: number;
  readonly lost: number;
  readonly duplicate: number;
  readonly outOfOrder: number;
  /** Of those that did not read: how many were closed, by code. */
  readonly closed: Readonly<Record<string, number>>;
}

const SAMPLE_EVERY_MS = 250;
/** So long that one pause of the machine is not the hundredth part of it. */
const HALF_SECONDS = 20;
const UNWATCHED = { ratePerSecond: 10_000, seconds: 5 };

/** CPU time of each server while `run` runs, in µs. */
export async function cpuWhile(servers: PushBench['servers'], run: () => Promise<unknown>): Promise<Record<Side, number>> {
  const before = forEachSide((side) => cpuUsOf(servers[side].pid));
  await run();
  return forEachSide((side) => cpuUsOf(servers[side].pid) - before[side]);
}

/** The sides take turns, so that what else the machine does falls on all. */
export async function measureMaximum(
  { servers, order }: PushBench,
  { seconds, rounds }: { readonly seconds: number; readonly rounds: number },
): Promise<Record<Side, SideMaximum>> {
  const floods = forEachSide((): { readonly direct: DirectResult; readonly cpuUs: number }[] => []);
  for (let turn = 0; turn <= rounds; turn++) {
    for (const side of SIDES) {
      let direct: DirectResult | undefined;
      const cpuUs = await cpuWhile(servers, async () => {
        ({ direct } = await order({ do: 'flood', side, seconds: seconds / rounds }));
      });
      if (turn > 0) floods[side].push({ direct: direct!, cpuUs: cpuUs[side] }); // the first one is to warm up
    }
  }
  const halves: Partial<Record<Side, DirectResult>> = {};
  const rateOf = (side: Side): number => mean(floods[side].map(({ direct }) => direct.perSecond));
  for (const side of SIDES) {
    halves[side] = (await order({ do: 'announce', side, ratePerSecond: Math.max(1, rateOf(side) / 2), seconds: HALF_SECONDS })).direct!;
  }
  const unwatched: Partial<Record<Side, number>> = {};
  for (const side of SIDES) unwatched[side] = await measureUnwatched({ servers, order }, side);
  return forEachSide((side): SideMaximum => {
    const half = halves[side]!;
    const all = [...floods[side].map(({ direct }) => direct), half];
    const pushed = sum(floods[side].map(({ direct }) => direct.pushed));
    const cpuUs = sum(floods[side].map((flood) => flood.cpuUs));
    return {
      listsPerSecond: Math.round(rateOf(side)),
      cpuUsPerList: round(cpuUs / pushed),
      busy: round((cpuUs / pushed) * rateOf(side) * 1e-6),
      halfPerSecond: Math.round(half.perSecond),
      halfP50Ms: half.latency.p50Ms,
      halfP99Ms: half.latency.p99Ms,
      unwatchedCpuUs: round(unwatched[side]!),
      pushed: sum(all.map((direct) => direct.pushed)),
      ...flawsOf(all),
    };
  });
}

/** Above what the server does by itself, which at this rate is no small part. */
async function measureUnwatched({ servers, order }: PushBench, side: Side): Promise<number> {
  const { ratePerSecond, seconds } = UNWATCHED;
  const alone = await cpuWhile(servers, () => after(seconds * 1000));
  const startedAt = performance.now();
  const used = await cpuWhile(servers, () => order({ do: 'announce-unwatched', side, ratePerSecond, seconds }));
  const tookMs = performance.now() - startedAt;
  return (used[side] - (alone[side] * tookMs) / (seconds * 1000)) / (ratePerSecond * seconds);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
const flawsOf = (all: readonly DirectResult[]): Pick<SideMaximum, 'lost' | 'duplicate' | 'outOfOrder'> => ({
  lost: sum(all.map(({ lost }) => lost)),
  duplicate: sum(all.map(({ duplicate }) => duplicate)),
  outOfOrder: sum(all.map(({ outOfOrder }) => outOfOrder)),
});

/**
 * The first `stalled` watchers are sent `besidePerSecond` lists, the others `ratePerSecond`; first all read, then those do not. Their sockets
 * are spent afterwards.
 */
export async function measureStalled(
  { servers, order }: PushBench,
  options: { readonly stalled: number; readonly ratePerSecond: number; readonly besidePerSecond: number; readonly seconds: number },
): Promise<Record<Side, SideStalled>> {
  const { stalled, ratePerSecond, besidePerSecond, seconds } = options;
  const results: Partial<Record<Side, SideStalled>> = {};
  for (const side of SIDES) {
    const announce = async (): Promise<DirectResult> =>
      (await order({ do: 'announce-beside', side, first: stalled, ratePerSecond, besidePerSecond, seconds })).direct!;
    const before = await announce();
    const kbBefore = residentKbOf(servers[side].pid);
    await order({ do: 'stall', side, watchers: stalled });
    let mostKb = kbBefore;
    const sampling = setInterval(() => (mostKb = Math.max(mostKb, residentKbOf(servers[side].pid))), SAMPLE_EVERY_MS);
    const during = await announce().finally(() => clearInterval(sampling));
    const { closed } = await order({ do: 'resume', side });
    results[side] = {
      beforeP99Ms: before.latency.p99Ms,
      duringP99Ms: during.latency.p99Ms,
      p99Ratio: round(during.latency.p99Ms / before.latency.p99Ms),
      kbPerStalled: round((mostKb - kbBefore) / stalled),
      ...flawsOf([before, during]),
      closed: closed ?? {},
    };
  }
  return results as Record<Side, SideStalled>;
}

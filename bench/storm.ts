import { Command } from 'commander';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { numberBetween, wholeBetween } from '../src/cli/option-parsers';
import type { RedisServer } from '../src/platform/redis-server';
import { fillStore, startBenchRedis, startGateway, type StartedPart } from './support/bench-system';
import { MemorySamples } from './support/memory-samples';
import type { NodeProgram, RunningProgram } from './support/node-program';
import { cpuSince } from './support/process-usage';
import { quantile, round, spreadOf, type Spread } from './support/quantiles';
import { rows, runBench, type BenchScope } from './support/run-bench';
import { SETTLING, settledKbOf } from './support/settled-memory';
import {
  wallMs,
  watchersReply,
  writerReply,
  type WatchersCommand,
  type WatchersReply,
  type WriterCommand,
  type WriterReply,
} from './support/storm-messages';
import { ToldProgram } from './support/told-program';

/*
 * Many watchers on one gateway process: first a steady rate of lists, then all connections are cut at once and come back at once, while
 * lists go on being written and behaviours recorded. No worker: lists are written straight into the store by the script that workers use.
 */

interface Options {
  readonly watchers: number;
  readonly rate: number;
  readonly minutes: number;
  readonly behaviours: number;
  readonly storms: number;
  readonly clients: number;
  readonly seed: number;
  readonly cpuProf?: string;
  readonly json?: true;
}

interface StormResult {
  readonly watchers: number;
  readonly ratePerSecond: number;
  readonly minutes: number;
  readonly kbPerConnection: number;
  readonly steady: Spread & { readonly pushed: number; readonly arrived: number; readonly cpuUsPerPush: number };
  readonly slopeMbPerMinute: number;
  readonly highestMb: number;
  /** Resident memory after garbage collection: before and after the steady part, and after each storm. */
  readonly settledMb: { readonly before: number; readonly after: number; readonly afterStorms: readonly number[] };
  /** Of behaviours over HTTP on connections that were open: in the steady part, and while the watchers came back. */
  readonly answerSteady: Spread;
  readonly answerStorm: Spread;
  /** The same for those that came on a connection of their own. */
  readonly answerOnNewSteady: Spread;
  readonly answerOnNewStorm: Spread;
  readonly answeredInStorm: number;
  readonly failed: number;
  readonly back: { readonly p50Ms: number; readonly p99Ms: number; readonly allMs: number; readonly watchers: number };
  readonly retries: Readonly<Record<string, number>>;
  /** Of each kind of process, from the cut until all are back. */
  readonly stormCpuMs: Readonly<Record<string, number>>;
  /** Watchers that do not have the newest list when all is over. */
  readonly lost: number;
  readonly duplicate: number;
  readonly outOfOrder: number;
}

const ITEMS = 200;
/** That each client process connects from: the system looks for a free port among those of one, and most of few would be taken. */
const ADDRESSES = 16;
const SAMPLE_MS = 5000;
/** How long behaviours are recorded in the steady part, for comparison. */
const COMPARED_MS = 15_000;
const BACK_WITHIN_MS = 120_000;
/** After the last list was written. */
const ARRIVED_WITHIN_MS = 10_000;
const WARM_UP_MS = 10_000;

interface Bench {
  readonly redis: RedisServer;
  readonly gateway: StartedPart;
  readonly writer: ToldProgram<WriterCommand, WriterReply>;
  readonly clients: readonly ToldProgram<WatchersCommand, WatchersReply>[];
  /** Users of each client process. */
  readonly shares: readonly (readonly string[])[];
  readonly kbPerConnection: number;
}

const loadProgram = (name: string): NodeProgram => ({ name, script: join(__dirname, 'support', name) });

async function startBench(scope: BenchScope, { watchers, clients, seed, cpuProf }: Options): Promise<Bench> {
  const redis = await startBenchRedis(scope);
  await fillStore(scope, redis.url, { items: ITEMS, users: 1, days: 1, seed });
  const profiling = cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`];
  const gateway = await startGateway(scope, { redis, env: { SHARDS: '16' }, nodeOptions: [...SETTLING, ...profiling] });
  const userIds = Array.from({ length: watchers }, (_, k) => `user-${k + 1}`);
  const beganAtMs = wallMs();
  const writer = await ToldProgram.start<WriterCommand, WriterReply>(scope, loadProgram('storm-writer.js'), writerReply);
  await writer.order({ do: 'start', redisUrl: redis.url, url: gateway.url, userIds, beganAtMs });
  scope.say(`${watchers} lists are stored`);
  const before = await settledMb(gateway.program);
  const each = Math.ceil(watchers / clients);
  const shares = Array.from({ length: clients }, (_, k) => userIds.slice(k * each, (k + 1) * each));
  const parts: ToldProgram<WatchersCommand, WatchersReply>[] = [];
  for (const [k, share] of shares.entries()) {
    const client = await ToldProgram.start<WatchersCommand, WatchersReply>(scope, loadProgram('storm-watchers.js'), watchersReply);
    const addresses = Array.from({ length: ADDRESSES }, (_, n) => `127.0.${k + 1}.${n + 1}`);
    await client.order({ do: 'open', url: gateway.url, userIds: share, addresses, beganAtMs, seed: seed + k });
    parts.push(client);
    scope.say(`${shares.slice(0, k + 1).flat().length} watchers are connected`);
  }
  const kbPerConnection = round(((await settledMb(gateway.program)) - before) * (1024 / watchers));
  return { redis, gateway, writer, clients: parts, shares, kbPerConnection };
}

const settledMb = async (program: RunningProgram): Promise<number> => round((await settledKbOf(program)) / 1024);

async function measureStorm(scope: BenchScope, options: Options): Promise<StormResult> {
  const bench = await startBench(scope, options);
  const steady = await measureSteady(scope, bench, options);
  const storms: Awaited<ReturnType<typeof measureCut>>[] = [];
  while (storms.length < options.storms) storms.push(await measureCut(scope, bench, options));
  const { settledAfterStormMb: _, ...worst } = storms.reduce((a, b) => (b.back.allMs > a.back.allMs ? b : a));
  const sum = (name: 'failed' | 'lost' | 'duplicate' | 'outOfOrder'): number => storms.reduce((total, storm) => total + storm[name], 0);
  const { watchers, rate, minutes } = options;
  return {
    ...{ watchers, ratePerSecond: rate, minutes, kbPerConnection: bench.kbPerConnection, ...steady, ...worst },
    settledMb: { ...steady.settledMb, afterStorms: storms.map(({ settledAfterStormMb }) => settledAfterStormMb) },
    ...{ failed: sum('failed'), lost: sum('lost'), duplicate: sum('duplicate'), outOfOrder: sum('outOfOrder') },
  };
}

/** The steady part, and beside its end behaviours, for comparison. */
async function measureSteady(scope: BenchScope, { gateway, writer, clients }: Bench, { rate, minutes, behaviours, seed }: Options) {
  const { program } = gateway;
  await writer.order({ do: 'write', ratePerSecond: rate });
  await after(WARM_UP_MS);
  await writer.order({ do: 'rest' });
  const settledBefore = await settledMb(program);
  await Promise.all(clients.map((client) => client.order({ do: 'reset' })));
  scope.say(`${rate} lists/s for ${minutes} minutes, at the end ${behaviours} behaviours/s beside them`);
  const samples = new MemorySamples(program.pid, SAMPLE_MS);
  const used = cpuSince({ gateway: program.pid });
  await writer.order({ do: 'write', ratePerSecond: rate });
  await after(minutes * 60_000);
  const cpuUs = used().gateway;
  samples.stop();
  await writer.order({ do: 'record', ratePerSecond: behaviours, seed });
  await after(COMPARED_MS);
  const { answersMs = [], answersOnNewMs = [] } = await writer.order({ do: 'recorded' });
  const { written = 0 } = await writer.order({ do: 'rest' });
  await untilNewest(writer, clients);
  const reports = await Promise.all(clients.map((client) => client.order({ do: 'report' })));
  const arrived = reports.reduce((sum, { counts }) => sum + counts!.arrived, 0);
  const latency = spreadOf(reports.flatMap(({ latenciesMs }) => latenciesMs!));
  return {
    steady: { ...latency, pushed: written, arrived, cpuUsPerPush: round(cpuUs / (rate * minutes * 60)) },
    slopeMbPerMinute: round(samples.slopeMbPerMinute),
    highestMb: round(samples.highestMb),
    settledMb: { before: settledBefore, after: await settledMb(program) },
    answerSteady: spreadOf(answersMs),
    answerOnNewSteady: spreadOf(answersOnNewMs),
  };
}

/** Everybody is cut and comes back, while lists are written and behaviours recorded. */
async function measureCut(
  scope: BenchScope,
  { gateway, redis, writer, clients, shares }: Bench,
  { rate, behaviours, seed, watchers }: Options,
) {
  await Promise.all(clients.map((client) => client.order({ do: 'reset' })));
  await writer.order({ do: 'write', ratePerSecond: rate });
  await after(1000);
  scope.say(`${watchers} connections are cut at once`);
  const { newest = [] } = await writer.order({ do: 'newest' });
  await writer.order({ do: 'record', ratePerSecond: behaviours, seed: seed + 1 });
  const pids = { gateway: gateway.program.pid, redis: redis.pid, writer: writer.pid, ...pidsOf(clients) };
  const used = cpuSince(pids);
  const returns = await Promise.all(
    clients.map((client, k) => {
      const from = shares.slice(0, k).flat().length;
      return client.order({ do: 'cut', newest: newest.slice(from, from + shares[k]!.length), withinMs: BACK_WITHIN_MS });
    }),
  );
  const cpuUs = used();
  const { answersMs = [], answersOnNewMs = [], failed = 0 } = await writer.order({ do: 'recorded' });
  await writer.order({ do: 'rest' });
  const lost = await untilNewest(writer, clients);
  const reports = await Promise.all(clients.map((client) => client.order({ do: 'report' })));
  const backAfter = returns.flatMap(({ backAfterMs }) => backAfterMs!).sort((a, b) => a - b);
  const sum = (name: 'duplicate' | 'outOfOrder'): number => reports.reduce((total, { counts }) => total + counts![name], 0);
  return {
    answerStorm: spreadOf(answersMs),
    answerOnNewStorm: spreadOf(answersOnNewMs),
    answeredInStorm: answersMs.length + answersOnNewMs.length,
    failed,
    back: { p50Ms: quantile(backAfter, 0.5), p99Ms: quantile(backAfter, 0.99), allMs: quantile(backAfter, 1), watchers: backAfter.length },
    retries: summed(reports.map(({ counts }) => counts!.retries)),
    stormCpuMs: Object.fromEntries(Object.entries(cpuUs).map(([name, us]) => [name, round(us / 1000)])),
    ...{ lost, duplicate: sum('duplicate'), outOfOrder: sum('outOfOrder') },
    settledAfterStormMb: await settledMb(gateway.program),
  };
}

/** Waits until every watcher has the newest list that is stored. @returns how many have not, in the end. */
async function untilNewest(writer: Bench['writer'], clients: Bench['clients']): Promise<number> {
  const { newest: stored = [] } = await writer.order({ do: 'newest' });
  const deadline = performance.now() + ARRIVED_WITHIN_MS;
  for (;;) {
    const seen = (await Promise.all(clients.map((client) => client.order({ do: 'newest' })))).flatMap(({ newest }) => newest!);
    const behind = stored.filter((n, k) => seen[k]! < n).length;
    if (behind === 0 || performance.now() > deadline) return behind;
    await after(200);
  }
}

const pidsOf = (clients: Bench['clients']): Record<string, number> =>
  Object.fromEntries(clients.map(({ pid }, k) => [`clients ${k + 1}`, pid]));

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const each of counts) for (const [name, count] of Object.entries(each)) total[name] = (total[name] ?? 0) + count;
  return total;
}

function table(result: StormResult): string {
  const { steady, answerSteady, answerStorm, back, settledMb: settled, retries } = result;
  const cells = (values: readonly (string | number)[]): string => values.map((value) => String(value).padStart(10)).join('');
  const line = (title: string, { p50Ms, p90Ms, p99Ms, maxMs }: Spread): string => title.padEnd(30) + cells([p50Ms, p90Ms, p99Ms, maxMs]);
  return [
    `${result.watchers} watchers on one gateway process, ${result.ratePerSecond} lists/s for ${result.minutes} minutes, then all are cut at once`,
    '',
    'ms'.padEnd(30) + cells(['p50', 'p90', 'p99', 'max']),
    line('written → arrived, steady', steady),
    line('behaviour → answer, steady', answerSteady),
    line('… on a new connection', result.answerOnNewSteady),
    line('behaviour → answer, storm', answerStorm),
    line('… on a new connection', result.answerOnNewStorm),
    'cut → has the newest list'.padEnd(30) + cells([back.p50Ms, '', back.p99Ms, back.allMs]),
    '',
    rows([
      ['lists written, arrived', `${steady.pushed}, ${steady.arrived}`],
      ['CPU of gateway', `${steady.cpuUsPerPush} µs a pushed list`],
      ['memory of a connection', `${result.kbPerConnection} KiB`],
      ['memory, steady', `at most ${result.highestMb} MiB, ${result.slopeMbPerMinute} MiB a minute`],
      [
        'memory after collection',
        `${settled.before} MiB before, ${settled.after} after, ${settled.afterStorms.join(', ')} after each storm`,
      ],
      ['watchers back', back.watchers],
      ['connections tried again', Object.keys(retries).length === 0 ? 0 : JSON.stringify(retries)],
      [
        'CPU in the storm, ms',
        Object.entries(result.stormCpuMs)
          .map(([name, ms]) => `${name} ${ms}`)
          .join(', '),
      ],
      ['behaviours in the storm', `${result.answeredInStorm} answered, ${result.failed} failed`],
      ['lost, duplicate, out of order', `${result.lost}, ${result.duplicate}, ${result.outOfOrder}`],
    ]),
  ].join('\n');
}

const program = new Command('bench:storm')
  .description('many watchers on one gateway process: a steady rate of lists, then all connections are cut at once')
  .option('--watchers <n>', 'subscribed sockets, one for each user', wholeBetween(1, 19_000), 5_000)
  .option('--rate <n>', 'lists a second', numberBetween(1, 100_000), 1_000)
  .option('--minutes <n>', 'how long the steady part takes', numberBetween(0.1, 600), 0.5)
  .option('--behaviours <n>', 'behaviours a second over HTTP while all come back', numberBetween(0.1, 10_000), 100)
  .option('--storms <n>', 'how often all are cut; the times are those of the worst', wholeBetween(1, 100), 1)
  .option('--clients <n>', 'processes that the watchers are spread over', wholeBetween(1, 16), 2)
  .option('--seed <n>', 'of the catalogue, the behaviours and the pauses', wholeBetween(0, 2 ** 31), 1)
  .option('--cpu-prof <folder>', 'write CPU profiles of the gateway there')
  .option('--json', 'print one JSON object instead of the table')
  .parse();
const options = program.opts<Options>();
void runBench({ run: (scope) => measureStorm(scope, options), table, json: options.json === true });

import { Command } from 'commander';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { numberBetween, wholeBetween } from '../src/cli/option-parsers';
import { freePort } from '../src/platform/redis-server';
import { fillStore, startBenchRedis, startGateway } from './support/bench-system';
import { RunningProgram } from './support/node-program';
import { cpuWhile, mean, measureMaximum, measureStalled, type PushBench, type SideMaximum, type SideStalled } from './support/push-limits';
import { forEachSide, pushReply, SIDES, type PushCommand, type PushReply, type Side, type SideResult } from './support/push-messages';
import { PUSH_SHARDS, PUSH_TENANTS } from './support/push-tenants';
import { round } from './support/quantiles';
import { runBench, type BenchScope } from './support/run-bench';
import { SETTLING, settledKbOf } from './support/settled-memory';
import { ToldProgram } from './support/told-program';

/*
 * The push side alone: lists of ten written straight into the store at a steady rate, one watcher for each user, no worker. Beside it
 * Apollo Server with graphql-ws, and the floor, a raw `ws` server that forwards the announcements as they are. They take turns in one run, so
 * that what else the machine does falls on all. A latency runs from the call that stores a list to its arrival.
 */

interface Options {
  readonly watchers: number;
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly idleSeconds: number;
  readonly maxSeconds: number;
  readonly stalled: number;
  readonly stalledRate: number;
  readonly stalledSeconds: number;
  readonly seed: number;
  readonly cpuProf?: string;
  readonly json?: true;
}

interface SideFigures {
  readonly cpuUsPerPush: number;
  readonly kbPerConnection: number;
  /** These two with `--idle-seconds` above 0. */
  readonly idleUsPerSecondPerConnection?: number;
  /** Of the process without connections, which is not in the figure above. */
  readonly idleUsPerSecond?: number;
  readonly bytesPerPush: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly pushed: number;
  readonly lost: number;
  readonly duplicate: number;
  readonly outOfOrder: number;
}

type Figure = keyof SideFigures;
type Beside<S extends Side> = { readonly [F in Figure as `${S}${Capitalize<F>}`]: number };

/** The figures of the gateway by their names, those of the other sides with the side before them. */
interface PushResult extends SideFigures, Beside<'apollo'>, Beside<'floor'> {
  readonly watchers: number;
  readonly ratePerSecond: number;
  readonly cpuRatioToFloor: number;
  readonly kbRatioToFloor: number;
  readonly maximum?: Readonly<Record<Side, SideMaximum>>;
  readonly stalled?: Readonly<Record<Side, SideStalled>>;
}

const ITEMS = 200;
const WARM_UP_WATCHERS = 100;
const WARM_UP_SECONDS = 3;
/** Before times are measured each side passes on as many lists as it can for so long: a server that has just been started has not compiled its code. */
const FLOOD_SECONDS = 5;
const IDLE_TURNS = 2;
/** What a server does about those that came or went is over by then: V8 gives memory back eight seconds after it has become quiet. */
const SETTLE_MS = 20_000;

async function startBench(scope: BenchScope, { seed, cpuProf }: Options): Promise<PushBench> {
  const redis = await startBenchRedis(scope);
  await fillStore(scope, redis.url, { items: ITEMS, users: 1, days: 1, seed });
  const profiling = cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`];
  const gateway = await startGateway(scope, { redis, env: { SHARDS: String(PUSH_SHARDS) }, nodeOptions: [...SETTLING, ...profiling] });
  const beside = async (side: 'apollo' | 'floor'): Promise<{ url: string; program: RunningProgram }> => {
    const port = String(await freePort());
    const program = RunningProgram.start({
      name: `the ${side} server`,
      script: join(__dirname, `support/${side}-server.js`),
      env: { REDIS_URL: redis.url, PORT: port, SHARDS: String(PUSH_SHARDS), TENANT: PUSH_TENANTS[side], NODE_ENV: 'production' },
      nodeOptions: SETTLING,
    });
    await scope.stopping(program.name, () => program.stop());
    await program.next((message) => (message === 'ready' ? true : undefined));
    return { url: `ws://127.0.0.1:${port}`, program };
  };
  const parts = { gateway, apollo: await beside('apollo'), floor: await beside('floor') };
  const load = await ToldProgram.start<PushCommand, PushReply>(
    scope,
    { name: 'the load process', script: join(__dirname, 'support/push-load.js'), nodeOptions: ['--expose-gc'] },
    pushReply,
  );
  const order = (command: PushCommand): Promise<PushReply> => load.order(command);
  await order({ do: 'start', redisUrl: redis.url, urls: forEachSide((side) => parts[side].url) });
  return { servers: forEachSide((side) => parts[side].program), order };
}

/** Runs the code of each side that serves watchers. Returns the memory of each afterwards, without any. */
async function warmUp({ servers, order }: PushBench, rate: number): Promise<Record<Side, number>> {
  const kb: Partial<Record<Side, number>> = {};
  for (const side of SIDES) {
    await order({ do: 'open', side, watchers: WARM_UP_WATCHERS });
    await order({ do: 'push', side, ratePerSecond: rate, seconds: WARM_UP_SECONDS, measured: false });
    await order({ do: 'close', side });
    kb[side] = await settledKbOf(servers[side]);
  }
  return kb as Record<Side, number>;
}

/** Opens the watchers. Returns how much memory each of them takes: before the flood, which leaves free pages behind that they would fill. */
async function connect(
  { servers, order }: PushBench,
  watchers: number,
  kbBefore: Readonly<Record<Side, number>>,
): Promise<Record<Side, number>> {
  const kb: Partial<Record<Side, number>> = {};
  for (const side of SIDES) {
    await order({ do: 'open', side, watchers });
    kb[side] = ((await settledKbOf(servers[side])) - kbBefore[side]) / watchers;
  }
  for (const side of SIDES) await order({ do: 'flood', side, seconds: FLOOD_SECONDS });
  return kb as Record<Side, number>;
}

/** CPU of a server in µs/s, with nothing to push. */
interface IdleUse {
  readonly watchedUs: number;
  readonly aloneUs: number;
}

/** Without watchers and with them, in turns: what is sought is a small difference to what the process does by itself. */
async function measureIdle(
  { servers, order }: PushBench,
  { watchers, idleSeconds }: { readonly watchers: number; readonly idleSeconds: number },
): Promise<Record<Side, IdleUse>> {
  const seconds = idleSeconds / IDLE_TURNS;
  const perSecond = async (): Promise<Record<Side, number>> => {
    for (const side of SIDES) await settledKbOf(servers[side]);
    await after(SETTLE_MS);
    const used = await cpuWhile(servers, () => after(seconds * 1000));
    return forEachSide((side) => used[side] / seconds);
  };
  const watched: Record<Side, number>[] = [];
  const alone: Record<Side, number>[] = [];
  for (let turn = 0; turn < IDLE_TURNS; turn++) {
    for (const side of SIDES) await order({ do: 'close', side });
    alone.push(await perSecond());
    for (const side of SIDES) await order({ do: 'open', side, watchers });
    watched.push(await perSecond());
  }
  return forEachSide((side) => ({ watchedUs: mean(watched.map((turn) => turn[side])), aloneUs: mean(alone.map((turn) => turn[side])) }));
}

async function measurePush(scope: BenchScope, options: Options): Promise<PushResult> {
  const { watchers, rate, seconds, rounds, idleSeconds } = options;
  const bench = await startBench(scope, options);
  const { servers, order } = bench;
  const kbBefore = await warmUp(bench, rate);
  const kb = await connect(bench, watchers, kbBefore);
  scope.say(`${watchers} watchers on each side; ${rate} lists/s for ${seconds} s on each, in ${rounds} rounds`);
  const cpuUs = forEachSide(() => 0);
  for (let k = 0; k <= rounds; k++) {
    for (const side of SIDES) {
      const part = { ratePerSecond: rate, seconds: k === 0 ? WARM_UP_SECONDS : seconds / rounds, measured: k > 0 };
      const used = await cpuWhile(servers, () => order({ do: 'push', side, ...part }));
      if (k > 0) cpuUs[side] += used[side];
    }
  }
  const { results } = await order({ do: 'finish' });
  const { maxSeconds, stalled, stalledRate, stalledSeconds } = options;
  const maximum = maxSeconds > 0 ? await measureMaximum(bench, { seconds: maxSeconds, rounds }) : undefined;
  const stalling = { stalled, ratePerSecond: rate, besidePerSecond: stalledRate, seconds: stalledSeconds };
  const stalledFigures = stalled > 0 ? await measureStalled(bench, stalling) : undefined;
  // At the end: a push is dearer after minutes without one.
  const idle = idleSeconds > 0 ? await measureIdle(bench, { watchers, idleSeconds }) : undefined;
  const measured = { results: results as Record<Side, SideResult>, cpuUs, kb, idle };
  const figures = forEachSide((side) => figuresOf(options, measured, side));
  const { gateway, apollo, floor } = figures;
  return {
    watchers,
    ratePerSecond: rate,
    ...gateway,
    cpuRatioToFloor: round(gateway.cpuUsPerPush / floor.cpuUsPerPush),
    kbRatioToFloor: round(gateway.kbPerConnection / floor.kbPerConnection),
    ...named('apollo', apollo),
    ...named('floor', floor),
    ...(maximum && { maximum }),
    ...(stalledFigures && { stalled: stalledFigures }),
  };
}

const named = <S extends Side>(side: S, figures: SideFigures): Beside<S> =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${side}${capitalised(name)}`, value as number])) as Beside<S>;
const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

interface Measured {
  readonly results: Readonly<Record<Side, SideResult>>;
  readonly cpuUs: Readonly<Record<Side, number>>;
  readonly kb: Readonly<Record<Side, number>>;
  readonly idle: Readonly<Record<Side, IdleUse>> | undefined;
}

function figuresOf({ watchers }: Options, { results, cpuUs, kb, idle }: Measured, side: Side): SideFigures {
  const { pushed, lost, duplicate, outOfOrder, bytesPerPush, latency } = results[side];
  return {
    cpuUsPerPush: round(cpuUs[side] / pushed),
    kbPerConnection: round(kb[side]),
    ...(idle && {
      idleUsPerSecondPerConnection: round((idle[side].watchedUs - idle[side].aloneUs) / watchers),
      idleUsPerSecond: round(idle[side].aloneUs),
    }),
    bytesPerPush,
    p50Ms: latency.p50Ms,
    p99Ms: latency.p99Ms,
    ...{ pushed, lost, duplicate, outOfOrder },
  };
}

function table(result: PushResult): string {
  const { watchers, ratePerSecond, maximum, stalled } = result;
  const cells = (values: readonly (string | number)[]): string => values.map((value) => String(value).padStart(14)).join('');
  const all = result as unknown as Readonly<Record<string, number>>;
  const line = (title: string, name: Figure): string[] => {
    if (all[name] === undefined) return [];
    const [own, apollo, floor] = [all[name], all[`apollo${capitalised(name)}`]!, all[`floor${capitalised(name)}`]!];
    return [title.padEnd(28) + cells([own, apollo, floor, floor === 0 ? '' : round(own / floor)])];
  };
  return [
    `${watchers} watchers on each side, ${ratePerSecond} lists/s`,
    '',
    ''.padEnd(28) + cells(['gateway', 'Apollo', 'raw ws', 'to raw ws']),
    ...line('CPU µs a pushed list', 'cpuUsPerPush'),
    ...line('KiB a connection', 'kbPerConnection'),
    ...line('idle CPU µs/s a connection', 'idleUsPerSecondPerConnection'),
    ...line('idle CPU µs/s without any', 'idleUsPerSecond'),
    ...line('bytes a pushed list', 'bytesPerPush'),
    ...line('p50 ms', 'p50Ms'),
    ...line('p99 ms', 'p99Ms'),
    ...(['pushed', 'lost', 'duplicate', 'outOfOrder'] as const).flatMap((name) => line(name, name)),
    ...(maximum ? ['', 'as many lists as come through; then half of that', ...limitLines(maximum, MAXIMUM_LINES)] : []),
    ...(stalled ? ['', 'some stop reading: what the others see', ...limitLines(stalled, STALLED_LINES)] : []),
  ].join('\n');
}

const MAXIMUM_LINES = [
  'listsPerSecond',
  'cpuUsPerList',
  'busy',
  'halfPerSecond',
  'halfP50Ms',
  'halfP99Ms',
  'unwatchedCpuUs',
  'pushed',
  'lost',
  'duplicate',
  'outOfOrder',
] as const;
const STALLED_LINES = ['beforeP99Ms', 'duringP99Ms', 'p99Ratio', 'kbPerStalled', 'lost', 'duplicate', 'outOfOrder', 'closed'] as const;

const limitLines = <Line extends string>(of: Readonly<Record<Side, Readonly<Record<Line, unknown>>>>, names: readonly Line[]): string[] =>
  names.map((name) => name.padEnd(28) + SIDES.map((side) => shown(of[side][name]).padStart(14)).join(''));

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value));

const program = new Command('bench:push')
  .description('CPU of a pushed list and memory of a connection, beside Apollo Server with graphql-ws and a raw ws server')
  .option('--watchers <n>', 'watchers on each side', wholeBetween(1, 20_000), 1_000)
  .option('--rate <n>', 'lists a second', numberBetween(1, 100_000), 500)
  .option('--seconds <n>', 'how long each side is measured', numberBetween(1, 3_600), 20)
  .option('--rounds <n>', 'turns that each side takes', wholeBetween(1, 100), 5)
  .option(
    '--idle-seconds <n>',
    'how long idle connections are measured, longer than the heartbeat and the renewal of leases; 0: not at all',
    numberBetween(0, 3_600),
    120,
  )
  .option('--max-seconds <n>', 'how long each side is sent as many lists as come through; 0: not at all', numberBetween(0, 3_600), 0)
  .option('--stalled <n>', 'how many watchers of each side stop reading at the end', wholeBetween(0, 20_000), 0)
  .option('--stalled-rate <n>', 'lists a second to those', numberBetween(1, 100_000), 1_000)
  .option('--stalled-seconds <n>', 'how long before and after they stop is measured', numberBetween(1, 3_600), 20)
  .option('--seed <n>', 'of the catalogue', wholeBetween(0, 2 ** 31), 1)
  .option('--cpu-prof <folder>', 'write CPU profiles of the gateway there')
  .option('--json', 'print one JSON object instead of the table')
  .parse();
const options = program.opts<Options>();
void runBench({ run: (scope) => measurePush(scope, options), table, json: options.json === true });

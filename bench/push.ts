import { Command } from 'commander';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { numberBetween, wholeBetween } from '../src/cli/option-parsers';
import { freePort } from '../src/platform/redis-server';
import { fillStore, startBenchRedis, startGateway } from './support/bench-system';
import { RunningProgram } from './support/node-program';
import { cpuUsOf, residentKbOf } from './support/process-usage';
import { pushReply, SIDES, type PushCommand, type PushReply, type Side, type SideResult } from './support/push-messages';
import { PUSH_SHARDS, PUSH_TENANTS } from './support/push-tenants';
import { round } from './support/quantiles';
import { rows, runBench, type BenchScope } from './support/run-bench';

/*
 * The push side alone: lists of ten written straight into the store at a steady rate, one watcher for each user, no worker. Beside it the
 * floor, a raw `ws` server that forwards the announcements as they are. The two take turns in one run, so that what else the machine does
 * falls on both. A latency runs from the call that stores a list to its arrival.
 */

interface Options {
  readonly watchers: number;
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly idleSeconds: number;
  readonly seed: number;
  readonly cpuProf?: string;
  readonly json?: true;
}

interface PushResult {
  readonly watchers: number;
  readonly ratePerSecond: number;
  readonly cpuUsPerPush: number;
  readonly floorCpuUsPerPush: number;
  readonly cpuRatioToFloor: number;
  readonly kbPerConnection: number;
  readonly floorKbPerConnection: number;
  readonly idleUsPerSecondPerConnection: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lost: number;
  readonly duplicate: number;
  readonly outOfOrder: number;
  readonly pushed: number;
  readonly bytesPerPush: number;
  readonly floorBytesPerPush: number;
  readonly floorP50Ms: number;
  readonly floorP99Ms: number;
}

interface Bench {
  readonly servers: Readonly<Record<Side, RunningProgram>>;
  /** Has the load process do something, and waits until it has. */
  readonly order: (command: PushCommand) => Promise<PushReply>;
}

const ITEMS = 200;
const WARM_UP_WATCHERS = 100;
const WARM_UP_SECONDS = 3;

async function startBench(scope: BenchScope, { seed, cpuProf }: Options): Promise<Bench> {
  const redis = await startBenchRedis(scope);
  await fillStore(scope, redis.url, { items: ITEMS, users: 1, days: 1, seed });
  const settling = ['--expose-gc', '--require', join(__dirname, 'support/settle-on-request.js')];
  const profiling = cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`];
  const gateway = await startGateway(scope, { redis, env: { SHARDS: String(PUSH_SHARDS) }, nodeOptions: [...settling, ...profiling] });
  const floorPort = String(await freePort());
  const floor = RunningProgram.start({
    name: 'the floor server',
    script: join(__dirname, 'support/floor-server.js'),
    env: { REDIS_URL: redis.url, PORT: floorPort, SHARDS: String(PUSH_SHARDS), TENANT: PUSH_TENANTS.floor },
    nodeOptions: settling,
  });
  await scope.stopping('the floor server', () => floor.stop());
  await floor.next((message) => (message === 'ready' ? true : undefined));
  const load = RunningProgram.start({ name: 'the load process', script: join(__dirname, 'support/push-load.js') });
  await scope.stopping('the load process', () => load.stop());
  const order = (command: PushCommand): Promise<PushReply> => {
    load.send(command);
    return load.next((message) => pushReply.parse(message));
  };
  await order({ do: 'start', redisUrl: redis.url, urls: { gateway: gateway.url, floor: `ws://127.0.0.1:${floorPort}` } });
  return { servers: { gateway: gateway.program, floor }, order };
}

/** Resident memory of a server after everything that can be collected has been, in KiB. */
async function settledKb(server: RunningProgram): Promise<number> {
  server.send('settle');
  await server.next((message) => (message === 'settled' ? true : undefined));
  return residentKbOf(server.pid);
}

/** Opens the watchers of a side. Returns how much memory each of them takes, once the code that serves them has run before. */
async function connect({ servers, order }: Bench, side: Side, { watchers, rate }: Options): Promise<number> {
  await order({ do: 'open', side, watchers: WARM_UP_WATCHERS });
  await order({ do: 'push', side, ratePerSecond: rate, seconds: WARM_UP_SECONDS, measured: false });
  await order({ do: 'close', side });
  const before = await settledKb(servers[side]);
  await order({ do: 'open', side, watchers });
  return ((await settledKb(servers[side])) - before) / watchers;
}

async function measurePush(scope: BenchScope, options: Options): Promise<PushResult> {
  const { watchers, rate, seconds, rounds, idleSeconds } = options;
  const bench = await startBench(scope, options);
  const { servers, order } = bench;
  const kb = { gateway: await connect(bench, 'gateway', options), floor: await connect(bench, 'floor', options) };
  scope.say(
    `${watchers} watchers on each side; idle for ${idleSeconds} s, then ${rate} lists/s for ${seconds} s on each, in ${rounds} rounds`,
  );

  const idleFrom = cpuUsOf(servers.gateway.pid);
  await after(idleSeconds * 1000);
  const idleUs = cpuUsOf(servers.gateway.pid) - idleFrom;

  const cpuUs = { gateway: 0, floor: 0 };
  for (let k = 0; k <= rounds; k++) {
    for (const side of SIDES) {
      const before = cpuUsOf(servers[side].pid);
      await order({ do: 'push', side, ratePerSecond: rate, seconds: k === 0 ? WARM_UP_SECONDS : seconds / rounds, measured: k > 0 });
      if (k > 0) cpuUs[side] += cpuUsOf(servers[side].pid) - before;
    }
  }
  const { results } = await order({ do: 'finish' });
  return resultOf(options, { results: results as Record<Side, SideResult>, cpuUs, kb, idleUs });
}

interface Measured {
  readonly results: Readonly<Record<Side, SideResult>>;
  readonly cpuUs: Readonly<Record<Side, number>>;
  readonly kb: Readonly<Record<Side, number>>;
  readonly idleUs: number;
}

function resultOf({ watchers, rate, idleSeconds }: Options, { results: { gateway, floor }, cpuUs, kb, idleUs }: Measured): PushResult {
  const cpuUsPerPush = cpuUs.gateway / gateway.pushed;
  const floorCpuUsPerPush = cpuUs.floor / floor.pushed;
  return {
    watchers,
    ratePerSecond: rate,
    cpuUsPerPush: round(cpuUsPerPush),
    floorCpuUsPerPush: round(floorCpuUsPerPush),
    cpuRatioToFloor: round(cpuUsPerPush / floorCpuUsPerPush),
    kbPerConnection: round(kb.gateway),
    floorKbPerConnection: round(kb.floor),
    idleUsPerSecondPerConnection: round(idleUs / idleSeconds / watchers),
    p50Ms: gateway.latency.p50Ms,
    p99Ms: gateway.latency.p99Ms,
    lost: gateway.lost,
    duplicate: gateway.duplicate,
    outOfOrder: gateway.outOfOrder,
    pushed: gateway.pushed,
    bytesPerPush: gateway.bytesPerPush,
    floorBytesPerPush: floor.bytesPerPush,
    floorP50Ms: floor.latency.p50Ms,
    floorP99Ms: floor.latency.p99Ms,
  };
}

function table(result: PushResult): string {
  const { watchers, ratePerSecond, pushed, lost, duplicate, outOfOrder } = result;
  const cells = (values: readonly (string | number)[]): string => values.map((value) => String(value).padStart(12)).join('');
  const line = (name: string, ours: number, floor: number): string => name.padEnd(26) + cells([ours, floor, round(ours / floor)]);
  return [
    `${watchers} watchers, ${ratePerSecond} lists/s: pushed ${pushed}, lost ${lost}, duplicate ${duplicate}, outOfOrder ${outOfOrder}`,
    '',
    ''.padEnd(26) + cells(['gateway', 'raw ws', 'ratio']),
    line('CPU µs a pushed list', result.cpuUsPerPush, result.floorCpuUsPerPush),
    line('KiB a connection', result.kbPerConnection, result.floorKbPerConnection),
    line('bytes a pushed list', result.bytesPerPush, result.floorBytesPerPush),
    line('p50 ms', result.p50Ms, result.floorP50Ms),
    line('p99 ms', result.p99Ms, result.floorP99Ms),
    rows([['idle CPU a connection', `${result.idleUsPerSecondPerConnection} µs a second`]]),
  ].join('\n');
}

const program = new Command('bench:push')
  .description('CPU of a pushed list and memory of a connection, beside a raw ws server')
  .option('--watchers <n>', 'watchers on each side', wholeBetween(1, 20_000), 1_000)
  .option('--rate <n>', 'lists a second', numberBetween(1, 100_000), 500)
  .option('--seconds <n>', 'how long each side is measured', numberBetween(1, 3_600), 20)
  .option('--rounds <n>', 'turns that each side takes', wholeBetween(1, 100), 5)
  .option(
    '--idle-seconds <n>',
    'how long idle connections are measured: longer than the heartbeat and the renewal of leases',
    numberBetween(1, 3_600),
    24,
  )
  .option('--seed <n>', 'of the catalogue', wholeBetween(0, 2 ** 31), 1)
  .option('--cpu-prof <folder>', 'write CPU profiles of the gateway there')
  .option('--json', 'print one JSON object instead of the table')
  .parse();
const options = program.opts<Options>();
void runBench({ run: (scope) => measurePush(scope, options), table, json: options.json === true });

import { Command } from 'commander';
import { numberBetween, wholeBetween } from '../src/cli/option-parsers';
import { fillStore, startBenchRedis, startGateway, startWorker, trainOnce } from './support/bench-system';
import { loopLoadResult, type LoopJob, type LoopLoadResult } from './support/load-messages';
import { measureWhileTraining, type WhileTrainingResult } from './support/loop-while-training';
import { cpuSince } from './support/process-usage';
import { round, type Spread } from './support/quantiles';
import { rows, runBench, type BenchScope } from './support/run-bench';
import { runLoad } from './support/run-load';

/*
 * The whole loop: behaviours recorded over HTTP at a steady open-loop rate, one watcher for each user, real gateway, worker and Redis.
 * A latency runs from the moment for which the request was scheduled (which is never later than that at which it was sent) to the arrival
 * of the first list whose `appliedThrough` covers the behaviour.
 */

interface Options {
  readonly watchers: number;
  readonly rate: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly items: number;
  readonly days: number;
  readonly seed: number;
  readonly cpuProf?: string;
  readonly train?: true;
  readonly pairs: number;
  readonly dataset: string;
  readonly json?: true;
}

const COUNTS = ['recorded', 'delivered', 'lost', 'duplicate', 'outOfOrder', 'failed'] as const;
const PROCESSES = ['gateway', 'worker', 'redis'] as const;
type ProcessName = (typeof PROCESSES)[number];

interface LoopResult extends Record<(typeof COUNTS)[number], number> {
  readonly watchers: number;
  readonly ratePerSecond: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly stages: LoopLoadResult['stages'];
  readonly cpuUsPerBehaviour: Record<ProcessName, number>;
  /** Scheduled → the mutation's answer. */
  readonly answer: LoopLoadResult['answer'];
  /** How late the load process itself was. */
  readonly sendLagP99Ms: number;
}

async function measureLoop(scope: BenchScope, options: Options): Promise<LoopResult> {
  const { watchers, rate, seconds, warmUp, items, days, seed, cpuProf } = options;
  const redis = await startBenchRedis(scope);
  await fillStore(scope, redis.url, { items, users: watchers, days, seed });
  const nodeOptions = cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`];
  const worker = await startWorker(scope, { redis, nodeOptions });
  const gateway = await startGateway(scope, { redis, nodeOptions });
  await trainOnce(scope, gateway.url);
  scope.say(`${watchers} watchers, ${rate} behaviours/s for ${warmUp} + ${seconds} s`);

  const userIds = Array.from({ length: watchers }, (_, k) => `user-${k + 1}`);
  const job: LoopJob = { url: gateway.url, userIds, items, ratePerSecond: rate, warmUpSeconds: warmUp, seconds, seed };
  let cpuUs: Record<ProcessName, number> = { gateway: 0, worker: 0, redis: 0 };
  const onBegun = (): (() => void) => {
    const used = cpuSince({ gateway: gateway.program.pid, worker: worker.program.pid, redis: redis.pid });
    return () => (cpuUs = used());
  };
  const { latency, latenciesMs: _each, ...load } = await runLoad(scope, { script: 'loop-load.js', job, result: loopLoadResult, onBegun });
  const perBehaviour = (us: number): number => round(us / Math.max(1, load.recorded));
  const cpuUsPerBehaviour = { gateway: perBehaviour(cpuUs.gateway), worker: perBehaviour(cpuUs.worker), redis: perBehaviour(cpuUs.redis) };
  return { watchers, ratePerSecond: rate, ...load, ...latency, cpuUsPerBehaviour };
}

function table(result: LoopResult): string {
  const { watchers, ratePerSecond, stages, cpuUsPerBehaviour, answer, sendLagP99Ms } = result;
  const cells = (values: readonly (string | number)[]): string => values.map((value) => String(value).padStart(9)).join('');
  const spreads = { 'whole loop': result, ...stages, 'HTTP answer': answer };
  return [
    `${watchers} watchers, ${ratePerSecond} behaviours/s: ${COUNTS.map((name) => `${name} ${result[name]}`).join(', ')}`,
    '',
    'ms'.padEnd(14) + cells(['p50', 'p90', 'p99', 'max']),
    ...Object.entries(spreads).map(([name, { p50Ms, p90Ms, p99Ms, maxMs }]) => name.padEnd(14) + cells([p50Ms, p90Ms, p99Ms, maxMs])),
    '',
    rows([
      ...PROCESSES.map((name) => [`CPU of ${name}`, `${cpuUsPerBehaviour[name]} µs a behaviour`] as const),
      ['load process late by', `${sendLagP99Ms} ms at p99`],
    ]),
  ].join('\n');
}

function trainingTable({ watchers, ratePerSecond, without, during, p50Ratio, p99Ratio, windows }: WhileTrainingResult): string {
  const cells = (values: readonly (string | number)[]): string => values.map((value) => String(value).padStart(9)).join('');
  const line = (name: string, { p50Ms, p90Ms, p99Ms, maxMs }: Spread): string => name.padEnd(22) + cells([p50Ms, p90Ms, p99Ms, maxMs]);
  const cores = windows.filter(({ training }) => training).map(({ trainingCores }) => trainingCores);
  return [
    `${watchers} watchers, ${ratePerSecond} behaviours/s, ${windows.length} windows in turns`,
    '',
    'whole loop, ms'.padEnd(22) + cells(['p50', 'p90', 'p99', 'max']),
    line('without training', without),
    line('while models train', during),
    'ratio'.padEnd(22) + cells([p50Ratio, '', p99Ratio, '']),
    '',
    rows([
      ['cores that trained', cores.join(', ')],
      ['lost', windows.reduce((sum, { lost }) => sum + lost, 0)],
      ['failed', windows.reduce((sum, { failed }) => sum + failed, 0)],
    ]),
  ].join('\n');
}

const program = new Command('bench:loop')
  .description('from a recorded behaviour to the list that covers it, through real processes')
  .option('--watchers <n>', 'users, each with one watcher', wholeBetween(1, 20_000), 1_000)
  .option('--rate <n>', 'behaviours a second', numberBetween(0.1, 100_000), 100)
  .option('--seconds <n>', 'how long it is measured', numberBetween(1, 3_600), 20)
  .option('--warm-up <n>', 'seconds of the same load before that', numberBetween(0, 600), 10)
  .option('--items <n>', 'items of the simulated shop', wholeBetween(10, 100_000), 1_000)
  .option('--days <n>', 'days of simulated history', wholeBetween(1, 365), 60)
  .option('--seed <n>', 'of the shop and the behaviours', wholeBetween(0, 2 ** 31), 1)
  .option('--train', 'the same load with and without a full training run of every model under way, in turns')
  .option('--pairs <n>', 'with --train: windows of each kind', wholeBetween(1, 100), 3)
  .option(
    '--dataset <folder>',
    'with --train: what the shop is filled with; where it is absent, the simulated shop',
    '../shared/data/ml-100k',
  )
  .option('--cpu-prof <folder>', 'write CPU profiles of gateway and worker there')
  .option('--json', 'print one JSON object instead of the table')
  .parse();
const options = program.opts<Options>();
const json = options.json === true;
if (options.train) void runBench({ run: (scope) => measureWhileTraining(scope, options), table: trainingTable, json });
else void runBench({ run: (scope) => measureLoop(scope, options), table, json });

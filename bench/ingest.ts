import { Command } from 'commander';
import { numberBetween, wholeBetween } from '../src/cli/option-parsers';
import { fillStore, startBenchRedis, startGateway, startWorker } from './support/bench-system';
import { ingestLoadResult, type IngestJob, type IngestLoadResult } from './support/load-messages';
import { cpuSince } from './support/process-usage';
import { round } from './support/quantiles';
import { runBench, type BenchScope } from './support/run-bench';
import { runLoad } from './support/run-load';

/*
 * How many behaviours are accepted: sent over HTTP one at a time and in batches of 100 (each of many users), acknowledged when they are in
 * the log. Nobody watches, so this is ingest alone; the worker follows the log as it always does.
 */

interface Options {
  readonly seconds: number;
  readonly warmUp: number;
  readonly concurrency: number;
  readonly users: number;
  readonly items: number;
  readonly days: number;
  readonly seed: number;
  readonly cpuProf?: string;
  readonly json?: true;
}

type ProcessName = 'gateway' | 'worker' | 'redis';

interface Measured {
  readonly perSecond: number;
  /** Of all processes, for one accepted behaviour. */
  readonly cpuUs: number;
  readonly cpuUsOf: Record<ProcessName, number>;
  readonly answer: IngestLoadResult['answer'];
}

interface IngestResult {
  readonly single: Measured;
  readonly batch: Measured;
}

const BATCH = 100;

async function measureIngest(
  scope: BenchScope,
  { seconds, warmUp, concurrency, users, items, days, seed, cpuProf }: Options,
): Promise<IngestResult> {
  const redis = await startBenchRedis(scope);
  await fillStore(scope, redis.url, { items, users, days, seed });
  const nodeOptions = cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`];
  const worker = await startWorker(scope, { redis, nodeOptions });
  const gateway = await startGateway(scope, { redis, nodeOptions });
  const userIds = Array.from({ length: users }, (_, k) => `user-${k + 1}`);
  const pids = { gateway: gateway.program.pid, worker: worker.program.pid, redis: redis.pid };

  const measure = async (batch: number, shift: number): Promise<Measured> => {
    scope.say(`batches of ${batch}, ${concurrency} at a time, for ${warmUp} + ${seconds} s`);
    const job: IngestJob = { url: gateway.url, userIds, items, batch, concurrency, warmUpSeconds: warmUp, seconds, seed: seed + shift };
    let used: Record<ProcessName, number> = { gateway: 0, worker: 0, redis: 0 };
    const onBegun = (): (() => void) => {
      const sinceBegun = cpuSince(pids);
      return () => (used = sinceBegun());
    };
    const { accepted, seconds: took, answer } = await runLoad(scope, { script: 'ingest-load.js', job, result: ingestLoadResult, onBegun });
    const each = (us: number): number => round(us / Math.max(1, accepted));
    const cpuUsOf = { gateway: each(used.gateway), worker: each(used.worker), redis: each(used.redis) };
    return { perSecond: Math.round(accepted / took), cpuUs: each(used.gateway + used.worker + used.redis), cpuUsOf, answer };
  };
  return { single: await measure(1, 1), batch: await measure(BATCH, 2) };
}

function table(result: IngestResult): string {
  const cells = (values: readonly (string | number)[]): string => values.map((value) => String(value).padStart(13)).join('');
  const line = (name: string, { perSecond, cpuUs, cpuUsOf, answer }: Measured): string =>
    name.padEnd(16) + cells([perSecond, cpuUs, cpuUsOf.gateway, cpuUsOf.worker, cpuUsOf.redis, answer.p50Ms, answer.p99Ms]);
  return [
    ''.padEnd(16) + cells(['behaviours/s', 'CPU µs each', 'gateway', 'worker', 'redis', 'answer p50', 'answer p99']),
    line('single', result.single),
    line(`batches of ${BATCH}`, result.batch),
  ].join('\n');
}

const program = new Command('bench:ingest')
  .description('behaviours accepted a second and their CPU, single and in batches of 100')
  .option('--seconds <n>', 'how long each is measured', numberBetween(1, 3_600), 10)
  .option('--warm-up <n>', 'seconds of the same load before that', numberBetween(0, 600), 3)
  .option('--concurrency <n>', 'requests under way at a time', wholeBetween(1, 1_000), 16)
  .option('--users <n>', 'users, all of whom do something', wholeBetween(1, 100_000), 1_000)
  .option('--items <n>', 'items of the simulated shop', wholeBetween(10, 100_000), 1_000)
  .option('--days <n>', 'days of simulated history', wholeBetween(1, 365), 30)
  .option('--seed <n>', 'of the shop and the behaviours', wholeBetween(0, 2 ** 31), 1)
  .option('--cpu-prof <folder>', 'write CPU profiles of gateway and worker there')
  .option('--json', 'print one JSON object instead of the table')
  .parse();
const options = program.opts<Options>();
void runBench({ run: (scope) => measureIngest(scope, options), table, json: options.json === true });

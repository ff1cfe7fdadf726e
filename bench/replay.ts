import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { Redis } from 'ioredis';
import { datasetSource } from '../src/cli/import-source';
import { numberBetween, wholeBetween } from '../src/cli/option-parsers';
import { sortByTime } from '../src/cli/sort-by-time';
import { DEFAULT_DATA_DIR } from '../src/datasets/dataset';
import { readConfig } from '../src/platform/config';
import { Keys } from '../src/platform/keys';
import { startBenchRedis, startGateway, startWorker, TENANT, trainOnce } from './support/bench-system';
import { round } from './support/quantiles';
import { rows, runBench, type BenchScope } from './support/run-bench';
import { SocketWatchers, type WatchedUpdate } from './support/socket-watchers';

/*
 * A data set's life: its first part is imported, the rest is replayed through the public API in its order while some of its users are
 * watched. Nothing may be lost (entries of the log = accepted), and every watcher must end with a list that has applied everything.
 */

interface Options {
  readonly dataset: string;
  readonly fraction: number;
  readonly rate: number;
  readonly watchers: number;
  readonly json?: true;
}

interface ReplayResult {
  readonly dataset: string;
  readonly imported: number;
  readonly importSeconds: number;
  readonly replayed: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly repeats: number;
  readonly rejected: number;
  readonly lost: number;
  readonly perSecond: number;
  /** Entries that the replay added to the log; equals `accepted` when nothing is lost. */
  readonly logged: number;
  readonly watchers: number;
  /** Watched users whose last pushed list has applied their last `seq`. */
  readonly converged: number;
}

const CLI = join(__dirname, '../src/cli/main.js');
const CONVERGE_WITHIN_MS = 30_000;
const run = promisify(execFile);

async function beckon<T>(args: readonly string[]): Promise<T> {
  const { stdout } = await run(process.execPath, [CLI, ...args, '--json'], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as T;
}

async function measureReplay(scope: BenchScope, { dataset, fraction, rate, watchers }: Options): Promise<ReplayResult> {
  const redis = await startBenchRedis(scope);
  const store = new Redis(redis.url);
  await scope.stopping('the connection', () => Promise.resolve(store.disconnect()));
  const keys = new Keys(readConfig({}).SHARDS);

  const importedAt = performance.now();
  const state = join(redis.dir, 'imports');
  await beckon(['import', '--dataset', dataset, '--until-fraction', String(fraction), '--redis', redis.url, '--state', state]);
  const importSeconds = (performance.now() - importedAt) / 1000;
  const imported = await logLength(store, keys);
  scope.say(`imported ${imported} behaviours in ${importSeconds.toFixed(1)} s`);

  await startWorker(scope, { redis });
  const gateway = await startGateway(scope, { redis });
  await trainOnce(scope, gateway.url);

  const userIds = await firstUsers(dataset, fraction, watchers);
  const newest = new Map<number, WatchedUpdate>();
  const failures: Error[] = [];
  const onUpdate = (watcher: number, _at: number, update: WatchedUpdate): void => void newest.set(watcher, update);
  const sockets = await SocketWatchers.open({ url: gateway.url, userIds, onUpdate, onError: (error) => failures.push(error) });
  await scope.stopping('the watchers', () => sockets.close());
  scope.say(`${userIds.length} users are watched; replaying at ${rate} behaviours/s`);
  const replay = [
    'replay',
    '--dataset',
    dataset,
    '--from-fraction',
    String(fraction),
    '--rate',
    String(rate),
    '--url',
    `${gateway.url}/graphql`,
  ];
  const counts = await beckon<Record<'sent' | 'accepted' | 'duplicates' | 'repeats' | 'rejected' | 'lost' | 'perSecond', number>>(replay);

  const converged = await untilConverged(store, keys, userIds, newest);
  if (failures[0]) throw failures[0];
  return {
    dataset,
    imported,
    importSeconds: round(importSeconds),
    replayed: counts.sent,
    accepted: counts.accepted,
    duplicates: counts.duplicates,
    repeats: counts.repeats,
    rejected: counts.rejected,
    lost: counts.lost,
    perSecond: round(counts.perSecond),
    logged: (await logLength(store, keys)) - imported,
    watchers: userIds.length,
    converged,
  };
}

async function logLength(store: Redis, keys: Keys): Promise<number> {
  const lengths = await Promise.all(Array.from({ length: keys.shards }, (_, shard) => store.xlen(keys.log(TENANT, shard))));
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** The first users who do something in the part that is replayed. */
async function firstUsers(dataset: string, fraction: number, count: number): Promise<string[]> {
  const source = await datasetSource(dataset);
  const sorted = await sortByTime(source.behaviours(), { onBad: () => Promise.resolve() });
  const users = new Set<string>();
  let position = 0;
  for await (const { record } of sorted.rows()) {
    if (position++ >= Math.floor(sorted.total * fraction)) users.add(record.userId);
    if (users.size === count) break;
  }
  await sorted.dispose();
  return [...users];
}

/** How many watchers have been sent a list that has applied their user's last `seq`, once all have or the deadline is over. */
async function untilConverged(
  store: Redis,
  keys: Keys,
  userIds: readonly string[],
  newest: ReadonlyMap<number, WatchedUpdate>,
): Promise<number> {
  const seqs = await Promise.all(userIds.map((userId) => store.hget(keys.profile({ tenant: TENANT, userId }), 'seq')));
  const deadline = performance.now() + CONVERGE_WITHIN_MS;
  for (;;) {
    const converged = seqs.filter((seq, watcher) => newest.get(watcher)?.appliedThrough === Number(seq ?? 0)).length;
    if (converged === userIds.length || performance.now() > deadline) return converged;
    await after(50);
  }
}

const program = new Command('bench:replay')
  .description('a data set imported, its later part replayed through the public API while users are watched: what is lost, who converges')
  .option('--dataset <dir>', 'folder of the data set', join(DEFAULT_DATA_DIR, 'ml-100k'))
  .option('--fraction <share>', 'part that is imported; the rest is replayed', numberBetween(0, 1), 0.8)
  .option('--rate <n>', 'behaviours a second', numberBetween(1, 100_000), 520)
  .option('--watchers <n>', 'how many users are watched', wholeBetween(1, 5000), 200)
  .option('--json', 'print one JSON object')
  .action(async (options: Options) => {
    if (!existsSync(options.dataset)) {
      process.stderr.write(`skipped: there is no data set at ${options.dataset}\n`);
      return;
    }
    await runBench({
      run: (scope) => measureReplay(scope, options),
      table: (result) => rows(Object.entries(result)),
      json: options.json === true,
    });
  });

void program.parseAsync();

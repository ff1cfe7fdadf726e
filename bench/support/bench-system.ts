import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { createApiClient } from '../../src/cli/api-client';
import { openStore, type Store } from '../../src/cli/compose';
import { MODELS, TRAIN_MODELS } from '../../src/cli/documents';
import { datasetSource } from '../../src/cli/import-source';
import { isBadRow } from '../../src/datasets/row';
import { datasetFillSource } from '../../src/launcher/fill-sources';
import { untilServing } from '../../src/launcher/serving';
import { systemClock } from '../../src/platform/clock';
import { freePort, startRedisServer, type RedisServer } from '../../src/platform/redis-server';
import { seedDemo } from '../../src/simulator/seed-demo';
import { RunningProgram } from './node-program';
import type { BenchScope } from './run-bench';

export const TENANT = 'default';
const READY_WITHIN_MS = 60_000;
const TRAINED_WITHIN_MS = 1_800_000;

export interface DemoFill {
  readonly items: number;
  readonly users: number;
  readonly days: number;
  readonly seed: number;
}

/** A Redis of the bench's own, in a folder that goes with it. */
export async function startBenchRedis({ stopping }: BenchScope): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'beckon-bench-'));
  await stopping('the data folder', () => rm(dir, { recursive: true, force: true }));
  const redis = await startRedisServer({ dir });
  await stopping('Redis', () => redis.stop());
  return redis;
}

/** Fills the store with the simulated shop: users are `user-1`, `user-2` …, items `item-0001` … */
export async function fillStore({ say }: BenchScope, redisUrl: string, { items, users, days, seed }: DemoFill): Promise<void> {
  const store = await openStore({ redisUrl, tenant: TENANT, env: {} });
  const startedAt = performance.now();
  try {
    const { behaviours } = await seedDemo(store, { tenant: TENANT, seed, now: systemClock.now(), items, users, days });
    const seconds = (performance.now() - startedAt) / 1000;
    say(`filled: ${items} items, ${behaviours} behaviours of ${users} users in ${seconds.toFixed(1)} s`);
  } finally {
    await store.close();
  }
}

/** Fills the store with a data set as `npm start -- --dataset` does. Returns its users and items, the most active and popular first. */
export async function fillFromDataset(
  { say }: BenchScope,
  { url, dir }: RedisServer,
  dataset: string,
): Promise<{ readonly userIds: readonly string[]; readonly itemIds: readonly string[] }> {
  const openedStore = (): Promise<Store> => openStore({ redisUrl: url, tenant: TENANT, env: {} });
  await datasetFillSource({ tenant: TENANT, openStore: openedStore, onProgress: () => undefined }, dataset, dir).fill(systemClock.now());
  const users = new Map<string, number>();
  const items = new Map<string, number>();
  for await (const row of (await datasetSource(dataset)).behaviours()) {
    if (isBadRow(row) || row.record.itemId === undefined) continue;
    users.set(row.record.userId, 1 + (users.get(row.record.userId) ?? 0));
    items.set(row.record.itemId, 1 + (items.get(row.record.itemId) ?? 0));
  }
  const byCount = (counts: ReadonlyMap<string, number>): string[] => [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  say(`filled: ${items.size} items, ${users.size} users of ${dataset}`);
  return { userIds: byCount(users), itemIds: byCount(items) };
}

interface PartOptions {
  readonly redis: RedisServer;
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeOptions?: readonly string[];
}

export interface StartedPart {
  readonly url: string;
  readonly program: RunningProgram;
}

/** A gateway process, ready. */
export const startGateway = (scope: BenchScope, options: PartOptions): Promise<StartedPart> =>
  startPart(scope, 'gateway', '../../src/main.js', options);

/** A worker process, ready. */
export const startWorker = (scope: BenchScope, options: PartOptions): Promise<StartedPart> =>
  startPart(scope, 'worker', '../../workers/main.js', options);

async function startPart(
  { stopping }: BenchScope,
  name: string,
  script: string,
  { redis, env = {}, nodeOptions = [] }: PartOptions,
): Promise<StartedPart> {
  const port = String(await freePort());
  const program = RunningProgram.start({
    name: `the ${name}`,
    script: join(__dirname, script),
    env: { REDIS_URL: redis.url, PORT: port, WORKER_PORT: port, LOG_LEVEL: 'warn', ARCHIVE_DIR: join(redis.dir, 'archive'), ...env },
    nodeOptions,
  });
  await stopping(program.name, () => program.stop());
  const url = `http://127.0.0.1:${port}`;
  const failed = new AbortController();
  await Promise.race([
    untilServing(`${url}/health/ready`, { withinMs: READY_WITHIN_MS, signal: failed.signal }),
    program.next(() => undefined), // rejects when it ends instead
  ]).finally(() => failed.abort());
  return { url, program };
}

/** Trains every model once, and resolves when all runs have ended: what can be trained serves. */
export async function trainOnce({ say }: BenchScope, gatewayUrl: string): Promise<void> {
  const client = createApiClient({ url: `${gatewayUrl}/graphql` });
  type Run = { readonly at: string; readonly outcome: string; readonly message: string | null };
  type States = { readonly models: readonly { readonly name: string; readonly lastRun: Run | null }[] };
  const runs = async (): Promise<Map<string, Run | null>> =>
    new Map((await client.request<States>(MODELS)).models.map(({ name, lastRun }) => [name, lastRun]));
  const startedAt = performance.now();
  const before = await runs();
  const { trainModels } = await client.request<{ trainModels: { jobs: { model: string }[] } }>(TRAIN_MODELS, { models: null });
  for (;;) {
    const now = await runs();
    const open = trainModels.jobs.filter(({ model }) => now.get(model)?.at === before.get(model)?.at);
    const ms = performance.now() - startedAt;
    if (open.length === 0) {
      for (const [model, run] of now) if (run && run.outcome !== 'PUBLISHED') say(`${model}: ${run.outcome}: ${run.message ?? ''}`);
      return say(`trained: ${trainModels.jobs.length} models in ${(ms / 1000).toFixed(1)} s`);
    }
    if (ms > TRAINED_WITHIN_MS) throw new Error(`not trained in time: ${open.map(({ model }) => model).join(', ')}`);
    await after(200); // the API has no event for this
  }
}

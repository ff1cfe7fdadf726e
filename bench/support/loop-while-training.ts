import { existsSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { fillFromDataset, fillStore, startBenchRedis, startGateway, startWorker, trainOnce } from './bench-system';
import { loopLoadResult, type LoopJob } from './load-messages';
import { PausableTraining } from './pausable-training';
import { round, spreadOf, type Spread } from './quantiles';
import type { BenchScope } from './run-bench';
import { runLoad } from './run-load';

export interface WhileTrainingOptions {
  readonly watchers: number;
  readonly rate: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly items: number;
  readonly days: number;
  readonly seed: number;
  /** Windows of each kind. */
  readonly pairs: number;
  readonly dataset: string;
}

interface Window {
  readonly training: boolean;
  readonly latency: Spread;
  readonly delivered: number;
  readonly lost: number;
  readonly failed: number;
  /** Cores that training processes kept busy, on average. */
  readonly trainingCores: number;
}

export interface WhileTrainingResult {
  readonly watchers: number;
  readonly ratePerSecond: number;
  /** Over all windows of a kind. */
  readonly without: Spread;
  readonly during: Spread;
  readonly p50Ratio: number;
  readonly p99Ratio: number;
  readonly windows: readonly Window[];
}

/** A run that is due to be measured has not begun after this. */
const BEGUN_WITHIN_MS = 60_000;

/** The same load with and without a full training run of every model under way, in turns. */
export async function measureWhileTraining(scope: BenchScope, options: WhileTrainingOptions): Promise<WhileTrainingResult> {
  const { watchers, rate, seconds, warmUp, items, seed, pairs } = options;
  const redis = await startBenchRedis(scope);
  const shop = existsSync(options.dataset) ? await fillFromDataset(scope, redis, options.dataset) : undefined;
  if (!shop) await fillStore(scope, redis.url, { items, users: watchers, days: options.days, seed });
  const worker = await startWorker(scope, { redis });
  const gateway = await startGateway(scope, { redis });
  await trainOnce(scope, gateway.url); // so that retrains are compared with what serves, as in production
  const training = new PausableTraining(worker.program.pid);
  const always = trainAlways(scope, gateway.url);
  await scope.stopping('training', async () => {
    always.stop();
    await training.close();
  });

  const userIds = shop?.userIds.slice(0, watchers) ?? Array.from({ length: watchers }, (_, k) => `user-${k + 1}`);
  const base = {
    url: gateway.url,
    userIds,
    items,
    ...(shop && { itemIds: [...shop.itemIds] }),
    ratePerSecond: rate,
    warmUpSeconds: warmUp,
    seconds,
  };
  const latencies = { without: [] as number[], during: [] as number[] };
  const windows: Window[] = [];
  for (let turn = 0; turn < 2 * pairs; turn++) {
    const busy = turn % 2 === 1;
    if (busy) await untilBusy(training);
    else training.pause();
    const job: LoopJob = { ...base, seed: seed + turn };
    const { latenciesMs, window } = await measureWindow(scope, job, training);
    if (busy && window.trainingCores < 0.05) throw new Error('nothing was trained while it was measured');
    (busy ? latencies.during : latencies.without).push(...latenciesMs);
    windows.push({ training: busy, ...window });
    scope.say(
      `${busy ? 'training' : 'quiet   '}  p50 ${window.latency.p50Ms}  p99 ${window.latency.p99Ms} ms, ${window.trainingCores} cores train`,
    );
  }
  const without = spreadOf(latencies.without);
  const during = spreadOf(latencies.during);
  const ratios = { p50Ratio: round(during.p50Ms / without.p50Ms), p99Ratio: round(during.p99Ms / without.p99Ms) };
  return { watchers: userIds.length, ratePerSecond: rate, without, during, ...ratios, windows };
}

async function untilBusy(training: PausableTraining): Promise<void> {
  training.goOn();
  const before = training.cpuSeconds;
  const deadline = performance.now() + BEGUN_WITHIN_MS;
  while (training.cpuSeconds === before) {
    if (performance.now() > deadline) throw new Error('no training run begins');
    await after(50);
  }
}

async function measureWindow(scope: BenchScope, job: LoopJob, training: PausableTraining) {
  let trainingCores = 0;
  const onBegun = (): (() => void) => {
    const [cpu, at] = [training.cpuSeconds, performance.now()];
    return () => (trainingCores = round((1000 * (training.cpuSeconds - cpu)) / (performance.now() - at)));
  };
  const { latenciesMs, latency, delivered, lost, failed } = await runLoad(scope, {
    script: 'loop-load.js',
    job,
    result: loopLoadResult,
    onBegun,
  });
  return { latenciesMs, window: { latency, delivered, lost, failed, trainingCores } };
}

/** Trains all models, and again when that is done, until told to stop. */
function trainAlways(scope: BenchScope, gatewayUrl: string): { readonly stop: () => void } {
  let stopped = false;
  const silent: BenchScope = { ...scope, say: () => undefined };
  void (async () => {
    while (!stopped) await trainOnce(silent, gatewayUrl);
  })().catch((error: unknown) => {
    if (!stopped) scope.say(`training ended: ${String(error)}`);
  });
  return { stop: () => void (stopped = true) };
}

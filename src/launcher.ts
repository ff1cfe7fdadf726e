import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from './cli/compose';
import { createProgress } from './cli/progress';
import { processTerminal } from './cli/terminal';
import type { Example } from './launcher/fill-marker';
import { RedisFillMarker } from './launcher/fill-marker.redis';
import { fillStore } from './launcher/fill-store';
import { datasetFillSource, demoSource } from './launcher/fill-sources';
import { parseLaunchOptions, type LaunchOptions } from './launcher/launch-options';
import { isPortFree, untilServing } from './launcher/serving';
import { Shutdown } from './launcher/shutdown';
import { SupervisedChild, type Supervision } from './launcher/supervised-child';
import { SupervisedRedis } from './launcher/supervised-redis';
import { welcome } from './launcher/welcome';
import { systemClock } from './platform/clock';
import { DEMOS } from './simulator/simulate-domain';
import { readConfig, type Config } from './platform/config';
import { Keys } from './platform/keys';
import { createLog } from './platform/log';
import { connectForCommands, untilReady } from './platform/redis';
import { freePort } from './platform/redis-server';
import { claimLayout } from './platform/store-layout';

/** `npm start`: a gateway, a worker and, without REDIS_URL, a private Redis, of one life. */

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;
const SAME_SIGNAL_MS = 300;

interface Launch {
  readonly options: LaunchOptions;
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly shutdown: Shutdown;
  /** Aborted when the shutdown begins. */
  readonly ending: AbortSignal;
  readonly supervision: Supervision;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const env = process.env;
  const options = parseLaunchOptions(process.argv.slice(2), readConfig(env).BECKON_DATA_DIR);
  const config = readConfig({ ...env, ...(options.port !== undefined && { PORT: String(options.port) }) });
  const ending = new AbortController();
  const shutdown = new Shutdown((part, error) => say(`${part} could not be stopped: ${messageOf(error)}`));
  const end = async (exitCode: number): Promise<never> => {
    ending.abort();
    await shutdown.run();
    process.exit(exitCode);
  };
  stopOnSignals(shutdown, end);
  if (env['npm_lifecycle_event'] === 'start') endWithNpm(end);
  const supervision: Supervision = {
    onRestart: (why, pauseMs) => say(`${why}: starting it again in ${pauseMs} ms`),
    onGiveUp: (why) => {
      say(`${why}: giving up`);
      void end(1);
    },
  };
  try {
    await launch({ options, config, env, shutdown, ending: ending.signal, supervision });
  } catch (error) {
    if (shutdown.begun) return; // what fails while everything ends is no news
    say(messageOf(error));
    await end(1);
  }
}

async function launch(launch: Launch): Promise<void> {
  const { options, config, env, ending } = launch;
  const ports = await choosePorts(launch);
  mkdirSync(options.dataDir, { recursive: true });
  const redis = env['REDIS_URL'] ? undefined : await startPrivateRedis(launch);
  const childEnv: NodeJS.ProcessEnv = {
    ...env,
    REDIS_URL: redis?.url ?? env['REDIS_URL'],
    PORT: String(ports.gateway),
    WORKER_PORT: String(ports.worker),
    ARCHIVE_DIR: env['ARCHIVE_DIR'] || join(options.dataDir, 'archive'),
    LOG_LEVEL: env['LOG_LEVEL'] || 'warn', // what is printed here is for people; the rest on demand
    ...presetSettings(options, env),
  };
  const example = await fill(launch, childEnv);
  if (ending.aborted) return;
  const worker = await startChild(launch, 'worker', '../workers/main.js', childEnv);
  const gateway = await startChild(launch, 'gateway', 'main.js', childEnv);
  const url = `http://${config.HOST}:${ports.gateway}`;
  const workerUrl = `http://${config.HOST}:${ports.worker}`;
  await Promise.all([url, workerUrl].map((part) => untilServing(`${part}/health/ready`, { withinMs: READY_WITHIN_MS, signal: ending })));
  const { tenant, dataDir } = options;
  const processes = { launcher: process.pid, gateway: gateway.pid, worker: worker.pid, redis: redis?.pid };
  process.stdout.write(
    welcome({ url, workerUrl, tenant, dataDir, processes, example, surface: DEMOS[options.preset].surface, auth: config.AUTH_MODE }),
  );
}

/** Settings of a preset that is not the default, for a tenant that no tenants file describes. */
function presetSettings({ preset, tenant, dataDir }: LaunchOptions, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (preset === 'shop' || env['TENANTS_FILE']) return {};
  const file = join(dataDir, 'tenants.json');
  writeFileSync(file, JSON.stringify({ tenants: { [tenant]: { preset } } }));
  return { TENANTS_FILE: file };
}

async function startChild(
  { shutdown, supervision }: Launch,
  name: string,
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<SupervisedChild> {
  const program = { name: `the ${name}`, args: [join(__dirname, script)], env, stopWithinMs: STOP_WITHIN_MS };
  const child = new SupervisedChild(program, supervision);
  child.start();
  await shutdown.add({ name: program.name, stop: () => child.stop(), kill: () => child.kill() });
  return child;
}

/** @throws Error when the port that was asked for is taken. The worker's moves aside unless it was asked for. */
async function choosePorts({ options, config, env }: Launch): Promise<{ gateway: number; worker: number }> {
  const gateway = config.PORT === 0 ? await freePort() : config.PORT;
  if (!(await isPortFree(config.HOST, gateway))) {
    throw new Error(
      `Port ${gateway} of ${config.HOST} is in use. Choose another one: npm start -- --port ${gateway + 10} (or 0: any free one)`,
    );
  }
  const wanted = options.workerPort ?? config.WORKER_PORT;
  const worker = wanted === 0 ? await freePort() : wanted;
  if (worker !== gateway && (await isPortFree(config.HOST, worker))) return { gateway, worker };
  if (options.workerPort === undefined && !env['WORKER_PORT']) return { gateway, worker: await freePort() };
  throw new Error(`Port ${worker} of ${config.HOST}, for the worker, is in use. Choose another one with --worker-port (0: any free one)`);
}

async function startPrivateRedis({ options, config, shutdown, supervision }: Launch): Promise<SupervisedRedis> {
  const redis = await SupervisedRedis.start({ dir: join(options.dataDir, 'redis'), appendfsync: config.APPENDFSYNC }, supervision);
  await shutdown.add({ name: 'Redis', stop: () => redis.stop(), kill: () => redis.kill() });
  return redis;
}

/** Fills the store on the first start; answers with somebody and something that is in it. */
async function fill({ options, config }: Launch, env: NodeJS.ProcessEnv): Promise<Example> {
  const { tenant, dataset, seed } = options;
  const unknown = { userId: 'me', itemId: 'ITEM' };
  if (options.empty) return unknown;
  const redis = connectForCommands({
    url: env['REDIS_URL'] ?? config.REDIS_URL,
    log: createLog('launcher', 'silent'),
    name: 'beckon-launcher',
  });
  const progress = createProgress(processTerminal);
  const parts = {
    tenant,
    openStore: () => openStore({ tenant, env }),
    onProgress: (phase: string, done: number, total?: number) => progress.update(phase, done, total),
  };
  const source =
    dataset === undefined
      ? demoSource(parts, { preset: options.preset, seed, items: options.demoItems, users: options.demoUsers })
      : datasetFillSource(parts, dataset, join(options.dataDir, 'import'));
  try {
    await untilReady(redis);
    const keys = new Keys(config.SHARDS);
    await claimLayout(redis, keys); // before anything is put where other settings would not find it
    const filled = await fillStore({ marker: new RedisFillMarker(redis, keys), clock: systemClock, say }, tenant, source);
    return filled?.example ?? unknown;
  } finally {
    progress.stop();
    redis.disconnect();
  }
}

/**
 * The first signal ends everything in order; a second one at once. What follows within moments is the first one still:
 * Ctrl-C reaches this process from the terminal, and again from npm, which passes it on.
 */
function stopOnSignals(shutdown: Shutdown, end: (exitCode: number) => Promise<never>): void {
  let first: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    first ??= now;
    if (first === now) {
      say(signal === 'SIGINT' ? '\nStopping (Ctrl-C again: at once)' : 'Stopping');
      void end(0);
    } else if (now - first > SAME_SIGNAL_MS) {
      void shutdown.kill().finally(() => process.exit(130));
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

/** Ends everything when npm, which started this process, is killed: it cannot pass that on. */
function endWithNpm(end: (exitCode: number) => Promise<never>): void {
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return; // there is no event for the end of a parent
    clearInterval(watch);
    void end(1);
  }, 1_000).unref();
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

main().catch((error: unknown) => {
  say(messageOf(error)); // a wrong setting: nothing has started yet
  process.exit(1);
});

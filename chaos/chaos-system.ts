import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../src/platform/random';
import { createApiClient } from '../src/cli/api-client';
import { startTestRedis, type TestRedis } from '../test/support/redis-server';
import { stockShop } from '../test/support/shop';
import type { StoreLives } from './observers/screen';
import { StoreObserver } from './observers/store-observer';
import type { Topology } from './draw-faults';
import { FaultProxy } from './fault-proxy';
import { preloadFile } from './preload-file';
import { startReplicatedStore, type ReplicatedStore } from './replicated-store';
import { Supervised } from './supervised';

export interface SystemOptions {
  readonly seed: number;
  readonly gateways: number;
  readonly workers: number;
  readonly topology: Topology;
  /** As `startReplicatedStore` takes it. */
  readonly quick: boolean;
  /** A module of `chaos/preload` that breaks the build. */
  readonly broken?: string;
  readonly onDeath: (name: string, lastLines: readonly string[]) => void;
}

const ITEMS = 60;
/** What takes a training process to fit is left out: chaos is about the loop. */
const LEFT_OUT = ['user-knn', 'session-knn', 'factor', 'ease', 'ncf', 'attention', 'content-based', 'hybrid'];
const TENANTS = {
  tenants: {
    default: {
      training: { everyMs: 0 },
      models: Object.fromEntries(LEFT_OUT.map((name) => [name, { enabled: false }])),
    },
  },
};

/** Redis, gateways and workers as processes, with a link that can be harmed before each. */
export class ChaosSystem {
  readonly store: StoreObserver;
  private harming: Promise<void> = Promise.resolve();
  lives: StoreLives = { restarts: 0, cuts: 0, restartedAt: -Infinity, cutAt: -Infinity };

  private constructor(
    readonly server: TestRedis,
    readonly processes: readonly Supervised[],
    /** By the names of faults: `clients to gateway 1`, `worker 1 to Redis`. */
    readonly links: ReadonlyMap<string, FaultProxy>,
    /** The same as `server`, where it can fail over. */
    readonly replicated: ReplicatedStore | undefined,
  ) {
    this.store = new StoreObserver(server.url);
  }

  /** Resolves when all are ready and serve lists of a small shop. Leaves nothing behind when it fails. */
  static async start(options: SystemOptions): Promise<ChaosSystem> {
    const { seed, gateways, workers, topology } = options;
    const replicated = await startReplicatedStore(topology, options.quick);
    const server = replicated?.server ?? (await startTestRedis());
    const links = new Map<string, FaultProxy>();
    const processes: Supervised[] = [];
    const system = (): ChaosSystem => new ChaosSystem(server, processes, links, replicated);
    try {
      const tenantsFile = join(server.dir, 'tenants.json');
      await writeFile(tenantsFile, JSON.stringify(TENANTS));
      const random = seededRandom(seed + 1);
      const link = async (name: string, upstreamPort: number): Promise<FaultProxy> => {
        const proxy = await FaultProxy.open({ name, upstreamPort, random });
        links.set(name, proxy);
        return proxy;
      };
      const names = [...numbered('gateway', gateways), ...numbered('worker', workers)];
      if (topology === 'single') {
        await Promise.all(names.map((name) => link(`${name} to Redis`, server.port)));
        // One worker is further away than the others, always: what it brings is often late.
        links.get(`worker ${workers} to Redis`)!.slowByNature({ delayMs: 5, jitterMs: 40 });
      }
      const started = names.map(async (name) => {
        const linked = links.get(`${name} to Redis`);
        const redisUrl = linked ? `redis://127.0.0.1:${linked.port}` : server.url;
        processes.push(await Supervised.start(processOptions(name, server, { redisUrl, tenantsFile }, options), options.onDeath));
      });
      for (const result of await Promise.allSettled(started)) if (result.status === 'rejected') throw result.reason;
      processes.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
      for (const { name, port } of processes) if (name.startsWith('gateway')) await link(`clients to ${name}`, port);
      const client = createApiClient({ url: `http://127.0.0.1:${processes[0]!.port}/graphql` });
      await stockShop(client, ITEMS);
      await client.close();
    } catch (error) {
      await system().stop();
      throw error;
    }
    return system();
  }

  /** Where clients connect, by gateway. */
  get urls(): string[] {
    return [...this.links].flatMap(([name, { port }]) => (name.startsWith('clients') ? [`http://127.0.0.1:${port}`] : []));
  }

  /** Connections that Redis holds for nobody: the proxy before it answers for whoever is gone, also to its kernel. */
  get orphansAtRedis(): number {
    return [...this.links].reduce((sum, [name, link]) => sum + (name.endsWith('to Redis') ? link.orphans : 0), 0);
  }

  process(name: string): Supervised {
    const found = this.processes.find((one) => one.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }

  link(name: string): FaultProxy {
    const found = this.links.get(name);
    if (!found) throw new Error(`there is no link ${name}`);
    return found;
  }

  /** Sets the clock of a process from its next start on; `signal` SIGUSR2 makes it look now. */
  setClock(name: string, byMs: number): void {
    writeFileSync(clockFile(this.server, name), String(byMs));
  }

  /** Runs what is done to Redis after what is being done to it: on a busy machine a start may take longer than the faults' pauses. */
  oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = this.harming.then(work);
    this.harming = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Starts Redis again, on its file or what is left of it. */
  async restartRedis({ cut }: { cut: boolean }): Promise<void> {
    const { lives } = this;
    const now = performance.now();
    this.lives = { ...lives, restarts: lives.restarts + 1, restartedAt: now, ...(cut && { cuts: lives.cuts + 1, cutAt: now }) };
    await this.server.restart();
  }

  /** Another server is the primary now, or will be in a moment: lists begin a new epoch there, as after a restart. */
  noteFailOver(): void {
    const { lives } = this;
    this.lives = { ...lives, restarts: lives.restarts + 1, restartedAt: performance.now() };
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.stop()));
    this.store.close();
    await Promise.all([...this.links.values()].map((link) => link.close()));
    await this.server.stop();
  }
}

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${name} ${n + 1}`);
const clockFile = ({ dir }: TestRedis, name: string): string => join(dir, `clock-${name.replace(' ', '-')}`);

function processOptions(
  name: string,
  server: TestRedis,
  { redisUrl, tenantsFile }: { redisUrl: string; tenantsFile: string },
  { broken, topology }: SystemOptions,
): Parameters<typeof Supervised.start>[0] {
  const preloads = ['clock', ...(broken === undefined ? [] : [broken])];
  const env = {
    NODE_ENV: 'test',
    REDIS_URL: redisUrl,
    ...(topology !== 'single' && { REDIS_WAIT_REPLICAS: '1' }), // otherwise a fail-over may lose what was acknowledged, or shown
    ARCHIVE_DIR: join(server.dir, 'archive'),
    TENANTS_FILE: tenantsFile,
    CHAOS_CLOCK_FILE: clockFile(server, name),
    NODE_OPTIONS: preloads.map((preload) => `--require ${JSON.stringify(preloadFile(preload))}`).join(' '),
  };
  return { name, kind: name.startsWith('gateway') ? 'gateway' : 'worker', env };
}

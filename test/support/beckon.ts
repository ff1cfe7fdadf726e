import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApiClient, type ApiClient } from '../../src/cli/api-client';
import { Keys } from '../../src/platform/keys';
import { createLog } from '../../src/platform/log';
import { connectForWaiting, untilReady } from '../../src/platform/redis';
import type { RedisConnection } from '../../src/platform/redis-connection';
import { BeckonProcess } from './beckon-process';
import { eventually } from './eventually';
import { startTestRedis, type TestRedis } from './redis-server';

export interface BeckonOptions {
  /** @default 1 */
  readonly gateways?: number;
  /** @default 1 */
  readonly workers?: number;
  /** Settings of every process, over those of a test. */
  readonly env?: NodeJS.ProcessEnv;
  /** Options of node for the gateways. */
  readonly gatewayNodeOptions?: readonly string[];
  /** @default everysec */
  readonly appendfsync?: 'everysec' | 'always';
  /** A store that runs already, in place of a single server; stopped with the system. */
  readonly server?: TestRedis;
}

/** As `Keys` of the processes: their default. */
const SHARDS = 16;
export const TENANT = 'default';
/** No training but on demand; models that knew somebody who was erased are trained anew at once. */
const TENANTS = { tenants: { [TENANT]: { training: { everyMs: 0 }, privacy: { erasure: { retrainAfterMs: 0 } } } } };

/** The whole system as users run it: a Redis, gateways and workers, each a process, on free ports. */
export class Beckon {
  readonly keys = new Keys(SHARDS);
  private readonly clients: ApiClient[] = [];

  private constructor(
    readonly server: TestRedis,
    /** A connection of the test's own, for looking into the store. Waits while Redis is away. */
    readonly redis: RedisConnection,
    readonly gateways: readonly BeckonProcess[],
    readonly workers: readonly BeckonProcess[],
  ) {}

  /** Resolves when all processes are ready. Nothing is left running when it fails. */
  static async start({
    gateways = 1,
    workers = 1,
    env = {},
    gatewayNodeOptions = [],
    appendfsync = 'everysec',
    server: given,
  }: BeckonOptions = {}): Promise<Beckon> {
    const server = given ?? (await startTestRedis({ appendfsync }));
    const redis = connectForWaiting({ url: server.url, log: createLog('test', 'silent'), name: 'test' });
    const tenantsFile = join(server.dir, 'tenants.json');
    await writeFile(tenantsFile, JSON.stringify(TENANTS));
    const common = { NODE_ENV: 'test', REDIS_URL: server.url, ARCHIVE_DIR: join(server.dir, 'archive'), TENANTS_FILE: tenantsFile, ...env };
    const starting = [
      ...range(gateways).map((n) =>
        BeckonProcess.start({ name: `gateway ${n + 1}`, kind: 'gateway', env: common, nodeOptions: gatewayNodeOptions }),
      ),
      ...range(workers).map((n) => BeckonProcess.start({ name: `worker ${n + 1}`, kind: 'worker', env: common })),
    ];
    const started = await Promise.allSettled([untilReady(redis), ...starting]);
    const processes = started.flatMap((result) =>
      result.status === 'fulfilled' && result.value instanceof BeckonProcess ? [result.value] : [],
    );
    const beckon = new Beckon(server, redis, processes.slice(0, gateways), processes.slice(gateways));
    const failure = started.find((result) => result.status === 'rejected');
    if (failure) {
      await beckon.stop();
      throw failure.reason;
    }
    return beckon;
  }

  get gateway(): BeckonProcess {
    return this.gateways[0]!;
  }

  get worker(): BeckonProcess {
    return this.workers[0]!;
  }

  /** A client that speaks as `userId`, with every right unless `scopes` says otherwise. Closed with the system. */
  as(
    userId: string,
    {
      gateway = this.gateway,
      scopes,
      tenant,
      timeoutMs = 20_000,
    }: { gateway?: BeckonProcess; scopes?: string; tenant?: string; timeoutMs?: number } = {},
  ): ApiClient {
    const headers = {
      'x-beckon-user': userId,
      ...(scopes !== undefined && { 'x-beckon-scopes': scopes }),
      ...(tenant !== undefined && { 'x-beckon-tenant': tenant }),
    };
    const client = createApiClient({ url: `http://127.0.0.1:${gateway.port}/graphql`, headers, timeoutMs });
    this.clients.push(client);
    return client;
  }

  /**
   * Resolves when every model has had its first run. Those that a new installation lacks are trained as soon as a worker is there: the runs read what
   * is recorded and ask every profile whether it lets them, and models that come of them make lists anew. Before anything is recorded nothing comes.
   */
  async untilFirstTrainingIsOver(): Promise<void> {
    const operator = this.as('operator');
    const open = async (): Promise<void> => {
      const { models } = await operator.request<{ models: { name: string; lastRun: object | null }[] }>(
        '{ models { name lastRun { at } } }',
      );
      const waiting = models.flatMap(({ name, lastRun }) => (lastRun === null ? [name] : []));
      if (waiting.length > 0) throw new Error(`no run yet of ${waiting.join(', ')}`);
    };
    await eventually(open, { withinMs: 90_000, everyMs: 100 });
  }

  /** `work`, whose failure also says what the processes logged last at warning level and above. */
  async explaining<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error) error.message += `\n\n${this.complaints()}`;
      throw error;
    }
  }

  /** Ends every process, closes every client, removes the data. Idempotent. */
  async stop(): Promise<void> {
    const closed = await Promise.allSettled(this.clients.map((client) => client.close()));
    await Promise.all([...this.gateways, ...this.workers].map((process) => process.stop()));
    this.redis.disconnect();
    await this.server.stop();
    const failure = closed.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  private complaints(): string {
    return [...this.gateways, ...this.workers]
      .map(({ name, lines }) => {
        const bad = lines.filter((line) => !/"level":(10|20|30),/.test(line)).slice(-15);
        return `${name}:\n${bad.map((line) => `  ${line.slice(0, 600)}`).join('\n') || '  (no complaints)'}`;
      })
      .join('\n');
  }
}

const range = (length: number): number[] => Array.from({ length }, (_, n) => n);

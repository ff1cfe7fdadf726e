import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { dieWithParent, stopChild } from '../../src/platform/child-process';
import { findRedisServer, freePort, startRedisServer, type RedisServer } from '../../src/platform/redis-server';
import { eventually } from './eventually';
import type { TestRedis } from './redis-server';

const NAME = 'beckon';
/** A primary that has not answered for so long is taken for dead. */
const DOWN_AFTER_MS = 1000;

/** A primary, a replica and Sentinels that watch over them, as processes of this test's own. */
export interface SentinelRedis extends TestRedis {
  /** Ends the primary of the moment, and resolves when it is gone, not when another one has taken its place. */
  kill9(): Promise<void>;
  /** Starts again what was killed, as it was: one that was the primary takes itself for it until the Sentinels have told it otherwise. */
  restart(): Promise<void>;
  /** Starts again what was killed, as the replica of the primary of the moment, which saves the Sentinels' ten seconds. */
  restartAsReplica(): Promise<void>;
  /** Stops the primary of the moment where it stands. @returns how to let it go on */
  freezePrimary(): Promise<() => void>;
  freezeReplica(): Promise<() => void>;
  /** The port that the Sentinels give as the primary's. */
  primaryPort(): Promise<number>;
  /** Resolves when a server other than the one at `port` is the primary. */
  untilFailedOver(port: number): Promise<void>;
  /** Resolves when the primary has a replica that has caught up, so that it may be lost. */
  untilReplicated(): Promise<void>;
}

export async function startSentinelRedis({
  sentinels = 1,
  settings = {},
}: { sentinels?: number; settings?: Record<string, string> } = {}): Promise<SentinelRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'beckon-sentinel-'));
  const start = (port: number, more: Record<string, string> = {}): Promise<RedisServer> =>
    startRedisServer({ dir: join(dir, String(port)), port, settings: { 'repl-diskless-sync-delay': '0', ...settings, ...more } });
  const ports = [await freePort(), await freePort()] as const;
  const servers = new Map<number, RedisServer>([[ports[0], await start(ports[0])]]);
  servers.set(ports[1], await start(ports[1], { replicaof: `127.0.0.1 ${ports[0]}` }));
  const watching = await Promise.all(
    Array.from({ length: sentinels }, () => startSentinel(dir, { primary: ports[0], quorum: Math.floor(sentinels / 2) + 1 })),
  );
  const asking = watching.map(({ port }) => new Redis({ port, maxRetriesPerRequest: null, enableReadyCheck: false }));
  for (const one of asking) one.on('error', () => undefined);

  const killed = new Set<number>();
  const primaryPort = async (): Promise<number> => {
    const [, port] = (await asking[0]!.call('SENTINEL', 'get-master-addr-by-name', NAME)) as [string, string];
    return Number(port);
  };
  const freeze = (port: number): (() => void) => {
    const { pid } = servers.get(port)!;
    process.kill(pid, 'SIGSTOP');
    return () => process.kill(pid, 'SIGCONT');
  };
  const restart = async (more: Record<string, string>): Promise<void> => {
    for (const port of killed) servers.set(port, await start(port, more));
    killed.clear();
  };
  const system: SentinelRedis = {
    url: `redis+sentinel://${watching.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    port: ports[0],
    dir,
    kill9: async () => {
      const server = servers.get(await primaryPort())!;
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
      killed.add(server.port);
    },
    restart: () => restart({}),
    restartAsReplica: async () => restart({ replicaof: `127.0.0.1 ${await primaryPort()}` }),
    freezePrimary: async () => freeze(await primaryPort()),
    freezeReplica: async () => freeze((await primaryPort()) === ports[0] ? ports[1] : ports[0]),
    primaryPort,
    untilFailedOver: (port) =>
      eventually(
        async () => {
          const now = await Promise.all(
            asking.map((one) => one.call('SENTINEL', 'get-master-addr-by-name', NAME) as Promise<[string, string]>),
          );
          if (now.some(([, held]) => Number(held) === port)) throw new Error(`${port} is still the primary`);
        },
        { withinMs: 60_000, everyMs: 50 }, // a Sentinel that was held up fails nothing over for 30 s
      ),
    untilReplicated: () => untilReplicated(asking, primaryPort),
    stop: async () => {
      for (const one of asking) one.disconnect();
      await Promise.all(watching.map(({ child }) => stopChild(child, 5000)));
      for (const { port, pid } of servers.values()) if (!killed.has(port)) process.kill(pid, 'SIGCONT');
      await Promise.all([...servers.values()].map((server) => server.stop()));
      await rm(dir, { recursive: true, force: true });
    },
  };
  await system.untilReplicated();
  return system;
}

/** The replica is in step, every Sentinel knows it, and they know each other: only then do they agree on a fail-over. */
async function untilReplicated(asking: readonly Redis[], primaryPort: () => Promise<number>): Promise<void> {
  await eventually(
    async () => {
      const primary = new Redis({ port: await primaryPort(), lazyConnect: true, retryStrategy: () => null });
      primary.on('error', () => undefined); // the rejected calls below say the same
      try {
        await primary.connect();
        const info = await primary.info('replication');
        if (!/slave0:.*state=online/.test(info)) throw new Error('no replica is in step');
      } finally {
        primary.disconnect();
      }
      for (const one of asking) {
        const [replica] = (await one.call('SENTINEL', 'replicas', NAME)) as string[][];
        const known = new Map(pairs(replica ?? []));
        if (known.get('flags') !== 'slave' || known.get('master-link-status') !== 'ok')
          throw new Error('a Sentinel does not know the replica yet');
        const others = (await one.call('SENTINEL', 'sentinels', NAME)) as string[][];
        if (others.length !== asking.length - 1) throw new Error('the Sentinels do not know each other yet');
      }
    },
    { withinMs: 60_000, everyMs: 100 },
  );
}

const pairs = (flat: readonly string[]): [string, string][] =>
  flat.flatMap((name, k) => (k % 2 === 0 ? [[name, flat[k + 1]!] as [string, string]] : []));

async function startSentinel(
  dir: string,
  { primary, quorum }: { primary: number; quorum: number },
): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort();
  const home = join(dir, `sentinel-${port}`);
  await mkdir(home);
  const file = join(home, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${home}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primary} ${quorum}`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 4000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn(findRedisServer()!, [file, '--sentinel'], { stdio: 'ignore', detached: true });
  dieWithParent(child);
  return { port, child };
}

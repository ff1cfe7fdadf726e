import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedisServer, type RedisServer } from '../../src/platform/redis-server';

/** A real Redis of this test's own: a free loopback port that stays the same over restarts, data in a temporary folder. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** Ends the process as a power cut of the process would; resolves when it is gone. The file stays. */
  kill9(): Promise<void>;
  /** Starts again on the same port and file (stops first if it runs); resolves when it answers. */
  restart(): Promise<void>;
  /** Stops it and removes the folder; idempotent. */
  stop(): Promise<void>;
}

export async function startTestRedis({ appendfsync = 'everysec' }: { appendfsync?: 'everysec' | 'always' } = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'beckon-redis-'));
  let server: RedisServer = await startRedisServer({ dir, appendfsync });
  const { port, url } = server;
  return {
    url,
    port,
    dir,
    kill9: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    restart: async () => {
      await server.stop();
      server = await startRedisServer({ dir, appendfsync, port });
    },
    stop: async () => {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

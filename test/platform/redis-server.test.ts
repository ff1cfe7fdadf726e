import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { identityOf, isRunning } from '../../src/platform/child-process';
import { findRedisServer, freePort, startRedisServer, type RedisServer } from '../../src/platform/redis-server';
import { startTestRedis } from '../support/redis-server';

const opened: RedisServer[] = [];
const folders: string[] = [];

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'beckon-server-'));
  folders.push(dir);
  return dir;
}

async function start(dir: string, port?: number): Promise<RedisServer> {
  const server = await startRedisServer(port === undefined ? { dir } : { dir, port });
  opened.push(server);
  return server;
}

async function withClient<T>({ port }: { port: number }, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null });
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** A server with the settings of ours, but nobody's child: what a killed Beckon leaves behind. */
async function startLeftover(dir: string): Promise<{ pid: number; port: number }> {
  const port = await freePort();
  const program = findRedisServer() ?? 'redis-server';
  const child = spawn(program, ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--appendonly', 'yes', '--save', ''], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const chunk of child.stdout) if (String(chunk).includes('Ready to accept connections')) break;
  leftovers.push(child.pid ?? 0);
  return { pid: child.pid ?? 0, port };
}

const leftovers: number[] = [];

/** The identity of a process that has ended. */
async function deadProcess(): Promise<{ pid: number; startedAt: string }> {
  const child = spawn(process.execPath, ['-e', '']);
  const identity = identityOf(child.pid ?? 0);
  await once(child, 'exit');
  return identity;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.stop()));
  for (const pid of leftovers.splice(0)) if (isRunning(identityOf(pid))) process.kill(pid, 'SIGKILL');
  await Promise.all(folders.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
});

describe('startRedisServer', () => {
  it('answers on loopback with the append-only file on and no eviction', async () => {
    const server = await start(await folder());
    const settings = await withClient(server, async (redis) => ({
      ...Object.fromEntries(pairs((await redis.config('GET', '*')) as string[])),
    }));
    expect(settings).toMatchObject({
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      bind: '127.0.0.1',
      'maxmemory-policy': 'noeviction',
    });
    expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
  });

  it('keeps the data over a stop and a start, and leaves no claim behind', async () => {
    const dir = await folder();
    const first = await start(dir);
    await withClient(first, (redis) => redis.set('k', 'v'));
    await first.stop();
    expect(await readdir(dir)).not.toContain('beckon-redis.json');
    const second = await start(dir);
    expect(await withClient(second, (redis) => redis.get('k'))).toBe('v');
  });

  it('keeps what was acknowledged when the server is killed', async () => {
    const redis = await startTestRedis({ appendfsync: 'always' });
    try {
      await withClient(redis, (client) => client.set('k', 'v'));
      await redis.kill9();
      await redis.restart();
      expect(await withClient(redis, (client) => client.get('k'))).toBe('v');
    } finally {
      await redis.stop();
    }
  });

  it('refuses a folder that a living Beckon uses', async () => {
    const dir = await folder();
    await start(dir);
    await expect(startRedisServer({ dir })).rejects.toThrow(`Another Beckon (process ${process.pid}) is using this data folder`);
  });

  it('lets exactly one of two simultaneous starts have the folder', async () => {
    const dir = await folder();
    const outcomes = await Promise.allSettled([start(dir), start(dir)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('stops the server that a killed owner left on the folder, and continues with its data', async () => {
    const dir = await folder();
    const leftover = await startLeftover(dir);
    await withClient(leftover, (redis) => redis.set('k', 'v'));
    const server = { ...identityOf(leftover.pid), port: leftover.port };
    writeFileSync(join(dir, 'beckon-redis.json'), JSON.stringify({ owner: await deadProcess(), server }));
    const taken = await start(dir);
    expect(isRunning(server)).toBe(false);
    expect(await withClient(taken, (redis) => redis.get('k'))).toBe('v');
  });

  it('leaves a Redis of another folder alone, whatever a stale claim says', async () => {
    const [dir, foreign] = [await folder(), await folder()];
    const other = await startLeftover(foreign);
    const server = { ...identityOf(other.pid), port: other.port };
    writeFileSync(join(dir, 'beckon-redis.json'), JSON.stringify({ owner: await deadProcess(), server }));
    await start(dir);
    expect(await withClient(other, (redis) => redis.ping())).toBe('PONG');
  });

  // Seen through /proc, so there is nothing to promise elsewhere.
  if (process.platform === 'linux')
    it('refuses a folder that a Redis of somebody else serves', async () => {
      const dir = await folder();
      const other = await startLeftover(dir);
      await expect(startRedisServer({ dir })).rejects.toThrow(`Another Redis (process ${other.pid}) already serves this data folder`);
      expect(await readdir(dir)).not.toContain('beckon-redis.json');
    });

  it('starts over a claim that is not readable', async () => {
    const dir = await folder();
    writeFileSync(join(dir, 'beckon-redis.json'), '{"owner":');
    const server = await start(dir);
    expect(JSON.parse(readFileSync(join(dir, 'beckon-redis.json'), 'utf8'))).toMatchObject({ server: { pid: server.pid } });
  });

  it('says what is wrong when the port is taken, and gives the folder up', async () => {
    const dir = await folder();
    const other = await start(await folder());
    await expect(start(dir, other.port)).rejects.toThrow('Redis ended while starting');
    await expect(start(dir)).resolves.toBeDefined();
  });

  it('ends with its parent, even when that is killed', async () => {
    const dir = await folder();
    const script = `
      const { transformFileSync } = require('@swc/core');
      require.extensions['.ts'] = (module, path) =>
        module._compile(transformFileSync(path, { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } }).code, path);
      const { startRedisServer } = require(${JSON.stringify(join(__dirname, '../../src/platform/redis-server.ts'))});
      startRedisServer({ dir: ${JSON.stringify(dir)} }).then(({ pid }) => console.log(pid));`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'], cwd: join(__dirname, '../..') });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const server = identityOf(Number(chunk.toString()));
    expect(isRunning(server)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isRunning(server));
  });
});

describe('findRedisServer', () => {
  it('prefers redis-server, takes valkey-server, and skips what cannot be run', async () => {
    const dir = await folder();
    const put = (name: string, mode: number): void => {
      writeFileSync(join(dir, name), '');
      chmodSync(join(dir, name), mode);
    };
    expect(findRedisServer(dir, [])).toBeUndefined();
    await mkdir(join(dir, 'redis-server')); // a folder of that name is no program
    put('valkey-server', 0o755);
    expect(findRedisServer(dir, [])).toBe(join(dir, 'valkey-server'));
    await rm(join(dir, 'redis-server'), { recursive: true });
    put('redis-server', 0o755);
    expect(findRedisServer(dir, [])).toBe(join(dir, 'redis-server'));
    chmodSync(join(dir, 'redis-server'), 0o644);
    expect(findRedisServer('', [dir])).toBe(join(dir, 'valkey-server'));
  });
});

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as [string, string]] : []));
}

/** Polls; the process is not a child of ours, so that its end is no event. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition did not come true within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

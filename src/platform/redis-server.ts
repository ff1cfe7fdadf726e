import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { dieWithParent, exitOf, identityOf, stopChild } from './child-process';
import { claimRedisDir } from './redis-claim';

/** Without `REDIS_URL`: a Redis (or Valkey) of our own, as a child on a loopback port, with its data in one folder. */
export interface RedisServerOptions {
  /** Created if missing, for this user only. One server at a time may serve it. */
  readonly dir: string;
  /** When an acknowledged write reaches the disk. @default everysec (a power cut may lose the last second) */
  readonly appendfsync?: 'everysec' | 'always';
  /** @default a free port that the system picks */
  readonly port?: number;
  /** Further directives of its configuration, by name, over ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Path of the server program. @default the one that `findRedisServer` finds */
  readonly program?: string;
  /** How long loading the data may take. @default 120_000 // two minutes */
  readonly readyWithinMs?: number;
  /** How long a SIGTERM may take before SIGKILL. @default 15_000 // 15 seconds */
  readonly stopWithinMs?: number;
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dir: string;
  /** Resolves when the process has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<void>;
  /** Flushes the file and ends the process; idempotent. Who started it, stops it. */
  stop(): Promise<void>;
}

const PROGRAMS = ['redis-server', 'valkey-server'];
const USUAL_FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/local/sbin', '/usr/sbin', '/opt/local/bin', '/snap/bin'];

/** The path of `redis-server`, else of `valkey-server`, on PATH or in the usual places; undefined when there is neither. */
export function findRedisServer(path = process.env['PATH'] ?? '', usual: readonly string[] = USUAL_FOLDERS): string | undefined {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...usual];
  return PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Starts a server on `dir` and resolves when it answers PING with its data loaded.
 *
 * A server that an earlier, killed Beckon left running on this folder is stopped first (after checking that it is that
 * one): its file is then complete, and this process is the parent of what it uses.
 *
 * @throws Error when the folder is served by a Beckon (or by any other Redis) that is alive, when no server program is
 *   installed, or when it does not come up; the message says what to do.
 */
export async function startRedisServer(options: RedisServerOptions): Promise<RedisServer> {
  const program = options.program ?? findRedisServer();
  if (program === undefined) {
    throw new Error('Neither redis-server nor valkey-server is installed. Install one, or set REDIS_URL to a Redis that runs.');
  }
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const dir = realpathSync(options.dir);
  const claim = await claimRedisDir(dir);
  try {
    refuseForeignServer(dir);
    const attempts = options.port === undefined ? 3 : 1; // a picked port may be gone by the time it is bound
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await freePort());
      const child = launch(program, dir, port, { appendfsync: options.appendfsync ?? 'everysec', ...options.settings });
      if (child.pid !== undefined) claim.record(identityOf(child.pid), port);
      try {
        await untilReady(child, port, options.readyWithinMs ?? 120_000);
        return serverOf(child, { dir, port, release: claim.release, stopWithinMs: options.stopWithinMs ?? 15_000 });
      } catch (error) {
        await stopChild(child, 5_000);
        if (attempt >= attempts) throw error;
      }
    }
  } catch (error) {
    claim.release();
    throw error;
  }
}

function launch(program: string, dir: string, port: number, given: Readonly<Record<string, string>>): ChildProcess {
  const settings: Record<string, string> = {
    port: String(port),
    bind: '127.0.0.1',
    'protected-mode': 'yes',
    daemonize: 'no',
    supervised: 'no',
    dir,
    save: '', // the append-only file is the data; no snapshots beside it
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction', // queues and logs must not be evicted
    logfile: '',
    loglevel: 'notice',
    ...given,
  };
  const child = spawn(
    program,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // Ctrl-C in the terminal reaches the parent only, which stops Redis last
      env: { PATH: process.env['PATH'], LANG: 'C' },
    },
  );
  dieWithParent(child);
  return child;
}

/** Waits for the server's own word that it accepts connections, then for PONG: while it loads its file it answers neither. */
async function untilReady(child: ChildProcess, port: number, withinMs: number): Promise<void> {
  let tail = '';
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Redis did not become ready within ${withinMs} ms.\n${tail}`)), withinMs);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    const listen = (chunk: Buffer): void => {
      const text = tail + chunk.toString();
      tail = text.slice(-2_000); // also keeps the pipe drained for as long as the server lives
      if (text.includes('Ready to accept connections')) settle();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', (error) => settle(new Error(`Redis could not be started: ${error.message}`, { cause: error })));
    child.once('exit', (code, signal) => settle(new Error(`Redis ended while starting (${signal ?? `exit code ${code}`}).\n${tail}`)));
  });
  await ping(port);
}

async function ping(port: number): Promise<void> {
  const redis = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null, connectTimeout: 5_000 });
  redis.on('error', () => undefined); // the rejected call below says the same
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

function serverOf(
  child: ChildProcess,
  { dir, port, release, stopWithinMs }: { dir: string; port: number; release: () => void; stopWithinMs: number },
): RedisServer {
  const exited = exitOf(child).then(release);
  let stopping: Promise<void> | undefined;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    dir,
    exited,
    stop: () => (stopping ??= stopChild(child, stopWithinMs).then(() => exited)),
  };
}

/** Two servers that append to one file ruin it: refuse a folder that some other Redis works in (seen on Linux only). */
function refuseForeignServer(dir: string): void {
  const pid = pidsIn('/proc').find((candidate) => linkTarget(`/proc/${candidate}/cwd`) === dir && isRedisProgram(candidate));
  if (pid !== undefined) {
    throw new Error(`Another Redis (process ${pid}) already serves this data folder. Stop it, or choose another folder with --data.`);
  }
}

function pidsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

const isRedisProgram = (pid: string): boolean => /(redis|valkey)[^/]*$/.test(linkTarget(`/proc/${pid}/exe`) ?? '');

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // gone meanwhile, or somebody else's
  }
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

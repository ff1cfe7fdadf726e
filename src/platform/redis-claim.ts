import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { identityOf, isRunning, type ProcessIdentity } from './child-process';

const identity = z.object({ pid: z.number().int().positive(), startedAt: z.string() });
const claimFile = z.object({ owner: identity, server: identity.extend({ port: z.number().int() }).optional() });
type ClaimFile = z.infer<typeof claimFile>;

/** The right of one process to run a Redis on a folder, kept in a file there for as long as that Redis runs. */
export interface RedisClaim {
  /** Notes which server is running, so that it is found again if its owner is killed. */
  readonly record: (server: ProcessIdentity, port: number) => void;
  /** Gives the folder up; idempotent. */
  readonly release: () => void;
}

/**
 * Claims `dir` (a real path) for this process. A server whose owner died is first stopped, and only if it is the noted
 * process and says itself that it works on `dir`: a pid may have been given to somebody else since.
 * @throws Error when a living process holds the folder.
 */
export async function claimRedisDir(dir: string): Promise<RedisClaim> {
  const path = join(dir, 'beckon-redis.json');
  const mine: ClaimFile = { owner: identityOf(process.pid) };
  while (!createWhole(path, mine)) {
    const other = readClaim(path);
    if (other && isRunning(other.owner)) {
      throw new Error(
        `Another Beckon (process ${other.owner.pid}) is using this data folder. Stop it first, or choose another folder with --data.`,
      );
    }
    if (other?.server && isRunning(other.server)) await stopLeftover(dir, other.server);
    dropStale(path, other);
  }
  return {
    record: (server, port) => replaceWhole(path, { ...mine, server: { ...server, port } }),
    release: () => {
      const current = readClaim(path);
      if (current && sameProcess(current.owner, mine.owner)) rmSync(path, { force: true });
    },
  };
}

/** Stops a server nobody owns any more. One that cannot be shown to serve `dir` is left alone: it is somebody else's. */
async function stopLeftover(dir: string, server: ProcessIdentity & { port: number }): Promise<void> {
  if ((await servedBy(server.port, server.pid)) !== dir) return;
  process.kill(server.pid, 'SIGTERM');
  const deadline = performance.now() + 15_000;
  while (isRunning(server)) {
    if (performance.now() > deadline) {
      throw new Error(`A Redis of an earlier run (process ${server.pid}) does not end. Stop it by hand, then start again.`);
    }
    await after(10); // not our child, so its exit is no event for us
  }
}

/** The folder that the Redis on this port works in, if it is the process `pid`; undefined if it is not, or is none. */
async function servedBy(port: number, pid: number): Promise<string | undefined> {
  const redis = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    enableReadyCheck: false, // it may still be loading: it answers these two even then
    retryStrategy: () => null,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
  });
  redis.on('error', () => undefined); // the rejected calls below say the same
  try {
    await redis.connect();
    const info = await redis.info('server');
    if (/^process_id:(\d+)/m.exec(info)?.[1] !== String(pid)) return undefined;
    const [, folder] = (await redis.config('GET', 'dir')) as string[];
    return folder;
  } catch {
    return undefined; // no Redis there, or none that lets us in
  } finally {
    redis.disconnect();
  }
}

/** Creates the file with its content in one step; false when it exists. */
function createWhole(path: string, content: ClaimFile): boolean {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, JSON.stringify(content));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replaceWhole(path: string, content: ClaimFile): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, JSON.stringify(content));
  renameSync(draft, path);
}

/**
 * Removes a claim whose owner is dead. Two starts may both have seen it; the slower one would remove the claim that the
 * faster one has just made: so it is moved aside first, looked at, and put back if it is not the dead one.
 */
function dropStale(path: string, dead: ClaimFile | undefined): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readClaim(aside);
  if (moved && !(dead && sameProcess(moved.owner, dead.owner))) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

/** undefined when the file is missing or not a claim (a torn write of an older system crash): then nobody holds it. */
function readClaim(path: string): ClaimFile | undefined {
  try {
    return claimFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

const sameProcess = (a: ProcessIdentity, b: ProcessIdentity): boolean => a.pid === b.pid && a.startedAt === b.startedAt;

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isRunning } from '../platform/child-process';
import { badInput } from '../platform/errors';

/** What `npm start` leaves beside the data of its private Redis; see redis-claim.ts. */
const claim = z.object({ server: z.object({ pid: z.number(), startedAt: z.string(), port: z.number() }) });

/**
 * The address of the private Redis that `npm start` is running below `dataDir`; undefined when none is.
 * @throws BeckonError BAD_INPUT, field `redis`, when several are.
 */
export function findPrivateRedis(dataDir: string): string | undefined {
  const running = foldersIn(dataDir).flatMap((folder) => {
    const port = runningPort(join(dataDir, folder, 'redis', 'beckon-redis.json'));
    return port === undefined ? [] : [{ folder, url: `redis://127.0.0.1:${port}` }];
  });
  const [first, ...more] = running;
  if (!first || more.length === 0) return first?.url;
  throw badInput(
    'redis',
    `several stores are running: choose one with --redis: ${running.map(({ folder, url }) => `${url} (${folder})`).join(', ')}`,
  );
}

function foldersIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // nothing was ever started here
  }
}

function runningPort(file: string): number | undefined {
  try {
    const { server } = claim.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isRunning(server) ? server.port : undefined;
  } catch {
    return undefined; // no Redis of ours in that folder, or one that has not come up yet
  }
}

import type { Redis } from 'ioredis';
import { primariesOf, type RedisConnection } from '../platform/redis-connection';

/** What a server keeps on its disk, as it says. */
interface DiskState {
  readonly appendOnly: boolean;
  /** It writes its file anew now, or will when it is free. */
  readonly rewriting: boolean;
  readonly failed: boolean;
}

async function diskState(server: Redis): Promise<DiskState> {
  const info = await server.info('persistence');
  const value = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return {
    appendOnly: value('aof_enabled') === '1',
    rewriting: value('aof_rewrite_in_progress') === '1' || value('aof_rewrite_scheduled') === '1',
    failed: value('aof_last_bgrewrite_status') === 'err',
  };
}

/**
 * Has every server that takes writes write its append-only file anew, and its dump where it keeps one: what was deleted is in the old ones.
 * False, and nothing was asked for: a rewriting that began earlier still runs, ask again.
 */
export async function askForNewFiles(redis: RedisConnection): Promise<boolean> {
  const servers = primariesOf(redis);
  const states = await Promise.all(servers.map(diskState));
  if (states.some(({ rewriting }) => rewriting)) return false;
  for (const [n, server] of servers.entries()) {
    if (states[n]!.appendOnly) await server.bgrewriteaof();
    const [, save] = (await server.config('GET', 'save').catch(() => [])) as string[]; // a server that does not tell: its dump is the operator's
    if (save) await server.bgsave('SCHEDULE');
  }
  return true;
}

/** `written`: the files were made anew since they were asked for; `failed`: a server could not, ask again. */
export async function newFiles(redis: RedisConnection): Promise<'written' | 'writing' | 'failed'> {
  const states = (await Promise.all(primariesOf(redis).map(diskState))).filter(({ appendOnly }) => appendOnly);
  if (states.some(({ rewriting }) => rewriting)) return 'writing';
  return states.some(({ failed }) => failed) ? 'failed' : 'written';
}

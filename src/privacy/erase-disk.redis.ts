import type { Redis } from 'ioredis';

/** What the server keeps on its disk, as it says. */
interface DiskState {
  readonly appendOnly: boolean;
  /** It writes its file anew now, or will when it is free. */
  readonly rewriting: boolean;
  readonly failed: boolean;
}

async function diskState(redis: Redis): Promise<DiskState> {
  const info = await redis.info('persistence');
  const value = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return {
    appendOnly: value('aof_enabled') === '1',
    rewriting: value('aof_rewrite_in_progress') === '1' || value('aof_rewrite_scheduled') === '1',
    failed: value('aof_last_bgrewrite_status') === 'err',
  };
}

/**
 * Has the server write its append-only file anew, and its dump where it keeps one: what was deleted is in the old ones. False: a rewriting
 * that began earlier still runs, ask again.
 */
export async function askForNewFiles(redis: Redis): Promise<boolean> {
  const { appendOnly, rewriting } = await diskState(redis);
  if (rewriting) return false;
  if (appendOnly) await redis.bgrewriteaof();
  const [, save] = (await redis.config('GET', 'save').catch(() => [])) as string[]; // a server that does not tell: its dump is the operator's
  if (save) await redis.bgsave('SCHEDULE');
  return true;
}

/** `written`: the files were made anew since they were asked for; `failed`: the server could not, ask again. */
export async function newFiles(redis: Redis): Promise<'written' | 'writing' | 'failed'> {
  const { appendOnly, rewriting, failed } = await diskState(redis);
  if (!appendOnly) return 'written';
  if (rewriting) return 'writing';
  return failed ? 'failed' : 'written';
}

import { Job, Queue } from 'bullmq';
import { z } from 'zod';
import type { RedisConnection } from '../platform/redis-connection';
import { scanKeys } from '../platform/scan-keys';
import { pagesOf } from '../platform/stream-pages';
import type { People } from './people';

/** What the names of all keys of our queues begin with: `{beckon:NAME}:NAME:…`. */
const QUEUES = '{beckon:';
const QUEUE_KEY = /^(\{beckon:[^}]+\}):([^:]+):(.+)$/;

const aboutUser = z.object({ tenant: z.string(), userId: z.string() });

/**
 * Takes jobs about the people, what BullMQ keeps to tell the same jobs apart, and what it has announced of them out of every queue: a walk
 * over all keys of the queues. A job that runs cannot be taken away: it blocks, and is gone the next time.
 */
export async function eraseQueues(redis: RedisConnection, tenant: string, people: People): Promise<void> {
  const marks = new Map(people.ids.map((userId) => [`${tenant}/${userId}/`, userId]));
  const queues = new Map<string, Queue>();
  const queueOf = (prefix: string, name: string): Queue => {
    const held = queues.get(name);
    if (held) return held;
    const queue = new Queue(name, { connection: redis, prefix, skipWaitingForReady: true });
    queue.on('error', () => undefined); // the connection logs its own state
    queues.set(name, queue);
    return queue;
  };
  try {
    for await (const page of scanKeys(redis, QUEUES)) {
      for (const key of page) {
        const [, prefix, name, rest] = QUEUE_KEY.exec(key) ?? [];
        if (prefix === undefined || name === undefined || rest === undefined) continue;
        if (/^(de|dn):/.test(rest)) await forgetMark(redis, key, { rest: rest.slice(3), marks, people });
        else if (rest === 'events') await forgetEvents(redis, key, { marks, people });
        else if (!rest.includes(':')) await forgetJob(redis, key, { tenant, people, id: rest, queue: () => queueOf(prefix, name) });
      }
    }
  } finally {
    await Promise.all([...queues.values()].map((queue) => queue.close()));
  }
}

interface Marked {
  /** What ids of deduplication begin with → whose they are. */
  readonly marks: ReadonlyMap<string, string>;
  readonly people: People;
}

const markedBy = (marks: Marked['marks'], text: string): string | undefined => [...marks].find(([mark]) => text.startsWith(mark))?.[1];

async function forgetMark(redis: RedisConnection, key: string, { rest, marks, people }: Marked & { readonly rest: string }): Promise<void> {
  const userId = markedBy(marks, rest);
  if (userId !== undefined) people.count('queues', userId, await redis.del(key));
}

/** Nobody reads what these queues announce of people; deleting single entries would leave their bytes in the stream's pages. */
async function forgetEvents(redis: RedisConnection, key: string, { marks, people }: Marked): Promise<void> {
  const named = new Set<string>();
  for await (const page of pagesOf(redis, key)) {
    for (const [, fields] of page) {
      for (const field of fields) {
        const userId = markedBy(marks, field);
        if (userId !== undefined) named.add(userId);
      }
    }
  }
  if (named.size === 0) return;
  await redis.xtrim(key, 'MAXLEN', '=', 0);
  for (const userId of named) people.count('queues', userId, 1);
}

interface JobKey {
  readonly tenant: string;
  readonly people: People;
  readonly id: string;
  readonly queue: () => Queue;
}

async function forgetJob(redis: RedisConnection, key: string, { tenant, people, id, queue }: JobKey): Promise<void> {
  if ((await redis.type(key)) !== 'hash') return;
  const about = aboutUser.safeParse(asJson((await redis.hget(key, 'data')) ?? ''));
  if (!about.success || about.data.tenant !== tenant || !people.has(about.data.userId)) return;
  const { userId } = about.data;
  const job = await Job.fromId(queue(), id);
  if (!job) return;
  try {
    await job.remove();
    people.count('queues', userId, 1);
  } catch (error) {
    if (!(await job.isActive())) throw error;
    people.block(userId, 'job');
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not ours
  }
}

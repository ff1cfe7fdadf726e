import { Queue } from 'bullmq';
import type { RedisConnection } from '../platform/redis-connection';
import type { Keys } from '../platform/keys';
import { onRedis } from '../platform/redis';
import { QUESTIONS_QUEUE } from '../push/question-job';
import { queuePrefix, recomputeQueueName } from '../push/recompute-job';
import { MAINTENANCE_QUEUE } from '../training/maintenance-queue.bullmq';
import { TRAINING_QUEUE } from '../training/training-queue.bullmq';

export interface QueueState {
  readonly name: string;
  /** Ready, and no worker has taken them. */
  readonly waiting: number;
  readonly active: number;
  /** Not yet due: schedules, and retries. */
  readonly delayed: number;
  /** Given up; kept to be looked at. */
  readonly failed: number;
}

/** What waits in a store, as of now. */
export interface Backlog {
  readonly queues: readonly QueueState[];
  /** Behaviours of the tenant that are in the log. */
  readonly logged: number;
  /** Watched lists of the tenant that are behind the log. */
  readonly listsBehind: number;
}

export async function readBacklog(
  redis: RedisConnection,
  keys: Keys,
  { tenant, queueShards }: { readonly tenant: string; readonly queueShards: number },
): Promise<Backlog> {
  const names = [
    ...Array.from({ length: queueShards }, (_, shard) => recomputeQueueName(shard)),
    QUESTIONS_QUEUE,
    TRAINING_QUEUE,
    MAINTENANCE_QUEUE,
  ];
  const shards = Array.from({ length: keys.shards }, (_, shard) => shard);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return onRedis(async () => ({
    queues: await Promise.all(names.map((name) => readQueue(redis, name))),
    logged: sum(await Promise.all(shards.map((shard) => redis.xlen(keys.log(tenant, shard))))),
    listsBehind: sum(await Promise.all(shards.map((shard) => redis.zcard(keys.pending(tenant, shard))))),
  }));
}

async function readQueue(redis: RedisConnection, name: string): Promise<QueueState> {
  const queue = new Queue(name, { connection: redis, prefix: queuePrefix(name), skipWaitingForReady: true });
  queue.on('error', () => undefined); // the rejected call below says the same
  try {
    const {
      waiting = 0,
      prioritized = 0,
      active = 0,
      delayed = 0,
      failed = 0,
    } = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
    return { name, waiting: waiting + prioritized, active, delayed, failed };
  } finally {
    await queue.close();
  }
}

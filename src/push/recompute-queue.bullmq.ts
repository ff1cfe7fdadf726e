import { Queue } from 'bullmq';
import type { RedisConnection } from '../platform/redis-connection';
import type { RecomputeReason, RecomputeRequester } from '../behaviour/recompute-requester';
import type { Clock } from '../platform/clock';
import { shardOf } from '../platform/keys';
import type { Log } from '../platform/log';
import type { ListKey } from './ports';
import { queuePrefix, RECOMPUTE_LIST, recomputeQueueName, type RecomputeJob } from './recompute-job';

export interface RecomputeQueueOptions {
  /** For commands: fails fast while Redis is away. */
  readonly connection: RedisConnection;
  readonly shards: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollDepthEveryMs?: number;
}

/** The depth is looked at in each period in which somebody asked for it, and in every so many-th in which nobody did. */
const LOOK_UNASKED_EVERY = 10;

/**
 * The recompute queues, spread over by user. At most one job of a list is waiting and one running: a request that comes
 * while one runs is kept and started after it, so a burst costs at most two recomputes and its last behaviour is in.
 */
export class BullRecomputeQueue implements RecomputeRequester {
  private readonly queues: readonly Queue[];
  private readonly inFlight = new Set<Promise<unknown>>();
  private readonly timer: NodeJS.Timeout;
  private waiting = 0;
  private asked = false;
  private unasked = 0;

  constructor(private readonly options: RecomputeQueueOptions) {
    const { connection, shards, pollDepthEveryMs = 500 } = options;
    this.queues = Array.from({ length: shards }, (_, shard) => {
      const name = recomputeQueueName(shard);
      const queue = new Queue(name, { connection, prefix: queuePrefix(name), skipWaitingForReady: true });
      queue.on('error', () => undefined); // the connection logs its own state
      return queue;
    });
    this.timer = setInterval(() => this.look(), pollDepthEveryMs);
    this.timer.unref();
  }

  /** Waiting jobs of all queues, as of the last look. */
  get depth(): number {
    this.asked = true;
    return this.waiting;
  }

  request(key: ListKey, why: RecomputeReason): void {
    const adding = this.add(key, why).catch((error: unknown) =>
      this.options.log.warn({ err: error }, 'a recompute could not be queued; the sweep will'),
    );
    this.inFlight.add(adding);
    void adding.finally(() => this.inFlight.delete(adding));
  }

  /** The same, but waits until the request is in the queue. */
  async add({ tenant, userId, surface }: ListKey, why: RecomputeReason): Promise<void> {
    const { clock } = this.options;
    const queue = this.queues[shardOf({ tenant, userId }, this.queues.length)]!;
    const job: RecomputeJob = { tenant, userId, surface, why, requestedAt: clock.now() };
    await queue.add(RECOMPUTE_LIST, job, {
      deduplication: { id: `${tenant}/${userId}/${surface}`, keepLastIfActive: true },
      removeOnComplete: true,
      removeOnFail: 1000,
      attempts: 5,
      backoff: { type: 'exponential', delay: 100 },
    });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.allSettled(this.inFlight);
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  private look(): void {
    if (!this.asked && ++this.unasked < LOOK_UNASKED_EVERY) return;
    this.asked = false;
    this.unasked = 0;
    void this.measureDepth();
  }

  private async measureDepth(): Promise<void> {
    try {
      const counts = await Promise.all(this.queues.map((queue) => queue.getJobCountByTypes('waiting', 'delayed', 'prioritized')));
      this.waiting = counts.reduce((sum, count) => sum + count, 0);
    } catch (error) {
      this.options.log.debug({ err: error }, 'the depth of the queue is not known');
    }
  }
}

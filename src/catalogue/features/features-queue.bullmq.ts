import { Queue } from 'bullmq';
import type { RedisConnection } from '../../platform/redis-connection';
import { queuePrefix } from '../../push/recompute-job';

export const FEATURES_QUEUE = 'features';
const EXTRACT = 'extract-features';
/** How often changed items are looked for. */
const EVERY_MS = 500;

/** Items that have changed are given their vectors, by whichever worker is up. */
export class FeaturesQueue {
  private readonly queue: Queue;

  constructor(connection: RedisConnection) {
    this.queue = new Queue(FEATURES_QUEUE, { connection, prefix: queuePrefix(FEATURES_QUEUE), skipWaitingForReady: true });
    this.queue.on('error', () => undefined); // the connection logs its own state
  }

  /** `wanted`: whether any tenant computes features; otherwise nothing is looked for. */
  async schedule(wanted: boolean): Promise<void> {
    if (!wanted) return void (await this.queue.removeJobScheduler(EXTRACT));
    await this.queue.upsertJobScheduler(
      EXTRACT,
      { every: EVERY_MS },
      { name: EXTRACT, data: {}, opts: { removeOnComplete: true, removeOnFail: 20 } },
    );
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

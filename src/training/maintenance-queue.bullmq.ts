import { Queue } from 'bullmq';
import type { RedisConnection } from '../platform/redis-connection';
import { z } from 'zod';
import { onRedis } from '../platform/redis';
import { queuePrefix } from '../push/recompute-job';

export const maintenanceJob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('archive-log') }),
  z.object({ kind: z.literal('expire-items') }),
  z.object({ kind: z.literal('publish-fallback') }),
  z.object({ kind: z.literal('finish-erasures') }),
  z.object({ kind: z.literal('enforce-retention') }),
]);
export type MaintenanceJob = z.infer<typeof maintenanceJob>;

export const MAINTENANCE_QUEUE = 'maintenance';

const EVERY_MS: Readonly<Record<MaintenanceJob['kind'], number>> = {
  'archive-log': 10_000,
  'expire-items': 1000,
  'publish-fallback': 30_000,
  'finish-erasures': 5000,
  'enforce-retention': 21_600_000,
};

/** Housekeeping that must happen once for the whole store, whichever worker is up. */
export class MaintenanceQueue {
  private readonly queue: Queue;

  constructor(connection: RedisConnection) {
    this.queue = new Queue(MAINTENANCE_QUEUE, { connection, prefix: queuePrefix(MAINTENANCE_QUEUE), skipWaitingForReady: true });
    this.queue.on('error', () => undefined); // the connection logs its own state
  }

  async scheduleAll(): Promise<void> {
    for (const [kind, every] of Object.entries(EVERY_MS)) {
      await this.queue.upsertJobScheduler(
        kind,
        { every },
        { name: kind, data: { kind }, opts: { removeOnComplete: true, removeOnFail: 20 } },
      );
    }
  }

  /** Has the open erasures gone on with after a while. The job says nothing about whom: that would be one more place where they are. */
  async finishErasures(delayMs: number): Promise<void> {
    const job: MaintenanceJob = { kind: 'finish-erasures' };
    await onRedis(() => this.queue.add(job.kind, job, { delay: delayMs, removeOnComplete: true, removeOnFail: 20 }));
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

import { Queue } from 'bullmq';
import type { RedisConnection } from '../platform/redis-connection';
import { z } from 'zod';
import type { EpochMs } from '../platform/clock';
import { onRedis } from '../platform/redis';
import { MODEL_NAMES, type ModelName } from '../push/recommendation-list';
import { queuePrefix } from '../push/recompute-job';
import { TRAINING_CAUSES, type TrainingCause } from './model-store';

export const trainingJob = z.object({
  tenant: z.string(),
  model: z.enum(MODEL_NAMES),
  /** Jobs of versions before this was kept are taken for scheduled ones. */
  cause: z.enum(TRAINING_CAUSES).default('schedule'),
});
export type TrainingJob = z.infer<typeof trainingJob>;

export const TRAINING_QUEUE = 'training';
export const TRAIN_MODEL = 'train-model';

const RUN_OPTIONS = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: { age: 86_400, count: 100 },
  removeOnFail: { age: 604_800, count: 100 },
};

/** Training runs, one job a model: on demand, and on a schedule kept in Redis, whichever worker is up. */
export class TrainingQueue {
  private readonly queue: Queue;

  constructor(connection: RedisConnection) {
    this.queue = new Queue(TRAINING_QUEUE, { connection, prefix: queuePrefix(TRAINING_QUEUE), skipWaitingForReady: true });
    this.queue.on('error', () => undefined); // the connection logs its own state
  }

  /** A run that is waiting already is not put in twice. Returns the id of the job that will do it. */
  async train(tenant: string, models: readonly ModelName[], cause: TrainingCause): Promise<{ id: string; model: ModelName }[]> {
    const jobs = await onRedis(() =>
      Promise.all(
        models.map((model) =>
          this.queue.add(TRAIN_MODEL, { tenant, model, cause } satisfies TrainingJob, {
            ...RUN_OPTIONS,
            deduplication: { id: `${tenant}/${model}`, keepLastIfActive: true },
          }),
        ),
      ),
    );
    return jobs.map((job, k) => ({ id: job.id!, model: models[k]! }));
  }

  /** Trains the models every so often from `now` on; 0: no longer. A schedule that runs already goes on in its rhythm. */
  async schedule(tenant: string, models: readonly ModelName[], everyMs: number, now: EpochMs): Promise<void> {
    for (const model of models) {
      const id = `${tenant}/${model}`;
      const running = await this.queue.getJobScheduler(id);
      if (everyMs === 0) await this.queue.removeJobScheduler(id);
      else if (running?.every !== everyMs) {
        const template = { name: TRAIN_MODEL, data: { tenant, model, cause: 'schedule' } satisfies TrainingJob, opts: RUN_OPTIONS };
        await this.queue.upsertJobScheduler(id, { every: everyMs, startDate: now + everyMs }, template);
      }
    }
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

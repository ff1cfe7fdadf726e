import { Worker, type Job, type WorkerOptions } from 'bullmq';
import { UnrecoverableError, WaitingError } from 'bullmq';
import type { Redis } from 'ioredis';
import { ZodError } from 'zod';
import { BeckonError } from '../src/platform/errors';
import { FEATURES_QUEUE } from '../src/catalogue/features/features-queue.bullmq';
import type { Log } from '../src/platform/log';
import type { Metrics } from '../src/platform/metrics';
import { CANARY } from '../src/push/canary-job';
import { QUESTIONS_QUEUE } from '../src/push/question-job';
import { queuePrefix, recomputeQueueName } from '../src/push/recompute-job';
import { MAINTENANCE_QUEUE } from '../src/training/maintenance-queue.bullmq';
import { TRAINING_QUEUE } from '../src/training/training-queue.bullmq';
import { extractAllFeatures, type FeaturesDeps } from './processors/extract-all-features';
import { answerQuestion } from './processors/answer-question';
import { maintain, type MaintenanceDeps } from './processors/maintain';
import { recomputeList, type RecomputeDeps } from './processors/recompute-list';
import { sendCanaryBack } from './processors/send-canary-back';
import { trainModel, type TrainDeps } from './processors/train-model';
import { TrainingStopped } from './training-processes';

export interface JobsOptions {
  /** Opens a connection to where the keys of a queue are, given its prefix. */
  readonly connect: (name: string, key: string) => Redis;
  readonly queueShards: number;
  readonly concurrency: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface ProcessorDeps {
  readonly recompute: RecomputeDeps;
  readonly train: TrainDeps;
  readonly maintain: MaintenanceDeps;
  /** Absent: no tenant computes features. */
  readonly features?: FeaturesDeps;
  readonly publish: (channel: string, message: string) => Promise<unknown>;
}

/** A dead worker's recompute is taken over after this: it is idempotent, so a wrong guess costs one recompute. */
const RECOMPUTE_LOCK_MS = 3000;
/** What takes long leaves the event loop free, so a lock that is not renewed means a dead worker. Another one begins anew within twice this. */
const LONG_LOCK_MS = 10_000;

/** Takes jobs from every queue: decode → one use-case → report. */
export function startJobs(
  { connect, queueShards, concurrency, log, metrics }: JobsOptions,
  deps: ProcessorDeps,
): { areRunning: () => boolean; close: () => Promise<void> } {
  const connections: Redis[] = [];
  const failed = metrics.counter('beckon_jobs_failed_total', 'Failed attempts of jobs', ['queue']);
  const done = metrics.counter('beckon_jobs_total', 'Jobs that were done', ['queue']);
  const start = (
    queue: string,
    processor: (job: Job, token?: string) => Promise<unknown>,
    options: Omit<WorkerOptions, 'connection'>,
  ): Worker => {
    const connection = connect(queue, queuePrefix(queue));
    connections.push(connection);
    const worker = new Worker(queue, (job, token) => withoutPoison(() => processor(job, token)), {
      connection,
      prefix: queuePrefix(queue),
      ...options,
    });
    worker.on('completed', () => done.inc({ queue }));
    worker.on('failed', (job, error) => {
      failed.inc({ queue });
      log.error({ err: error, queue, job: job?.id, attempt: job?.attemptsMade }, 'a job failed');
    });
    worker.on('error', () => undefined); // the connection logs its own state
    return worker;
  };
  const quick = { lockDuration: RECOMPUTE_LOCK_MS, stalledInterval: RECOMPUTE_LOCK_MS, maxStalledCount: 5, drainDelay: 5 };
  const slow = { lockDuration: LONG_LOCK_MS, stalledInterval: LONG_LOCK_MS, maxStalledCount: 2, concurrency: 1 };
  const workers = [
    ...Array.from({ length: queueShards }, (_, shard) =>
      start(
        recomputeQueueName(shard),
        (job) => (job.name === CANARY ? sendCanaryBack(deps.publish, job.data) : recomputeList(deps.recompute, job.data)),
        { ...quick, concurrency },
      ),
    ),
    start(QUESTIONS_QUEUE, (job) => answerQuestion(deps.recompute, job.data), { ...quick, concurrency }),
    start(
      TRAINING_QUEUE,
      (job, token) =>
        givingBack(job, token, () =>
          trainModel(deps.train, job.data, (percent) => void job.updateProgress(percent).catch(() => undefined)),
        ),
      slow,
    ),
    start(MAINTENANCE_QUEUE, (job) => maintain(deps.maintain, job.data), slow),
    ...(deps.features === undefined ? [] : [start(FEATURES_QUEUE, () => extractAllFeatures(deps.features!), slow)]),
  ];
  return {
    areRunning: () => workers.every((worker) => worker.isRunning()),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      for (const connection of connections) connection.disconnect();
    },
  };
}

/** A run that was stopped because this worker ends waits for the next one, without having used up an attempt. */
async function givingBack(job: Job, token: string | undefined, work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TrainingStopped)) throw error;
    await job.moveToWait(token);
    throw new WaitingError();
  }
}

/** What no retry can mend (a job that is not of the codec's form, a tenant that is not ours) fails at once. */
async function withoutPoison(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ZodError || (error instanceof BeckonError && !error.retryable)) throw new UnrecoverableError(error.message);
    throw error;
  }
}

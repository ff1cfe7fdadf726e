import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../../src/platform/log';
import type { Metrics } from '../../src/platform/metrics';
import type { ModelRecord } from '../../src/training/model-store';
import { trainingJob } from '../../src/training/training-queue.bullmq';

export type TrainReport =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly record: ModelRecord | undefined };

export interface TrainDeps {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Job → a new live version of one model, trained in a thread of its own; undefined when there is no history to learn from. */
export async function trainModel(
  { log, metrics }: TrainDeps,
  data: unknown,
  progress: (percent: number) => void,
): Promise<ModelRecord | undefined> {
  const { tenant, model } = trainingJob.parse(data);
  const record = await runThread({ tenant, model }, progress);
  if (!record) {
    log.info({ tenant, model }, 'nothing to learn from yet');
    return undefined;
  }
  const { version, events, fitSeconds, sizeBytes } = record;
  log.info({ tenant, model, version, events, fitSeconds, sizeBytes }, 'model trained');
  metrics
    .gauge('beckon_model_fit_seconds', 'How long the last training run of a model took', ['tenant', 'model'])
    .set({ tenant, model }, fitSeconds);
  metrics.gauge('beckon_model_events', 'Behaviours that a model was last trained on', ['tenant', 'model']).set({ tenant, model }, events);
  return record;
}

function runThread(workerData: unknown, progress: (percent: number) => void): Promise<ModelRecord | undefined> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(join(__dirname, '..', 'train-thread.js'), { workerData });
    let result: ModelRecord | undefined;
    thread.on('message', (message: TrainReport) => {
      if (message.kind === 'done') result = message.record;
      else progress(Math.floor((100 * message.done) / message.total));
    });
    thread.on('error', reject);
    thread.on('exit', (code) => (code === 0 ? resolve(result) : reject(new Error(`the training thread ended with ${code}`))));
  });
}

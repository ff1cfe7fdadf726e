import type { Clock } from '../../src/platform/clock';
import type { Log } from '../../src/platform/log';
import type { Metrics } from '../../src/platform/metrics';
import type { ModelName } from '../../src/push/recommendation-list';
import type { ModelStore, TrainingRun } from '../../src/training/model-store';
import type { RunResult } from '../../src/training/training-result';
import { trainingJob } from '../../src/training/training-queue.bullmq';
import { TrainingStopped, type TrainingProcesses } from '../training-processes';

export interface TrainDeps {
  readonly processes: Pick<TrainingProcesses, 'run'>;
  readonly store: Pick<ModelStore, 'noteRun'>;
  /** Largest JavaScript heap of a training process of this tenant, in MiB. */
  readonly heapMbOf: (tenant: string) => number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Job → one training run in a process of its own. How it ended is kept for operators, also when it failed.
 * @throws BeckonError as `TrainingProcesses.run`, after it was noted.
 */
export async function trainModel(deps: TrainDeps, data: unknown, progress: (percent: number) => void): Promise<TrainingRun> {
  const { processes, clock, heapMbOf } = deps;
  const order = trainingJob.parse(data);
  const { tenant, model } = order;
  let version: string | undefined;
  let result: RunResult;
  try {
    result = await processes.run({
      order,
      heapMb: heapMbOf(tenant),
      onBegun: (begun) => (version = begun),
      onProgress: progress,
    });
  } catch (error) {
    if (!(error instanceof TrainingStopped)) {
      const message = error instanceof Error ? error.message : String(error);
      await report(deps, tenant, { model, at: clock.now(), outcome: 'failed', message, ...(version !== undefined && { version }) });
    }
    throw error;
  }
  const { record, ...ended } = result;
  const run: TrainingRun = { model, at: clock.now(), ...ended };
  await report(deps, tenant, run);
  if (record) measure(deps.metrics, tenant, model, record);
  return run;
}

/** Notes how a run ended: in the store, in the log, in the metrics. */
async function report({ store, log, metrics }: TrainDeps, tenant: string, run: TrainingRun): Promise<void> {
  const { outcome, model } = run;
  metrics
    .counter('beckon_training_runs_total', 'Training runs by how they ended', ['tenant', 'model', 'outcome'])
    .inc({ tenant, model, outcome });
  if (outcome === 'failed') log.error({ tenant, ...run }, 'a training run failed; the live version stays');
  else if (outcome === 'rejected') log.warn({ tenant, ...run }, 'the new version is worse than the live one and is not taken');
  else log.info({ tenant, ...run }, outcome === 'published' ? 'model trained' : 'model not trained');
  await store.noteRun(tenant, run);
}

type Measured = NonNullable<RunResult['record']>;

function measure(metrics: Metrics, tenant: string, model: ModelName, { fitSeconds, events, peakMemoryBytes, cpuSeconds }: Measured): void {
  const gauge = (name: string, help: string, value: number | undefined): void => {
    if (value !== undefined) metrics.gauge(name, help, ['tenant', 'model']).set({ tenant, model }, value);
  };
  gauge('beckon_model_fit_seconds', 'How long the last training run of a model took', fitSeconds);
  gauge('beckon_model_events', 'Behaviours that a model was last trained on', events);
  gauge('beckon_model_peak_memory_bytes', 'Largest resident memory of the process of the last training run', peakMemoryBytes);
  gauge('beckon_model_cpu_seconds', 'CPU time of the process of the last training run', cpuSeconds);
}

import { BeckonError } from '../../src/platform/errors';
import { createLog } from '../../src/platform/log';
import { Metrics } from '../../src/platform/metrics';
import { ManualClock } from '../../src/platform/clock';
import type { TrainingRun } from '../../src/training/model-store';
import { trainModel, type TrainDeps } from '../../workers/processors/train-model';
import { TrainingStopped } from '../../workers/training-processes';

const job = { tenant: 'shop', model: 'ncf', cause: 'demand' };

function deps(run: TrainDeps['processes']['run']): TrainDeps & { readonly noted: TrainingRun[] } {
  const noted: TrainingRun[] = [];
  const store = { noteRun: async (_tenant: string, ended: TrainingRun) => void noted.push(ended) };
  const log = createLog('test', 'silent');
  return { noted, processes: { run }, store, heapMbOf: () => 100, clock: new ManualClock(7), log, metrics: new Metrics() };
}
const counted = async ({ metrics }: TrainDeps) =>
  (await metrics.registry.getSingleMetric('beckon_training_runs_total')?.get())?.values[0]?.labels;

it('keeps the reason why a run failed, with the version that it was to make, and passes it on', async () => {
  const failed = deps(async ({ onBegun }) => {
    onBegun('v1');
    throw new BeckonError('INTERNAL', 'ncf: the loss is NaN after 3 batches');
  });
  await expect(trainModel(failed, job, () => undefined)).rejects.toMatchObject({ code: 'INTERNAL', retryable: false });
  expect(failed.noted).toEqual([
    { model: 'ncf', at: 7, outcome: 'failed', message: 'ncf: the loss is NaN after 3 batches', version: 'v1' },
  ]);
  expect(await counted(failed)).toEqual({ tenant: 'shop', model: 'ncf', outcome: 'failed' });
});

it('keeps a rejection, and that a run came to nothing', async () => {
  const check = { decision: 'rejected' as const, reason: 'worse', cases: 200, difference: -0.1, low: -0.2, high: -0.05 };
  const rejected = deps(async () => ({ outcome: 'rejected', version: 'v2', message: 'worse', check }));
  expect(await trainModel(rejected, job, () => undefined)).toEqual({
    model: 'ncf',
    at: 7,
    outcome: 'rejected',
    version: 'v2',
    message: 'worse',
    check,
  });
  expect(rejected.noted).toHaveLength(1);
  const skipped = deps(async () => ({ outcome: 'skipped', message: 'nothing to learn from yet' }));
  await trainModel(skipped, job, () => undefined);
  expect(skipped.noted).toEqual([{ model: 'ncf', at: 7, outcome: 'skipped', message: 'nothing to learn from yet' }]);
});

it('keeps nothing of a run that is given back', async () => {
  const stopped = deps(() => Promise.reject(new TrainingStopped('this worker is ending')));
  await expect(trainModel(stopped, job, () => undefined)).rejects.toBeInstanceOf(TrainingStopped);
  expect(stopped.noted).toEqual([]);
});

it('measures what was published, and takes jobs of earlier versions for scheduled ones', async () => {
  const record = {
    model: 'ncf' as const,
    version: 'v3',
    trainedAt: 1,
    events: 10,
    items: 3,
    fitSeconds: 4,
    sizeBytes: 5,
    positions: {},
    cpuSeconds: 6,
  };
  let cause: string | undefined;
  const done = deps(async ({ order }) => {
    ({ cause } = order);
    return { outcome: 'published', version: 'v3', record };
  });
  await trainModel(done, { tenant: 'shop', model: 'ncf' }, () => undefined);
  expect(cause).toBe('schedule');
  const text = await done.metrics.registry.metrics();
  expect(text).toContain('beckon_model_fit_seconds{tenant="shop",model="ncf"} 4');
  expect(text).toContain('beckon_model_cpu_seconds{tenant="shop",model="ncf"} 6');
  expect(text).not.toContain('beckon_model_peak_memory_bytes{');
});

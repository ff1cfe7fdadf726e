import { Command } from 'commander';
import { DEFAULT_DATA_DIR } from '../src/datasets/dataset';
import { openStudy } from '../src/evaluation/open-study';
import type { TrainingEvents } from '../src/models/model';
import { trainableModels, type ModelOptions, type TrainableModelName } from '../src/models/model-catalogue';
import { TENSOR_BACKENDS, type TensorBackend } from '../src/models/tensor/open-tensors';
import { rows, runBench } from './support/run-bench';

/*
 * How fast the deep models train: NeuMF in samples (positives and negatives) a second on ncf-ml-1m, self-attention in seconds an epoch (a window
 * of 50 of each user) on sasrec-ml-1m, on each backend that loads. Steady speed: without reading data, start-up and the first report of progress.
 */

const NEGATIVES = 4;
const EPOCHS = 3;
/** What is measured stays what it was when a default changes. */
const NEUMF = { epochs: 1, negatives: NEGATIVES, widths: '32-8', batchSamples: 16_384 } as const;
const ATTENTION = { epochs: EPOCHS, dimensions: 64, hidden: 64 } as const;

interface Speed {
  /** Wall and CPU seconds for the whole of the model's passes, by the share of them that was timed. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

interface Trained {
  readonly neumfSamplesPerSecond: number;
  readonly neumfSamplesPerCpuSecond: number;
  readonly attentionEpochSeconds: number;
  readonly attentionEpochCpuSeconds: number;
}

type Result = Readonly<Partial<Record<TensorBackend, Trained>>>;

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function speedOf(model: TrainableModelName, options: ModelOptions, events: TrainingEvents): Promise<Speed> {
  const reports: { readonly share: number; readonly at: number; readonly cpu: number }[] = [];
  await trainableModels(options)[model].fit(events, (done, total) =>
    reports.push({ share: done / total, at: performance.now() / 1000, cpu: cpuSeconds() }),
  );
  const first = reports[0]!;
  const last = reports.find(({ share }) => share === 1)!;
  const share = last.share - first.share;
  return { seconds: (last.at - first.at) / share, cpuSeconds: (last.cpu - first.cpu) / share };
}

const fitEvents = async (dataset: string, data: string): Promise<TrainingEvents> =>
  (await openStudy(dataset, data)).protocols[0]!.split('test').fit;

async function measure(backend: TensorBackend, pairs: TrainingEvents, sequences: TrainingEvents): Promise<Trained> {
  const neumf = await speedOf('ncf', { ncf: { backend, ...NEUMF } }, pairs);
  const attention = await speedOf('attention', { attention: { backend, ...ATTENTION } }, sequences);
  const samples = pairs.items.length * (1 + NEGATIVES);
  return {
    neumfSamplesPerSecond: Math.round(samples / neumf.seconds),
    neumfSamplesPerCpuSecond: Math.round(samples / neumf.cpuSeconds),
    attentionEpochSeconds: attention.seconds / EPOCHS,
    attentionEpochCpuSeconds: attention.cpuSeconds / EPOCHS,
  };
}

async function main(): Promise<void> {
  const { json = false, data } = new Command('bench:train')
    .description('How fast NeuMF and self-attention train, on each tensor backend that loads')
    .option('--json', 'print one JSON object {BACKEND: {neumfSamplesPerSecond, …}} instead of the table')
    .option('--data <folder>', 'folder of the data sets ncf-ml-1m and sasrec-ml-1m', DEFAULT_DATA_DIR)
    .parse()
    .opts<{ json?: true; data: string }>();
  await runBench<Result>({
    json,
    run: async ({ say }) => {
      const pairs = await fitEvents('ncf-ml-1m', data);
      const sequences = await fitEvents('sasrec-ml-1m', data);
      const result: Partial<Record<TensorBackend, Trained>> = {};
      for (const backend of TENSOR_BACKENDS) {
        say(`${backend} …`);
        try {
          result[backend] = await measure(backend, pairs, sequences);
        } catch (error) {
          say(`${backend}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      return result;
    },
    table: (result) =>
      rows(
        Object.entries(result).flatMap(([backend, trained]) => [
          [`${backend}: NeuMF, samples/s`, `${trained.neumfSamplesPerSecond} (${trained.neumfSamplesPerCpuSecond} a CPU second)`] as const,
          [
            `${backend}: attention, s an epoch`,
            `${trained.attentionEpochSeconds.toFixed(1)} (${trained.attentionEpochCpuSeconds.toFixed(1)} CPU)`,
          ] as const,
        ]),
      ),
  });
}

void main();

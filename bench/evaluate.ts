import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_DATA_DIR } from '../src/datasets/dataset';
import { EVALUATED_DATASETS, evaluateDataset, tuneDataset } from '../src/evaluation/evaluate-dataset';
import type { Progress } from '../src/evaluation/progress';
import { toMarkdown } from '../src/evaluation/report';
import { systemClock } from '../src/platform/clock';
import { BeckonError } from '../src/platform/errors';

interface Options {
  readonly dataset: string;
  readonly json?: true;
  readonly tune?: true;
  readonly seed: number;
  readonly data: string;
}

/** Bars on standard error where somebody looks at it, nothing where not. */
function progressBar(): Progress {
  const bar = new SingleBar({ format: ' {label} {bar} {value}/{total}', stream: process.stderr, clearOnComplete: true, hideCursor: true });
  return {
    start: (label, total) => bar.start(total, 0, { label }),
    update: (done) => bar.update(done),
    stop: () => bar.stop(),
  };
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0) throw new InvalidArgumentError('should be a whole number from 0');
  return seed;
}

async function main(): Promise<void> {
  const program = new Command('evaluate')
    .description('Ranking quality of every model and of the hybrid on published protocols: a Markdown table, or JSON')
    .requiredOption('--dataset <name>', `one of ${EVALUATED_DATASETS.join(', ')}`)
    .option('--json', 'print one JSON object {dataset, seed, results} instead of the table')
    .option('--tune', 'search parameters on the validation part and print them instead')
    .option('--seed <n>', 'of the bootstrap and of models that draw', parseSeed, 1)
    .option('--data <folder>', 'folder of the data sets', DEFAULT_DATA_DIR)
    .parse();
  const { dataset, json, tune, seed, data } = program.opts<Options>();
  const context = { dataDir: data, seed, clock: systemClock, progress: progressBar() };
  if (tune) {
    process.stdout.write(`${JSON.stringify(await tuneDataset(dataset, context))}\n`);
    return;
  }
  const report = await evaluateDataset(dataset, context);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : toMarkdown(report));
}

main().catch((error: unknown) => {
  if (!(error instanceof BeckonError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_DATA_DIR } from '../../src/datasets/dataset';
import type { EvaluationContext } from '../../src/evaluation/evaluation-context';
import { cachedFits } from '../../src/evaluation/fit-cache';
import { fitInChild } from '../../src/evaluation/fit-in-child';
import type { Progress } from '../../src/evaluation/progress';
import { TENSOR_BACKENDS, type TensorBackend } from '../../src/models/tensor/open-tensors';
import { systemClock } from '../../src/platform/clock';
import { BeckonError } from '../../src/platform/errors';

/** Fits and learnt hybrids that were paid for, relative to the working directory; not in version control. */
export const CACHE_FOLDER = 'data/evaluation';

/** What every program that evaluates is told. */
export interface EvaluationOptions {
  readonly seed: number;
  readonly data: string;
  readonly backend: TensorBackend | 'auto';
  readonly jobs: number;
  readonly fresh?: true;
}

/** Bars on standard error where somebody looks at it, nothing where not. */
function progressBar(): Progress {
  const bar = new SingleBar({ format: ' {label} {bar} {value}/{total}', stream: process.stderr, clearOnComplete: true, hideCursor: true });
  const places = (value: number): number => Math.round(value * 100) / 100;
  return {
    start: (label, total) => bar.start(total, 0, { label }),
    update: (done) => bar.update(places(done)),
    stop: () => bar.stop(),
  };
}

/** Parses a whole number from `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(`should be a whole number from ${least}`);
    return value;
  };

/** A program with the options that all that evaluate have. */
export function evaluationProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--seed <n>', 'of the bootstrap and of models that draw', wholeNumber(0), 1)
    .option('--data <folder>', 'folder of the data sets', DEFAULT_DATA_DIR)
    .addOption(new Option('--backend <name>', 'what computes tensors').choices(['auto', ...TENSOR_BACKENDS]).default('auto'))
    .option('--jobs <n>', 'fits side by side; with more than 1 their times are not comparable', wholeNumber(1), 1)
    .option('--fresh', `fit again what is kept in ${CACHE_FOLDER}`);
}

/** Fits in processes of their own, kept in the cache, with bars. */
export const contextOf = ({ seed, data, backend, jobs, fresh }: EvaluationOptions): EvaluationContext => ({
  dataDir: data,
  seed,
  backend,
  jobs,
  clock: systemClock,
  progress: progressBar(),
  cacheFolder: CACHE_FOLDER,
  fresh: fresh === true,
  fit: cachedFits(fitInChild, { folder: CACHE_FOLDER, fresh: fresh === true }),
});

/** Runs a program; an error that is somebody's to mend becomes its message and exit status 1. */
export function runProgram(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    if (!(error instanceof BeckonError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

import { Option } from 'commander';
import type { Found } from '../src/evaluation/coordinate-ascent';
import { learnHybrid } from '../src/evaluation/hybrid-line';
import { openStudy, STUDY_NAMES } from '../src/evaluation/open-study';
import { SEARCH_SPACES } from '../src/evaluation/search-spaces';
import type { Study } from '../src/evaluation/study';
import { tuneModel } from '../src/evaluation/tune-model';
import { fitInChild } from '../src/evaluation/fit-in-child';
import { TRAINABLE_MODEL_NAMES, type TrainableModelName } from '../src/models/model-catalogue';
import { MODEL_NAMES } from '../src/push/recommendation-list';
import { contextOf, evaluationProgram, runProgram, wholeNumber, type EvaluationOptions } from './support/evaluation-program';

interface Options extends EvaluationOptions {
  readonly dataset: string;
  readonly model: TrainableModelName | 'hybrid';
  readonly budget?: number;
  readonly draws: number;
}

/** What the validation parts say of one model's options. */
async function tuneOptions(study: Study, model: TrainableModelName, { draws, budget, ...options }: Options): Promise<object> {
  // What was tried is tried once: a search does not fill the cache.
  const context = { ...contextOf(options), fit: fitInChild };
  const onBetter = ({ point, value }: Found<object>): void => void process.stderr.write(`${value.toFixed(5)} ${JSON.stringify(point)}\n`);
  const found = await tuneModel(study, { model, draws, onBetter, ...(budget !== undefined && { budgetMs: budget * 60_000 }) }, context);
  process.stderr.write(`To record them, give them to "${model}" of "${study.dataset}" in src/evaluation/tuned-options.ts.\n`);
  return { dataset: study.dataset, model, seed: options.seed, ...found };
}

/** What the validation parts say of the hybrid: its weights, and the gate's decisions. Nothing is to be recorded: evaluation learns it anew. */
async function tuneHybrid(study: Study, options: Options): Promise<object> {
  return { dataset: study.dataset, model: 'hybrid', seed: options.seed, learnt: await learnHybrid(study, MODEL_NAMES, contextOf(options)) };
}

async function main(): Promise<void> {
  const tunable = TRAINABLE_MODEL_NAMES.filter((name) => name in SEARCH_SPACES);
  const program = evaluationProgram('tune', 'What is best on the validation parts of a data set, as JSON; test parts are not looked at')
    .requiredOption('--dataset <name>', `one of ${STUDY_NAMES.join(', ')}, or the path of a folder of RecBole atomic files`)
    .addOption(new Option('--model <name>', 'whose options, or the hybrid’s weights').choices([...tunable, 'hybrid']).makeOptionMandatory())
    .option('--budget <minutes>', 'begin no new point after so long', wholeNumber(1))
    .option('--draws <n>', 'points drawn at random before the climb', wholeNumber(0), 10)
    .parse();
  const options = program.opts<Options>();
  const { model } = options;
  const study = await openStudy(options.dataset, options.data);
  const found = model === 'hybrid' ? await tuneHybrid(study, options) : await tuneOptions(study, model, options);
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

runProgram(main);

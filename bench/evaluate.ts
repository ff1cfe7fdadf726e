import { InvalidArgumentError, Option } from 'commander';
import { evaluateStudy } from '../src/evaluation/evaluate-study';
import { openStudy, STUDY_NAMES } from '../src/evaluation/open-study';
import type { Part } from '../src/evaluation/protocols';
import { toMarkdown } from '../src/evaluation/report';
import { MODEL_NAMES, type ModelName } from '../src/push/recommendation-list';
import { contextOf, evaluationProgram, runProgram, type EvaluationOptions } from './support/evaluation-program';

interface Options extends EvaluationOptions {
  readonly dataset: string;
  readonly models?: readonly ModelName[];
  readonly part: Part;
  readonly staleness?: true;
  readonly json?: true;
}

function parseModels(text: string): ModelName[] {
  return text.split(',').map((name) => {
    const known = MODEL_NAMES.find((model) => model === name.trim());
    if (known === undefined) throw new InvalidArgumentError(`there is no model "${name}"; there are ${MODEL_NAMES.join(', ')}`);
    return known;
  });
}

async function main(): Promise<void> {
  const program = evaluationProgram(
    'evaluate',
    'Ranking quality of every model and of the hybrid on published protocols: Markdown tables, or JSON',
  )
    .requiredOption('--dataset <name>', `one of ${STUDY_NAMES.join(', ')}, or the path of a folder of RecBole atomic files`)
    .option('--models <names>', 'only these, with commas between', parseModels)
    .addOption(new Option('--part <part>', 'valid: what parameters may be chosen on').choices(['valid', 'test']).default('test'))
    .option('--staleness', 'ask the hybrid and the best single model with profiles that lack the last events, too')
    .option('--json', 'print one JSON object {dataset, part, seed, rows, differences, gates, staleness, failed} instead of the tables')
    .parse();
  const { dataset, models, part, staleness = false, json, ...options } = program.opts<Options>();
  const study = await openStudy(dataset, options.data);
  const report = await evaluateStudy(study, { part, staleness, ...(models !== undefined && { models }) }, contextOf(options));
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : toMarkdown(report));
}

runProgram(main);

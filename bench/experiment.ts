import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';
import type { ExperimentResult } from '../src/evaluation/experiments/experiment';
import { experimentMarkdown } from '../src/evaluation/experiments/experiment-markdown';
import { EXPERIMENTS } from '../src/evaluation/experiments/experiments';
import { contextOf, evaluationProgram, runProgram, type EvaluationOptions } from './support/evaluation-program';
import { EXPERIMENTS_FOLDER, writeScoreboardPage } from './support/scoreboard-page';

interface Options extends EvaluationOptions {
  readonly name: string;
  readonly write?: true;
  readonly json?: true;
}

async function main(): Promise<void> {
  const program = evaluationProgram('experiment', 'What one part of the product gains and costs: Markdown tables, or JSON')
    .addOption(new Option('--name <name>', 'which').choices(EXPERIMENTS.map(({ name }) => name)).makeOptionMandatory())
    .option('--write', `keep the result in ${EXPERIMENTS_FOLDER} and write the scoreboard’s page again`)
    .option('--json', 'print one JSON object {name, title, seed, tables} instead of the tables')
    .parse();
  const { name, write = false, json = false, ...options } = program.opts<Options>();
  const { title, datasets, run } = EXPERIMENTS.find((one) => one.name === name)!;
  const absent = datasets.filter((dataset) => !existsSync(join(options.data, dataset)));
  if (absent.length > 0) {
    process.stderr.write(`left out: ${name}, because the data were not there: ${absent.join(', ')}\n`);
    return;
  }
  const result: ExperimentResult = { name, title, seed: options.seed, tables: await run(contextOf(options)) };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${experimentMarkdown(result)}\n`);
  if (!write) return;
  await mkdir(EXPERIMENTS_FOLDER, { recursive: true });
  await writeFile(join(EXPERIMENTS_FOLDER, `${name}.json`), `${JSON.stringify(result, undefined, 1)}\n`);
  await writeScoreboardPage();
}

runProgram(main);

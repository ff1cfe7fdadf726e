import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cachedJson } from '../src/evaluation/cached-json';
import { evaluateStudy, type EvaluationReport } from '../src/evaluation/evaluate-study';
import type { EvaluationContext } from '../src/evaluation/evaluation-context';
import { eventsDigest } from '../src/evaluation/fit-cache';
import { evaluateOffPolicy } from '../src/evaluation/off-policy/open-bandit-suite';
import { openStudy, STUDY_NAMES } from '../src/evaluation/open-study';
import { scoreboardJson, type Scoreboard } from '../src/evaluation/scoreboard';
import { sourceDigest } from '../src/evaluation/source-digest';
import { contextOf, evaluationProgram, runProgram, type EvaluationOptions } from './support/evaluation-program';
import { SCOREBOARD_JSON, SCOREBOARD_PAGE, writeScoreboardPage } from './support/scoreboard-page';

const OFF_POLICY_DATASET = 'open-bandit-men';

interface Options extends EvaluationOptions {
  readonly datasets?: readonly string[];
}

/** The report of one data set, kept for a scoreboard that is started again after an end in the middle. */
async function reportOf(dataset: string, code: string, context: EvaluationContext): Promise<EvaluationReport> {
  const study = await openStudy(dataset, context.dataDir);
  const fits = study.protocols.flatMap((protocol) => (['valid', 'test'] as const).map((part) => eventsDigest(protocol.split(part).fit)));
  const place = {
    folder: context.cacheFolder,
    name: `report-${dataset}`,
    key: [code, context.seed, context.backend, fits],
    fresh: context.fresh ?? false,
  };
  return cachedJson(place, () => evaluateStudy(study, { staleness: true }, context));
}

async function main(): Promise<void> {
  const program = evaluationProgram(
    'scoreboard',
    `Every model on every data set that is there, with published figures: writes ${SCOREBOARD_PAGE} and ${SCOREBOARD_JSON}`,
  )
    .option('--datasets <names>', 'only these, with commas between', (text) => text.split(','))
    .parse();
  const { datasets, ...options } = program.opts<Options>();
  const context = contextOf(options);
  const isHere = (name: string): boolean => existsSync(join(context.dataDir, name));
  const wanted = [...STUDY_NAMES, OFF_POLICY_DATASET].filter((name) => datasets?.includes(name) ?? true);
  const code = sourceDigest(join(__dirname, '..', 'src', 'evaluation', 'evaluate-study'));
  const reports: EvaluationReport[] = [];
  for (const name of wanted.filter((one) => STUDY_NAMES.includes(one) && isHere(one))) {
    reports.push(await reportOf(name, code, context));
    process.stderr.write(`${name} is done\n`);
  }
  const withBandit = wanted.includes(OFF_POLICY_DATASET) && isHere(OFF_POLICY_DATASET);
  const board: Scoreboard = {
    seed: options.seed,
    backend: options.backend,
    cores: availableParallelism(),
    node: process.versions.node.replace(/\..*/, ''),
    jobs: options.jobs,
    reports,
    offPolicy: withBandit ? await evaluateOffPolicy(join(context.dataDir, OFF_POLICY_DATASET), options.seed) : [],
    absent: wanted.filter((name) => !isHere(name)),
  };
  await writeFile(SCOREBOARD_JSON, scoreboardJson(board));
  await writeScoreboardPage();
}

runProgram(main);

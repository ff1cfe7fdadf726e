import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_DATA_DIR } from '../../src/datasets/dataset';
import { readNcfQuestions } from '../../src/datasets/ncf-questions';
import { rankCases } from '../../src/evaluation/evaluate-split';
import type { EvaluationContext } from '../../src/evaluation/evaluation-context';
import { fitInProcess, type FitRequest } from '../../src/evaluation/fit-model';
import { fitModels, optionsFor } from '../../src/evaluation/fit-models';
import { ndcgAt, reciprocalRankAt, type Rank } from '../../src/evaluation/metrics';
import { openStudy } from '../../src/evaluation/open-study';
import { noProgress } from '../../src/evaluation/progress';
import type { Split } from '../../src/evaluation/protocols';
import { hybridRanker, loadScorer, modelRanker, type Ranker } from '../../src/evaluation/rankers';
import type { TrainableModelName } from '../../src/models/model-catalogue';
import { systemClock } from '../../src/platform/clock';
import { BeckonError } from '../../src/platform/errors';
import { MODEL_NAMES } from '../../src/push/recommendation-list';
import { DEFAULT_BLEND } from '../../src/ranking/default-blend';

const context: EvaluationContext = {
  dataDir: DEFAULT_DATA_DIR,
  seed: 1,
  clock: systemClock,
  progress: noProgress,
  fit: fitInProcess(systemClock),
};

const present = existsSync(DEFAULT_DATA_DIR);
if (!present) process.stderr.write(`left out: figures on real data, because ${DEFAULT_DATA_DIR} is not there\n`);
/** Registers a test where the data sets are. */
const onRealData = (name: string, test: () => Promise<void>): void => {
  if (present) it(name, test, 180_000);
};

/** Mean over the cases of a metric of the next item's rank. */
function meanOf(split: Split, ranker: Ranker, metric: (rank: Rank) => number): number {
  const { cases } = rankCases(split, [ranker], 10).runs[0]!;
  return cases.reduce((sum, { ranks }) => sum + metric(ranks[0]!), 0) / cases.length;
}

onRealData('session-knn agrees with Serenade on its toy data, and is better with parameters chosen on validation', async () => {
  const study = await openStudy('serenade-toy', DEFAULT_DATA_DIR);
  const split = study.protocols[0]!.split('test');
  const reciprocalRank = async (model: TrainableModelName, options: FitRequest['options']): Promise<number> => {
    const fitted = await context.fit({ dataset: study.dataset, model, options, events: split.fit });
    return meanOf(split, modelRanker(loadScorer(fitted, split.index), split.candidates), (rank) => reciprocalRankAt(rank, 20));
  };
  expect(split.caseCount).toBe(931);
  const example = await reciprocalRank('session-knn', study.variants[0]!.options);
  expect(example).toBeGreaterThanOrEqual(0.3255);
  expect(example).toBeLessThanOrEqual(0.329);
  expect(await reciprocalRank('session-knn', optionsFor(study.dataset, 'session-knn', context))).toBeGreaterThanOrEqual(0.335);
  expect(await reciprocalRank('popular', {})).toBeCloseTo(0.0022, 4);
});

onRealData('the default blend reaches its mark on ml-100k', async () => {
  const study = await openStudy('ml-100k', DEFAULT_DATA_DIR);
  const splits = study.protocols.map((protocol) => protocol.split('test'));
  expect(splits.map(({ caseCount }) => caseCount)).toEqual([9924, 943]);
  const weighed = MODEL_NAMES.filter((name) => (DEFAULT_BLEND.weights[name] ?? 0) > 0);
  const ndcg = async (split: Split): Promise<number> => {
    const { fitted } = await fitModels(study, split, context, weighed);
    return meanOf(split, hybridRanker(fitted, DEFAULT_BLEND), (rank) => ndcgAt(rank, 10));
  };
  expect(await ndcg(splits[1]!)).toBeGreaterThanOrEqual(0.112);
});

onRealData('asks the NCF split as published: a repeated negative counts once', async () => {
  const questions = await readNcfQuestions(join(DEFAULT_DATA_DIR, 'ncf-ml-1m'));
  const lengths = questions.map(({ negatives }) => negatives.length);
  expect([lengths.length, lengths.filter((length) => length === 98).length, lengths.filter((length) => length === 99).length]).toEqual([
    6040, 156, 5884,
  ]);
});

it('says what can be evaluated', async () => {
  await expect(openStudy('nowhere', DEFAULT_DATA_DIR)).rejects.toThrow(BeckonError);
  await expect(openStudy('nowhere', DEFAULT_DATA_DIR)).rejects.toThrow('or one of ml-100k, ncf-ml-1m');
});

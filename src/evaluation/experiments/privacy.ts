import type { TrainableModelName } from '../../models/model-catalogue';
import { composedBudget, countNoise } from '../../models/item-knn/private-pairs';
import { itemKnn } from '../../models/item-knn/item-knn';
import { rankCases, summarise } from '../evaluate-split';
import type { EvaluationContext } from '../evaluation-context';
import { fitRequest } from '../fit-models';
import { itemFacts } from '../metric-table';
import { openStudy } from '../open-study';
import { loadScorer, modelRanker } from '../rankers';
import type { Study, StudyProtocol } from '../study';
import type { Experiment, ExperimentTable } from './experiment';

const DATASET = 'ml-100k';
const GOAL = { name: 'ndcg', k: 10 } as const;
const FLOORS = [1, 3, 5, 10, 20, 50];
const EPSILONS = [100, 30, 10, 3, 1];
/** Fits on the same people: one; a round of training; a day of hourly rounds; a year of daily ones. */
const FITS = [1, 3, 72, 1095];

interface Line {
  readonly name: string;
  readonly model: TrainableModelName;
  readonly options: Readonly<Record<string, unknown>>;
}

const floored: readonly Line[] = FLOORS.flatMap((minUsers) =>
  (['item-knn', 'user-knn', 'popular'] as const).map((model) => ({
    name: `${model}, k = ${minUsers}`,
    model,
    options: { minUsers },
  })),
);

/** The same counts without noise, so that what the bound and the noise cost can be told apart. */
const noisy: readonly Line[] = [
  { name: 'item-knn as it serves', model: 'item-knn', options: {} },
  { name: 'all items of a user, every pair once', model: 'item-knn', options: { minUsers: 2 } },
  ...EPSILONS.map((epsilon) => ({ name: `ε = ${epsilon}`, model: 'item-knn' as const, options: { epsilon, noiseSeed: '1' } })),
];

async function figures(study: Study, protocol: StudyProtocol, lines: readonly Line[], context: EvaluationContext): Promise<string[]> {
  const split = protocol.split('test');
  const rankers = [];
  for (const { model, options } of lines) {
    const fitted = await context.fit(fitRequest(study, split, model, options));
    rankers.push(modelRanker(loadScorer(fitted, split.index), split.candidates));
  }
  const run = rankCases(split, rankers, protocol.listSize);
  const facts = itemFacts(split, study.catalogue);
  return summarise(run, [GOAL], facts, context.seed).map(([figure]) => cell(figure));
}

const cell = (figure: { readonly value: number; readonly low: number; readonly high: number } | undefined): string =>
  figure === undefined ? '–' : `${figure.value.toFixed(4)} (${figure.low.toFixed(4)}–${figure.high.toFixed(4)})`;

async function table(study: Study, lines: readonly Line[], context: EvaluationContext): Promise<string[][]> {
  const columns: string[][] = [];
  for (const protocol of study.protocols) columns.push(await figures(study, protocol, lines, context));
  return lines.map(({ name }, n) => [name, ...columns.map((column) => column[n]!)]);
}

async function run(context: EvaluationContext): Promise<readonly ExperimentTable[]> {
  const study = await openStudy(DATASET, context.dataDir);
  const columns = ['', ...study.protocols.map(({ protocol }) => `NDCG@10, ${protocol}`)];
  const noise = EPSILONS.map((epsilon) => countNoise({ ...itemKnn.defaults, epsilon }, itemKnn.defaults));
  const scale = EPSILONS.map(
    (epsilon, n) => `ε = ${epsilon}: σ = ${noise[n]!.sigma.toFixed(2)}, shown from ${noise[n]!.threshold.toFixed(1)} users on`,
  );
  const { delta } = itemKnn.defaults;
  const spent = EPSILONS.map((epsilon) => [
    `ε = ${epsilon}`,
    ...FITS.map((fits) => {
      const sum = composedBudget({ epsilon, delta }, fits);
      return `${sum.epsilon.toPrecision(3)}, ${sum.delta.toExponential(1)}`;
    }),
  ]);
  return [
    {
      text: `A floor for counts: items and pairs of items that fewer than k users had are not counted, and what fewer than k of the nearest users had gets no score. ${DATASET}, test parts, 95 % bootstrap interval over users. One attempt, nothing was tuned.`,
      columns,
      rows: await table(study, floored, context),
    },
    {
      text: `Noise on the counts of item-knn: (ε, δ)-differential privacy at the level of users for one fit, δ = 10⁻⁶, at most ${itemKnn.defaults.itemsOfUser} newest items of a user (${scale.join('; ')}). 943 users are few: the noise is the same for a million, and so is the number of users from which a count is shown. One attempt, nothing was tuned.`,
      columns,
      rows: await table(study, noisy, context),
    },
    {
      text: `What noise promises of somebody who is in the history of several fits: ε, δ of all of them together, by zCDP. A round of training makes at most three fits: two of item-knn, and one within the hybrid.`,
      columns: ['each fit, δ = 10⁻⁶', '1 fit', '3: a round', '72: a day of hourly rounds', '1,095: a year of daily rounds'],
      rows: spent,
    },
  ];
}

export const privacyExperiment: Experiment = {
  name: 'privacy',
  title: 'Privacy: what a floor and noise on counts cost',
  datasets: [DATASET],
  run,
};

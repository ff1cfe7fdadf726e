import { rowOf, type FeatureTable } from '../../../profile/traits/behaviour-features';
import { fitClassifier } from '../../../profile/traits/fit-classifier';
import { stratifiedFolds } from '../../../profile/traits/folds';
import { scaled, scalingOf } from '../../../profile/traits/linear';
import { fitLogistic, logisticProbability } from '../../../profile/traits/logistic';
import { areaUnderCurve, calibrationError, mean, squaredErrors } from '../../../profile/traits/reliability';
import { probabilityOf } from '../../../profile/traits/trait-classifier';
import { seededRandom } from '../../../platform/random';
import { bootstrapDifference, quantile, type Estimate } from '../../bootstrap';
import type { ExperimentTable } from '../experiment';

const OUTER_FOLDS = 10;
/** Of the logistic regression; chosen beforehand. */
const L2 = 0.01;

interface Learned {
  readonly table: FeatureTable;
  readonly labels: Uint8Array;
  readonly seen: readonly number[];
}

/** Probability of a row of the table, by a model of the users in `seen`. */
type Contender = (learned: Learned, seed: number) => (user: number) => number;

const CONTENDERS: Readonly<Record<string, Contender>> = {
  'majority class': ({ labels, seen }) => {
    const share = mean(seen.map((k) => labels[k]!));
    return () => share;
  },
  'logistic regression': ({ table, labels, seen }) => {
    const rows = seen.map((k) => rowOf(table, k));
    const scaling = scalingOf(table.features, rows);
    const fitted = fitLogistic(
      rows.map((row) => scaled(scaling, row)),
      seen.map((k) => labels[k]!),
      { l2: L2 },
    );
    return (user) => logisticProbability(fitted, scaled(scaling, rowOf(table, user)));
  },
  'decision tree': (learned, seed) => byClassifier('tree', learned, seed),
  'linear SVM': (learned, seed) => byClassifier('svm', learned, seed),
};

function byClassifier(model: 'tree' | 'svm', { table, labels, seen }: Learned, seed: number): (user: number) => number {
  const rows = seen.map((k) => rowOf(table, k));
  const { classifier } = fitClassifier(model, { features: table.features, rows, labels: seen.map((k) => labels[k]!) }, seed);
  return (user) => probabilityOf(classifier, rowOf(table, user));
}

export interface Question {
  readonly attribute: string;
  readonly value: string;
  /** [rows of the table] 1: the user declared the value. */
  readonly labels: Uint8Array;
}

/** One row a question and contender: the probability of each user comes from models and calibrations of the other nine folds. */
export function tellAttributes(table: FeatureTable, questions: readonly Question[], seed: number): ExperimentTable {
  const rows = questions.flatMap(({ attribute, value, labels }) => {
    const probabilities = new Map(
      Object.entries(CONTENDERS).map(([name, contender]) => [name, heldOut(contender, { table, labels }, seed)]),
    );
    const ofShare = squaredErrors(probabilities.get('majority class')!, labels);
    const positives = labels.reduce((sum, label) => sum + label, 0);
    return [...probabilities].map(([name, of]) => [
      `${attribute} is ${value} (${positives} of ${labels.length}): ${name}`,
      intervalText(aucInterval(of, labels, seed)),
      short(mean(squaredErrors(of, labels))),
      name === 'majority class' ? '–' : intervalText(gainOf(ofShare, squaredErrors(of, labels), seed)),
      name === 'majority class' ? '–' : short(calibrationError(of, labels)),
    ]);
  });
  return {
    text:
      'What can be told of 943 users of ml-100k from which genres they rated (how often, as what share, how much in all, in the 30 days before their newest rating)? ' +
      `Cross-validated: ${OUTER_FOLDS} folds, calibration inside each fit; 95 % bootstrap intervals over users; the Brier gain is over the majority class, and what decides ` +
      'whether a trait may be inferred at all. One attempt: cost, depth, penalty and features were set before the first run.',
    columns: ['', 'AUC', 'Brier score', 'Brier gain', 'calibration error'],
    rows,
  };
}

function heldOut(contender: Contender, { table, labels }: Pick<Learned, 'table' | 'labels'>, seed: number): Float64Array {
  const fold = stratifiedFolds(labels, { folds: OUTER_FOLDS, seed });
  const all = Array.from(labels, (_, k) => k);
  const probabilities = new Float64Array(labels.length);
  for (let f = 0; f < OUTER_FOLDS; f++) {
    const probability = contender({ table, labels, seen: all.filter((k) => fold[k] !== f) }, seed);
    for (const k of all) if (fold[k] === f) probabilities[k] = probability(k);
  }
  return probabilities;
}

function gainOf(before: Float64Array, after: Float64Array, seed: number): Estimate {
  const users = Int32Array.from(before, (_, k) => k);
  return bootstrapDifference(before, after, users, { seed });
}

/** AUC with its percentile bootstrap interval over users. Majority classes of folds differ a little by chance, which says nothing: without any order it is ½. */
function aucInterval(probabilities: Float64Array, labels: Uint8Array, seed: number): Estimate {
  if (new Set(probabilities).size <= OUTER_FOLDS) return { value: 0.5, low: 0.5, high: 0.5 };
  const random = seededRandom(seed);
  const drawn = Float64Array.from({ length: 1000 }, () => {
    const users = Array.from(labels, () => Math.floor(random() * labels.length));
    return areaUnderCurve(
      users.map((k) => probabilities[k]!),
      users.map((k) => labels[k]!),
    );
  }).sort();
  return { value: areaUnderCurve(probabilities, labels), low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

export const short = (value: number): string => String(Number(value.toPrecision(4)));
export const intervalText = ({ value, low, high }: Estimate): string =>
  low === high ? short(value) : `${short(value)} (${short(low)} to ${short(high)})`;

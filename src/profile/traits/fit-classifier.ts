import type { Feature } from './behaviour-features';
import { fitDecisionTree } from './fit-decision-tree';
import { fitLinearSvm } from './fit-linear-svm';
import { stratifiedFolds } from './folds';
import { fitPlatt, plattProbability } from './platt';
import { mean } from './reliability';
import type { TraitModel } from './trait-settings';
import { scoreOf, type TraitClassifier } from './trait-classifier';

/** Users to learn from: rows of features, and 1 for those with the value. */
export interface LabelledRows {
  readonly features: readonly Feature[];
  readonly rows: readonly ArrayLike<number>[];
  readonly labels: ArrayLike<number>;
}

export const FOLDS = 5;

export interface FittedClassifier {
  readonly classifier: TraitClassifier;
  /** Of each user, from models and a calibration that have not seen that user. */
  readonly heldOut: {
    readonly probabilities: Float64Array;
    /** Share of 1s among the users that each was told from: what the majority class says. */
    readonly shares: Float64Array;
  };
}

const FITS: Readonly<Record<TraitModel, (learned: LabelledRows) => TraitClassifier['score']>> = {
  tree: ({ rows, labels }) => ({ model: 'tree', tree: fitDecisionTree(rows, labels) }),
  svm: ({ features, rows, labels }) => ({ model: 'svm', linear: fitLinearSvm(features, rows, labels) }),
};

const pick = <T>(values: ArrayLike<T>, wanted: readonly number[]): T[] => wanted.map((k) => values[k]!);

/**
 * A classifier of these users with its calibration: scores of each fold are of a model that has not seen it, and a Platt scaling is fitted on all of them; the
 * model that serves has seen all users. What is reported of a fold is by a scaling that has not seen it either. Deterministic in the seed.
 * Both labels must be there at least `FOLDS` times.
 */
export function fitClassifier(model: TraitModel, learned: LabelledRows, seed: number): FittedClassifier {
  const { rows, labels, features } = learned;
  const fold = stratifiedFolds(labels, { folds: FOLDS, seed });
  const all = rows.map((_, k) => k);
  const scores = new Float64Array(rows.length);
  const shares = new Float64Array(rows.length);
  const others = Array.from({ length: FOLDS }, (_, f) => all.filter((k) => fold[k] !== f));
  others.forEach((seen, f) => {
    const score = FITS[model]({ features, rows: pick(rows, seen), labels: pick(labels, seen) });
    const share = mean(pick(labels, seen));
    for (const k of all) {
      if (fold[k] !== f) continue;
      scores[k] = scoreOf(score, rows[k]!);
      shares[k] = share;
    }
  });
  const scalings = others.map((seen) => fitPlatt(pick(scores, seen), pick(labels, seen)));
  return {
    classifier: { score: FITS[model](learned), platt: fitPlatt(scores, labels) },
    heldOut: { probabilities: Float64Array.from(scores, (score, k) => plattProbability(scalings[fold[k]!]!, score)), shares },
  };
}

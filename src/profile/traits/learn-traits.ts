import { bootstrapDifference } from '../../evaluation/bootstrap';
import { seededRandom } from '../../platform/random';
import { shuffled } from '../../platform/shuffle';
import { rowOf, type FeatureTable } from './behaviour-features';
import { fitClassifier, type LabelledRows } from './fit-classifier';
import { areaUnderCurve, calibrationError, mean, squaredErrors } from './reliability';
import type { TraitClassifier } from './trait-classifier';
import type { TraitReport } from './trait-report';
import { TRAIT_MODELS, type TraitModel, type TraitSettings } from './trait-settings';

/** What infers one value. */
export interface LearnedValue {
  readonly attribute: string;
  readonly value: string;
  readonly classifier: TraitClassifier;
}

export interface LearnedTraits {
  readonly values: readonly LearnedValue[];
  readonly reports: readonly TraitReport[];
}

/** More users say little more, and cost time. */
const MOST_USERS = 4000;
const MOST_VALUES = 20;

export interface LearnInput {
  readonly table: FeatureTable;
  /** Attribute → value by row of the table, of the users who declared it and let it be used; of others undefined. */
  readonly declared: ReadonlyMap<string, readonly (string | undefined)[]>;
  readonly settings: Pick<TraitSettings, 'model' | 'fewestUsers'>;
  readonly seed: number;
}

/**
 * For each value that enough users declared, what tells them from those who declared another, where that is better than knowing only how
 * frequent the value is: its Brier score on users held out is smaller, with a 95 % interval above 0. Deterministic in the seed.
 */
export function learnTraits({ table, declared, settings, seed }: LearnInput): LearnedTraits {
  const values: LearnedValue[] = [];
  const reports: TraitReport[] = [];
  if (table.features.length === 0) return { values, reports };
  for (const [attribute, byRow] of declared) {
    for (const value of valuesOf(byRow, settings.fewestUsers)) {
      const trials = modelsOf(settings.model).map((model) => trial({ attribute, value, model }, labelled(table, byRow, value, seed), seed));
      const best = trials.filter(({ report }) => report.low > 0).sort((a, b) => a.report.brier - b.report.brier)[0];
      if (best) values.push({ attribute, value, classifier: best.classifier });
      reports.push(...trials.map((one) => ({ ...one.report, used: one === best })));
    }
  }
  return { values, reports };
}

const modelsOf = (model: TraitSettings['model']): readonly TraitModel[] => (model === 'best' ? TRAIT_MODELS : [model]);

/** Values that at least `fewest` users have and `fewest` do not, the most frequent first (ties: by name). */
function valuesOf(byRow: readonly (string | undefined)[], fewest: number): string[] {
  const counts = new Map<string, number>();
  for (const value of byRow) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts]
    .filter(([, count]) => count >= fewest && all - count >= fewest)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_VALUES)
    .map(([value]) => value);
}

function labelled(table: FeatureTable, byRow: readonly (string | undefined)[], value: string, seed: number): LabelledRows {
  const known = byRow.flatMap((held, user) => (held === undefined ? [] : [user]));
  const drawn = shuffled(known, seededRandom(seed)).slice(0, MOST_USERS);
  return {
    features: table.features,
    rows: drawn.map((user) => rowOf(table, user)),
    labels: drawn.map((user) => (byRow[user] === value ? 1 : 0)),
  };
}

interface Trial {
  readonly classifier: TraitClassifier;
  readonly report: TraitReport;
}

function trial(what: Pick<TraitReport, 'attribute' | 'value' | 'model'>, learned: LabelledRows, seed: number): Trial {
  const { classifier, heldOut } = fitClassifier(what.model, learned, seed);
  const { labels } = learned;
  const ofShare = squaredErrors(heldOut.shares, labels);
  const errors = squaredErrors(heldOut.probabilities, labels);
  const users = Int32Array.from(errors, (_, k) => k);
  const { value: gain, low, high } = bootstrapDifference(ofShare, errors, users, { seed });
  return {
    classifier,
    report: {
      ...what,
      users: labels.length,
      positives: Array.from(labels).reduce((sum, label) => sum + label, 0),
      auc: areaUnderCurve(heldOut.probabilities, labels),
      brier: mean(errors),
      brierOfShare: mean(ofShare),
      gain,
      low,
      high,
      calibrationError: calibrationError(heldOut.probabilities, labels),
      used: false,
    },
  };
}

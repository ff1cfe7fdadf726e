import type { ModelName } from '../push/recommendation-list';
import { bootstrapDifference, type Estimate } from './bootstrap';
import { caseValues, type RankingRun } from './evaluate-split';
import { labelOf, type ItemFacts, type MetricSpec } from './metric-table';

/** Mean of this model's value less the other's, on the same cases; above 0: better. The 95 % interval is paired, over users. */
export interface Difference extends Estimate {
  readonly model: ModelName;
  readonly against: ModelName;
  readonly metric: string;
}

export interface Compared {
  readonly run: RankingRun;
  /** [rankers] */
  readonly models: readonly ModelName[];
  /** One that has a value for each case. */
  readonly metric: MetricSpec;
  readonly facts: ItemFacts;
  readonly seed: number;
}

/**
 * The hybrid against the best single model by this very metric (ties: the first), where both are there; then every other model against popularity,
 * in their order.
 */
export function compareRows({ run, models, metric, facts, seed }: Compared): Difference[] {
  const values = models.map((_, r) => caseValues(run, r, metric, facts).values);
  const difference = (r: number, other: number): Difference => ({
    model: models[r]!,
    against: models[other]!,
    metric: labelOf(metric),
    ...bootstrapDifference(values[r]!, values[other]!, run.users, { seed }),
  });
  const sums = values.map((ofModel) => ofModel.reduce((sum, value) => sum + value, 0));
  const hybrid = models.indexOf('hybrid');
  const popular = models.indexOf('popular');
  const singles = models.flatMap((model, r) => (model === 'hybrid' ? [] : [r]));
  const best = singles.reduce<number | undefined>((top, r) => (top === undefined || sums[r]! > sums[top]! ? r : top), undefined);
  const others = models.flatMap((_, r) => (r === popular || popular < 0 ? [] : [r]));
  return [...(hybrid < 0 || best === undefined ? [] : [difference(hybrid, best)]), ...others.map((r) => difference(r, popular))];
}

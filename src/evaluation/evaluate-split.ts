import { bootstrapMean, type Estimate } from './bootstrap';
import { labelOf, METRICS, recommendedCounts, type ItemFacts, type Metric, type MetricSpec, type RankedRun } from './metric-table';
import type { EvaluationCase, Split } from './protocols';
import { TargetRanker, type RankedCase } from './rank-targets';
import type { Ranker } from './rankers';

/** One figure of the table. `low` and `high`: the 95 % bootstrap interval over users; equal to `value` for a metric of a whole run. */
export interface Figure extends Estimate {
  /** Name and cut-off, e.g. `ndcg@10`. */
  readonly metric: string;
}

/** What several rankers did on the same cases. */
export interface RankingRun {
  /** [cases] */
  readonly users: Int32Array;
  readonly asked: readonly EvaluationCase[];
  /** [rankers] */
  readonly runs: readonly RankedRun[];
}

/** Asks every ranker every case of the split. `onCase` is told the number of cases done. */
export function rankCases(
  { cases, caseCount, candidates }: Split,
  rankers: readonly Ranker[],
  listSize: number,
  onCase?: (done: number) => void,
): RankingRun {
  const users = new Int32Array(caseCount);
  const askedCases: EvaluationCase[] = [];
  const ranked = rankers.map((): RankedCase[] => []);
  const targetRanker = new TargetRanker(candidates, listSize);
  for (const asked of cases()) {
    users[askedCases.length] = asked.user;
    askedCases.push(asked);
    rankers.forEach((ranker, r) => ranked[r]!.push(targetRanker.rank(asked, ranker.score(asked.query))));
    onCase?.(askedCases.length);
  }
  return { users, asked: askedCases, runs: ranked.map((run) => ({ cases: run, candidates })) };
}

/** A metric of cases, case by case: those that say something, with their users. */
export interface CaseValues {
  readonly values: Float64Array;
  readonly users: Int32Array;
}

/** The values of the r-th ranker. @throws TypeError for a metric of whole runs. */
export function caseValues({ runs, asked, users }: RankingRun, r: number, { name, k }: MetricSpec, facts: ItemFacts): CaseValues {
  const metric: Metric = METRICS[name];
  if (!('perCase' in metric)) throw new TypeError(`${name} has no value of one case`);
  const all = runs[r]!.cases.map((ranked, c) => metric.perCase({ ranked, asked: asked[c]!, k, facts }));
  return {
    values: Float64Array.from(all.filter((value) => value !== undefined)),
    users: users.filter((_, c) => all[c] !== undefined),
  };
}

/** [rankers][metrics] the figures of a run; a metric about which no case says anything is left out. The same seed gives the same intervals. */
export function summarise(run: RankingRun, metrics: readonly MetricSpec[], facts: ItemFacts, seed: number): Figure[][] {
  return run.runs.map((ranked, r) =>
    metrics.flatMap((spec): Figure[] => {
      const metric: Metric = METRICS[spec.name];
      if ('perRun' in metric) {
        const value = metric.perRun(recommendedCounts(ranked, spec.k));
        return [{ metric: labelOf(spec), value, low: value, high: value }];
      }
      const { values, users } = caseValues(run, r, spec, facts);
      return values.length === 0 ? [] : [{ metric: labelOf(spec), ...bootstrapMean(values, users, { seed }) }];
    }),
  );
}

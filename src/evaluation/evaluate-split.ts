import type { ModelName } from '../push/recommendation-list';
import { bootstrapMean, type Estimate } from './bootstrap';
import { coverage, hitAt, ndcgAt, recallAt, reciprocalRankAt, type Rank } from './metrics';
import type { Split } from './protocols';
import { TargetRanker } from './rank-targets';
import type { Ranker } from './rankers';

/** One figure of the table. `low` and `high`: the 95 % bootstrap interval over users; equal to `value` for coverage, which is no mean. */
export interface EvaluationResult extends Estimate {
  readonly protocol: string;
  readonly model: ModelName;
  /** Name and cut-off, e.g. `ndcg@10`. */
  readonly metric: string;
  /** Wall time of fitting, without reading the data. */
  readonly fitSeconds: number;
}

export const METRIC_NAMES = ['hr', 'ndcg', 'mrr', 'recall', 'coverage'] as const;
export interface MetricSpec {
  readonly name: (typeof METRIC_NAMES)[number];
  readonly k: number;
}

/** What one ranker did on every case, in their order. */
export interface RankedCases {
  readonly ranker: Ranker;
  /** [cases] rank of the next item. */
  readonly ranks: Float64Array;
  /** [cases][targets] ranks of all right items. */
  readonly allRanks: readonly (readonly Rank[])[];
  /** Rows that were on at least one list of `listSize`. */
  readonly recommended: ReadonlySet<number>;
}

export interface RankingRun {
  /** [cases] */
  readonly users: Int32Array;
  readonly rankers: readonly RankedCases[];
}

/** Asks every ranker every case of the split. `onCase` is told the number of cases done. */
export function rankCases(split: Split, rankers: readonly Ranker[], listSize: number, onCase?: (done: number) => void): RankingRun {
  const users = new Int32Array(split.caseCount);
  const runs = rankers.map((ranker) => ({
    ranker,
    ranks: new Float64Array(split.caseCount),
    allRanks: [] as Rank[][],
    recommended: new Set<number>(),
  }));
  const targetRanker = new TargetRanker(split.candidates, listSize);
  let done = 0;
  for (const asked of split.cases()) {
    users[done] = asked.user;
    for (const { ranker, ranks, allRanks, recommended } of runs) {
      const all = targetRanker.rank(asked, ranker.score(asked.query), (row) => recommended.add(row));
      ranks[done] = all[0] ?? Infinity;
      allRanks.push(all);
    }
    done++;
    onCase?.(done);
  }
  return { users, rankers: runs };
}

/** The figures of a run. The same seed gives the same intervals. */
export function summarise(split: Split, { users, rankers }: RankingRun, metrics: readonly MetricSpec[], seed: number): EvaluationResult[] {
  return rankers.flatMap((run) =>
    metrics.map((spec) => ({
      protocol: split.protocol,
      model: run.ranker.model,
      metric: `${spec.name}@${spec.k}`,
      ...estimate(spec, run, users, split.candidates, seed),
      fitSeconds: run.ranker.fitSeconds,
    })),
  );
}

function estimate({ name, k }: MetricSpec, run: RankedCases, users: Int32Array, candidates: number, seed: number): Estimate {
  const mean = (values: ArrayLike<number>): Estimate => bootstrapMean(values, users, { seed });
  switch (name) {
    case 'hr':
      return mean(run.ranks.map((rank) => hitAt(rank, k)));
    case 'ndcg':
      return mean(run.ranks.map((rank) => ndcgAt(rank, k)));
    case 'mrr':
      return mean(run.ranks.map((rank) => reciprocalRankAt(rank, k)));
    case 'recall':
      return mean(run.allRanks.map((ranks) => recallAt(ranks, k)));
    case 'coverage': {
      const value = coverage(run.recommended, candidates);
      return { value, low: value, high: value };
    }
  }
}

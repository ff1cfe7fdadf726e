import type { NewItem } from '../catalogue/catalogue';
import { auc, averagePrecisionAt, hitAt, ndcgAt, ndcgOfAllAt, precisionAt, recallAt, reciprocalRankAt } from './metrics';
import { calibrationDivergence } from './metrics/calibration';
import { coverageOfCounts, gini } from './metrics/concentration';
import { intraListDiversity } from './metrics/intra-list-diversity';
import { novelty, selfInformation } from './metrics/novelty';
import { rowCategories, type RowCategories } from './metrics/row-categories';
import type { EvaluationCase, Split } from './protocols';
import type { RankedCase } from './rank-targets';

/** What one ranker did on every case of a split, in their order. */
export interface RankedRun {
  readonly cases: readonly RankedCase[];
  /** How many rows there are to be recommended. */
  readonly candidates: number;
}

/** What metrics of lists must know of the items. */
export interface ItemFacts {
  /** [candidates] bits. */
  readonly information: Float64Array;
  readonly categories: RowCategories;
}

export const itemFacts = ({ fit, index, candidates }: Split, catalogue: readonly NewItem[]): ItemFacts => ({
  information: selfInformation(fit, index, candidates),
  categories: rowCategories(catalogue, index),
});

/** A case with what came of it; `k` is the cut-off. */
interface CountedCase {
  readonly ranked: RankedCase;
  readonly asked: EvaluationCase;
  readonly k: number;
  readonly facts: ItemFacts;
}

/**
 * A metric of one case, whose mean over the cases is reported with its interval (`undefined`: the case says nothing), or of a whole run, which is
 * no mean and has none.
 */
export type Metric =
  { readonly perCase: (counted: CountedCase) => number | undefined } | { readonly perRun: (counts: Uint32Array) => number };

/** Rank of the next item, which HR, NDCG and MRR are about. */
const next = ({ ranks }: RankedCase): number => ranks[0] ?? Infinity;

/** Every metric by name: what it is, and its source, stand with the functions. One that joins is one line here. */
export const METRICS = {
  hr: { perCase: ({ ranked, k }) => hitAt(next(ranked), k) },
  ndcg: { perCase: ({ ranked, k }) => ndcgAt(next(ranked), k) },
  mrr: { perCase: ({ ranked, k }) => reciprocalRankAt(next(ranked), k) },
  recall: { perCase: ({ ranked, k }) => recallAt(ranked.ranks, k) },
  precision: { perCase: ({ ranked, k }) => precisionAt(ranked.ranks, k) },
  'ndcg-all': { perCase: ({ ranked, k }) => ndcgOfAllAt(ranked.ranks, k) },
  map: { perCase: ({ ranked, k }) => averagePrecisionAt(ranked.ranks, k) },
  auc: { perCase: ({ ranked }) => auc(ranked.ranks, ranked.ranked) },
  novelty: { perCase: ({ ranked, k, facts }) => novelty(ranked.list.slice(0, k), facts.information) },
  diversity: { perCase: ({ ranked, k, facts }) => intraListDiversity(ranked.list.slice(0, k), facts.categories) },
  miscalibration: {
    perCase: ({ ranked, asked, k, facts }) => calibrationDivergence(asked.query.history, ranked.list.slice(0, k), facts.categories),
  },
  coverage: { perRun: coverageOfCounts },
  gini: { perRun: gini },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** A metric with its cut-off (Infinity: none). */
export interface MetricSpec {
  readonly name: MetricName;
  readonly k: number;
}

/** `ndcg@10`, or the name alone where there is no cut-off. */
export const labelOf = ({ name, k }: MetricSpec): string => (k === Infinity ? name : `${name}@${k}`);

/** [candidates] how often each row was among the first k of a list. */
export function recommendedCounts({ cases, candidates }: RankedRun, k: number): Uint32Array {
  const counts = new Uint32Array(candidates);
  for (const { list } of cases) for (const row of list.slice(0, k)) counts[row]!++;
  return counts;
}

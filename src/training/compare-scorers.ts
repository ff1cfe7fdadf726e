import { bootstrapMean } from '../evaluation/bootstrap';
import { ndcgAt } from '../evaluation/metrics';
import type { EvaluationCase } from '../evaluation/protocols';
import { TargetRanker } from '../evaluation/rank-targets';
import type { ScoringQuery } from '../models/model';
import type { Scorer } from '../models/model';
import { SparseScores } from '../models/sparse-scores';
import type { ModelCheck } from './model-store';

const CUT_OFF = 10;
/** About as many as a blend asks of each model by default: what lies below them is not on a list. */
const CANDIDATES = 300;
const SEED = 1;

/** Something that scores candidates; what it does not score ties at the bottom. */
export type ScoreCases = (query: ScoringQuery) => SparseScores;

/** NDCG@10 of each case, in the full ranking of rows 0 … candidates − 1 without those the user had: as `npm run evaluate` counts it. */
export function ndcgOfCases(score: ScoreCases, cases: readonly EvaluationCase[], candidates: number): Float64Array {
  const ranker = new TargetRanker(candidates, CUT_OFF);
  return Float64Array.from(cases, (asked) => ndcgAt(ranker.rank(asked, score(asked.query)).ranks[0] ?? Infinity, CUT_OFF));
}

/** A scorer as it serves. */
export function scoresOf(scorer: Scorer): ScoreCases {
  const scores = new SparseScores();
  return (query) => {
    scores.clear();
    scorer.score(query, scores, CANDIDATES);
    return scores;
  };
}

export interface Comparison {
  readonly fresh: ScoreCases;
  readonly live: ScoreCases;
  /** Version of the live one. */
  readonly against: string;
  readonly cases: readonly EvaluationCase[];
  /** Rows that are ranked. */
  readonly candidates: number;
}

/**
 * Whether a new version may take the place of the live one: not when it is worse with confidence, i.e. when the whole 95 % interval of
 * the paired difference of NDCG@10 (bootstrap over users) lies below zero. Deterministic.
 */
export function compareScorers({ fresh, live, against, cases, candidates }: Comparison): ModelCheck {
  const ofNew = ndcgOfCases(fresh, cases, candidates);
  const ofLive = ndcgOfCases(live, cases, candidates);
  const users = Int32Array.from(cases, ({ user }) => user);
  const differences = ofNew.map((value, k) => value - ofLive[k]!);
  const { value: difference, low, high } = bootstrapMean(differences, users, { seed: SEED });
  const figures = { against, cases: cases.length, ndcgNew: mean(ofNew), ndcgLive: mean(ofLive), difference, low, high };
  return high < 0
    ? { decision: 'rejected', reason: 'worse than the live version: the interval of the difference lies below zero', ...figures }
    : { decision: 'accepted', reason: 'not worse than the live version with confidence', ...figures };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

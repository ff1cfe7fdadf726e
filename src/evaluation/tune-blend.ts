import type { Scorer, ScoringQuery } from '../models/model';
import { SparseScores } from '../models/sparse-scores';
import { BlendScratch, fuse, FUSIONS, type BlendSettings, type Fusion } from '../ranking/blend';
import { DEFAULT_BLEND } from '../ranking/default-blend';
import { BLENDED_MODELS } from '../ranking/surface-settings';
import { coordinateAscent, type Found } from './coordinate-ascent';
import type { EvaluationContext } from './evaluation-context';
import { ndcgAt } from './metrics';
import { fitModels } from './fit-models';
import { openStudy } from './open-study';
import { withProgress } from './progress';
import type { EvaluationCase, Split } from './protocols';
import { TargetRanker } from './rank-targets';
import type { FittedScorer } from './rankers';

/** What a model must add to NDCG@10 on validation to be worth its cost in every list. */
export const JOINING_MARGIN = 0.0005;
/** Every n-th case of a large validation part: bounds the memory of remembered scores at about 150 MB. */
const MOST_CASES = 2_500;
const WEIGHTS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2] as const;

type BlendedModel = (typeof BLENDED_MODELS)[number];
type Weights = Readonly<Record<BlendedModel, number>>;
export type FoundBlend = Found<Weights> & { readonly fusion: Fusion; readonly ndcg: number };

/** A scorer that says again what another said to these very queries: so that many blends of the same scores can be tried. */
function remember({ name, score }: Pick<Scorer, 'name' | 'score'>, queries: Iterable<ScoringQuery>, limit: number): Scorer {
  const scores = new SparseScores();
  const said = new Map<ScoringQuery, { readonly rows: Int32Array; readonly values: Float64Array }>();
  for (const query of queries) {
    scores.clear();
    score(query, scores, limit);
    said.set(query, { rows: Int32Array.from(scores.rows), values: Float64Array.from(scores.rows, (row) => scores.get(row)) });
  }
  return {
    name,
    score(query, into) {
      const { rows, values } = said.get(query)!;
      for (let k = 0; k < rows.length; k++) into.add(rows[k]!, values[k]!);
    },
  };
}

interface RememberedSplit {
  readonly cases: readonly EvaluationCase[];
  readonly scorers: readonly Scorer[];
  readonly ranker: TargetRanker;
}

function rememberSplit(split: Split, fitted: readonly FittedScorer[], limit: number): RememberedSplit {
  const every = Math.ceil(split.caseCount / MOST_CASES);
  const cases = [...split.cases()].filter((_, k) => k % every === 0);
  const queries = cases.map(({ query }) => query);
  const scorers = fitted.map(({ scorer }) => remember({ name: scorer.name, score: scorer.score.bind(scorer) }, queries, limit));
  return { cases, scorers, ranker: new TargetRanker(split.candidates, 1) };
}

/** Mean NDCG@10 of a blend, by the function that serves. */
function meanNdcg({ cases, scorers, ranker }: RememberedSplit, settings: BlendSettings, scratch: BlendScratch): number {
  let sum = 0;
  for (const asked of cases) {
    const [rank = Infinity] = ranker.rank(asked, fuse(scorers, asked.query, settings, scratch)).ranks;
    sum += ndcgAt(rank, 10);
  }
  return sum / cases.length;
}

/**
 * The weights and fusion with the best mean of both protocols' NDCG@10 on their *validation* parts, less the margin for each model that
 * joins. Coordinate ascent from equal weights, for each fusion; no test event is looked at. Deterministic: what serves now does not matter.
 */
export async function tuneBlend(name: string, context: EvaluationContext): Promise<FoundBlend> {
  const study = await openStudy(name, context.dataDir);
  const { candidatesPerModel } = DEFAULT_BLEND;
  const splits: RememberedSplit[] = [];
  for (const protocol of study.protocols) {
    const split = protocol.split('valid');
    splits.push(rememberSplit(split, (await fitModels(study, split, context)).fitted, candidatesPerModel));
  }
  const scratch = new BlendScratch();
  const ndcgOf = (weights: Weights, fusion: Fusion): number =>
    splits.reduce((sum, split) => sum + meanNdcg(split, { weights, fusion, candidatesPerModel }, scratch), 0) / splits.length;
  const joined = (weights: Weights): number => Object.values(weights).filter((weight) => weight > 0).length;

  const start = everyModel(() => 1);
  const space = everyModel(() => WEIGHTS);
  return withProgress(context.progress, 'blends', FUSIONS.length, async (update) => {
    const found: FoundBlend[] = [];
    for (const fusion of FUSIONS) {
      update(found.length);
      const best = await coordinateAscent<Weights>(space, start, (weights) => ndcgOf(weights, fusion) - JOINING_MARGIN * joined(weights));
      found.push({ ...best, fusion, ndcg: ndcgOf(best.point, fusion) });
    }
    return found.reduce((best, next) => (next.value > best.value ? next : best));
  });
}

const everyModel = <T>(valueOf: (model: BlendedModel) => T): Record<BlendedModel, T> =>
  Object.fromEntries(BLENDED_MODELS.map((model) => [model, valueOf(model)])) as Record<BlendedModel, T>;

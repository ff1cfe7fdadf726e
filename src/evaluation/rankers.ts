import type { ItemIndex } from '../models/item-index';
import type { Scorer, ScoringQuery, TrainingEvents } from '../models/model';
import type { TrainableModel } from '../models/model-catalogue';
import { SparseScores } from '../models/sparse-scores';
import type { Clock } from '../platform/clock';
import type { ModelName } from '../push/recommendation-list';
import { BlendScratch, fuse, type BlendSettings } from '../ranking/blend';

/** Something that scores all candidates of a query; what it does not score ties at the bottom. */
export interface Ranker {
  readonly model: ModelName;
  readonly fitSeconds: number;
  /** Scores that are valid until the next call. */
  score(query: ScoringQuery): SparseScores;
}

export interface FittedScorer {
  readonly scorer: Scorer;
  readonly fitSeconds: number;
}

export interface FitInput {
  readonly events: TrainingEvents;
  readonly index: ItemIndex;
  readonly clock: Clock;
}

/** The model fitted on these events and joined to the index, with the time that took by the clock. */
export async function fitScorer(model: TrainableModel, { events, index, clock }: FitInput): Promise<FittedScorer> {
  const start = clock.now();
  const scorer = model.scorer(await model.fit(events), index);
  if (scorer === undefined) throw new Error(`${model.name} gives no scorer for its own snapshot`);
  return { scorer, fitSeconds: (clock.now() - start) / 1000 };
}

/** One model alone, asked for every one of `candidates`. */
export function modelRanker({ scorer, fitSeconds }: FittedScorer, candidates: number): Ranker {
  const scores = new SparseScores(candidates);
  return {
    model: scorer.name,
    fitSeconds,
    score(query) {
      scores.clear();
      scorer.score(query, scores, candidates);
      return scores;
    },
  };
}

/** The blend as it serves: the same function, settings and limits on candidates. Its fit is that of the models that it weighs. */
export function hybridRanker(fitted: readonly FittedScorer[], settings: BlendSettings): Ranker {
  const weighed = fitted.filter(({ scorer }) => (settings.weights[scorer.name] ?? 0) > 0);
  const scorers = weighed.map(({ scorer }) => scorer);
  const scratch = new BlendScratch();
  return {
    model: 'hybrid',
    fitSeconds: weighed.reduce((sum, { fitSeconds }) => sum + fitSeconds, 0),
    score: (query) => fuse(scorers, query, settings, scratch),
  };
}

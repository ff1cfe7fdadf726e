import type { ItemIndex } from '../models/item-index';
import type { Scorer, ScoringQuery } from '../models/model';
import { trainableModels } from '../models/model-catalogue';
import { SparseScores } from '../models/sparse-scores';
import type { ModelName } from '../push/recommendation-list';
import { blends, BlendScratch, fuse, type Blend } from '../ranking/blend';
import { factsOf } from '../ranking/learnt-blend/item-facts';
import type { FitRecord, FittedModel } from './fit-model';

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
  /** Absent: nothing is fitted. */
  readonly record?: FitRecord;
}

/** The scorer of a fitted model, loaded from its bytes as a worker loads it. @throws BeckonError when they are not a snapshot of the model. */
export function loadScorer({ snapshot, record }: FittedModel, index: ItemIndex): FittedScorer {
  const { scorer } = trainableModels({ [record.model]: record.options })[record.model].load(snapshot, index);
  return { scorer, fitSeconds: record.fitSeconds, record };
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

/** The blend as it serves: the same function, settings and limits on candidates. Its fit is that of the models that it asks. */
export function hybridRanker(fitted: readonly FittedScorer[], settings: Blend): Ranker {
  const asked = fitted.filter(({ scorer }) => blends(settings, scorer.name));
  const scorers = asked.map(({ scorer }) => scorer);
  const facts = factsOf(fitted.map(({ scorer }) => scorer));
  const scratch = new BlendScratch();
  return {
    model: 'hybrid',
    fitSeconds: asked.reduce((sum, { fitSeconds }) => sum + fitSeconds, 0),
    score: (query) => fuse(scorers, query, settings, scratch, facts),
  };
}

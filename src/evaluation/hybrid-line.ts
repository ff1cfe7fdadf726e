import { join } from 'node:path';
import type { ModelName } from '../push/recommendation-list';
import { blendCases, type BlendQuestion } from '../ranking/learnt-blend/case-builder';
import { learntHybrid, type LearntHybrid } from '../ranking/learnt-blend/gate-decision';
import { DEFAULT_BLEND } from '../ranking/default-blend';
import { incumbentOf } from '../ranking/learnt-blend/incumbent';
import { learnBlend } from '../ranking/learnt-blend/learn-blend';
import { cachedJson } from './cached-json';
import type { EvaluationContext } from './evaluation-context';
import { fitKey } from './fit-cache';
import { fitModels, fitRequest } from './fit-models';
import { withProgress } from './progress';
import type { Split } from './protocols';
import { hybridRanker, type FittedScorer, type Ranker } from './rankers';
import { sourceDigest } from './source-digest';
import type { Study, StudyProtocol } from './study';

/** How many candidates each model may name, as in serving. Where candidates are given, each model is asked for all of them. */
const CANDIDATES_PER_MODEL = 300;
/** Every n-th case of a large validation part: bounds the memory of the features at about 150 MB. */
const MOST_CASES = 4_000;

/** The hybrid of one protocol, and why it weighs what it weighs. */
export interface HybridLine {
  readonly ranker: Ranker;
  readonly learnt: LearntHybrid;
}

/** The hybrid over models that are fitted for the part that is asked, with the weights that the validation part speaks for. */
export async function hybridLine(
  study: Study,
  protocol: StudyProtocol,
  fitted: readonly FittedScorer[],
  context: EvaluationContext,
): Promise<HybridLine> {
  const names = fitted.map(({ scorer }) => scorer.name);
  const learnt = await learnHybrid(study, protocol, names, context);
  return { ranker: hybridRanker(fitted, learnt.blend), learnt };
}

/**
 * The weights of a hybrid of these models, and which of them join, learnt on the *validation* part with models fitted for that part, by what
 * learns them in a running system. Learnt once for the same fits, code and seed where there is a cache.
 */
export async function learnHybrid(
  study: Study,
  protocol: StudyProtocol,
  names: readonly ModelName[],
  context: EvaluationContext,
): Promise<LearntHybrid> {
  const split = protocol.split('valid');
  const { fitted } = await fitModels(study, split, context, names);
  const place = {
    folder: context.cacheFolder,
    name: `hybrid-${study.dataset}`,
    key: [
      protocol.protocol,
      context.seed,
      sourceDigest(join(__dirname, 'hybrid-line')),
      fitted.map((model) => nameOf(study, split, model)),
    ],
    fresh: context.fresh ?? false,
  };
  return learntHybrid.parse(await cachedJson(place, () => learn(study, split, fitted, context)));
}

function nameOf(study: Study, split: Split, { scorer, record }: FittedScorer): readonly unknown[] {
  return [scorer.name, record === undefined ? study.catalogue : fitKey(fitRequest(study, split, record.model, record.options))];
}

async function learn(
  { dataset }: Study,
  split: Split,
  fitted: readonly FittedScorer[],
  { seed, progress }: EvaluationContext,
): Promise<LearntHybrid> {
  const scorers = fitted.map(({ scorer }) => scorer);
  const questions = questionsOf(split);
  const candidatesPerModel = questions.some(({ given }) => given !== undefined) ? split.candidates : CANDIDATES_PER_MODEL;
  return withProgress(progress, `${dataset} ${split.protocol}: learn the blend`, scorers.length, (update) =>
    learnBlend(blendCases(scorers, questions, { candidatesPerModel }), { seed, incumbent: incumbentOf(DEFAULT_BLEND), progress: update }),
  );
}

function questionsOf(split: Split): BlendQuestion[] {
  const every = Math.ceil(split.caseCount / MOST_CASES);
  return [...split.cases()]
    .filter((_, k) => k % every === 0)
    .map(({ user, query, targets, excluded, given }) => ({
      user,
      query,
      positives: targets,
      excluded,
      ...(given !== undefined && { given }),
    }));
}

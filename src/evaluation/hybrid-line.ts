import { join } from 'node:path';
import type { ModelName } from '../push/recommendation-list';
import { joinCases } from '../ranking/learnt-blend/blend-case';
import { blendCases, HIGHEST_KEPT, SAMPLED, type BlendQuestion } from '../ranking/learnt-blend/case-builder';
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
import type { Study } from './study';

/** How many candidates each model may name, as in serving. Where candidates are given, each model is asked for all of them. */
const CANDIDATES_PER_MODEL = 300;
/** Every n-th case of large validation parts: bounds the memory of the features at about 200 MB. */
const MOST_CANDIDATES = 2_500_000;

/** The hybrid of one protocol, and why it weighs what it weighs. */
export interface HybridLine {
  readonly ranker: Ranker;
  readonly learnt: LearntHybrid;
}

/** The hybrid over models that are fitted for the part that is asked, with the weights that the validation parts speak for. */
export async function hybridLine(study: Study, fitted: readonly FittedScorer[], context: EvaluationContext): Promise<HybridLine> {
  const names = fitted.map(({ scorer }) => scorer.name);
  const learnt = await learnHybrid(study, names, context);
  return { ranker: hybridRanker(fitted, learnt.blend), learnt };
}

/** A protocol's validation part with the models that are fitted for it. */
interface FittedPart {
  readonly split: Split;
  readonly fitted: readonly FittedScorer[];
}

/**
 * The weights of a hybrid of these models, and which of them join: one for a data set, learnt on the *validation* parts of all its protocols together, with
 * models fitted for each, by what learns them in a running system. Learnt once for the same fits, code and seed where there is a cache.
 */
export async function learnHybrid(study: Study, names: readonly ModelName[], context: EvaluationContext): Promise<LearntHybrid> {
  const parts: FittedPart[] = [];
  for (const protocol of study.protocols) {
    const split = protocol.split('valid');
    parts.push({ split, fitted: (await fitModels(study, split, context, names)).fitted });
  }
  const place = {
    folder: context.cacheFolder,
    name: `hybrid-${study.dataset}`,
    key: [
      context.seed,
      sourceDigest(join(__dirname, 'hybrid-line')),
      parts.map(({ split, fitted }) => [split.protocol, fitted.map((model) => nameOf(study, split, model))]),
    ],
    fresh: context.fresh ?? false,
  };
  return learntHybrid.parse(await cachedJson(place, () => learn(study, parts, context)));
}

function nameOf(study: Study, split: Split, { scorer, record }: FittedScorer): readonly unknown[] {
  return [scorer.name, record === undefined ? study.catalogue : fitKey(fitRequest(study, split, record.model, record.options))];
}

async function learn({ dataset }: Study, parts: readonly FittedPart[], { seed, progress }: EvaluationContext): Promise<LearntHybrid> {
  const every = Math.ceil(parts.reduce((sum, { split }) => sum + candidatesIn(split), 0) / MOST_CANDIDATES);
  const questionsOfParts = parts.map(({ split }) => questionsOf(split, every));
  const repeats = questionsOfParts.some((questions) => questions.some(mayRepeat));
  const cases = parts.map(({ split, fitted }, k) => {
    const questions = questionsOfParts[k]!;
    const candidatesPerModel = questions.some(({ given }) => given !== undefined) ? split.candidates : CANDIDATES_PER_MODEL;
    return blendCases(
      fitted.map(({ scorer }) => scorer),
      questions,
      { candidatesPerModel, repeats },
    );
  });
  const all = joinCases(cases);
  return withProgress(progress, `${dataset}: learn the blend`, all.layout.models.length, (update) =>
    learnBlend(all, { seed, incumbent: incumbentOf(DEFAULT_BLEND), progress: update }),
  );
}

/** Whether an item that the user has had before the newest is a candidate. */
const mayRepeat = ({ query, excluded = [], given }: BlendQuestion): boolean => given === undefined && excluded.length < query.seen.length;

/** How many candidates the cases of a split keep in all. */
function candidatesIn({ cases, caseCount }: Split): number {
  const [first] = cases();
  return caseCount * (first?.given?.length ?? HIGHEST_KEPT + SAMPLED);
}

function questionsOf(split: Split, every: number): BlendQuestion[] {
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

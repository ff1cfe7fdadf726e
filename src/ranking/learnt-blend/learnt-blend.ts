import { z } from 'zod';
import { SOURCE_NAMES, type ModelName, type SourceName } from '../../push/recommendation-list';

/** Models that a blend can weigh. */
export const SOURCES = SOURCE_NAMES;

/**
 * What is known of a candidate whoever named it, each in [0, 1]; what is not known counts ½:
 * - `popularity`: ln(1 + behaviours) of the item over that of the most popular one;
 * - `activity`: 1 / (1 + age of its newest behaviour / 7 days);
 * - `price`: e^(−|ln price − mean ln price of the user's newest items with one| / ½), in one currency.
 */
export const CONTEXT_FEATURES = ['popularity', 'activity', 'price'] as const;
export type ContextFeature = (typeof CONTEXT_FEATURES)[number];

const modelWeights = z.strictObject({
  score: z.number().min(0).describe('Of the score, 0 for the weakest and 1 for the strongest candidate of the model.'),
  log: z.number().min(0).describe('Of ln(1 + score / .02) / ln(1 + 1 / .02).'),
});

const weightSet = z.strictObject({
  below: z.int().min(1).optional().describe('For users with fewer items of history than this; absent: for all the others.'),
  models: z
    .partialRecord(z.enum(SOURCES), modelWeights)
    .refine((models) => Object.keys(models).length > 0, { message: 'at least one model is blended' }),
  context: z.partialRecord(z.enum(CONTEXT_FEATURES), z.number()).default({}),
});

/**
 * A blend whose weights were learnt: plain data. The first of `weights` that fits the user's history counts; every one weighs the same models.
 * score(i) = Σ over models m that named i of [ε + score_m · s_m(i) + log_m · l_m(i)] + Σ over context features c of w_c · x_c(i), where a
 * negative w_c counts as |w_c| · (1 − x_c), so that a score is > 0 and orders in the same way.
 */
export const learntBlend = z
  .strictObject({
    format: z.literal(1),
    candidatesPerModel: z.int().min(1).max(100_000).describe('About how many candidates each model may name.'),
    repeats: z.boolean().optional().describe('Learnt where items the user has had were candidates too; absent: they were not.'),
    weights: z.array(weightSet).min(1),
  })
  .refine(
    ({ weights }) =>
      weights.every(({ below }, k) => isAscending(below, weights[k - 1]?.below) && (below === undefined) === (k === weights.length - 1)),
    {
      path: ['weights'],
      message: 'bounds of history ascend, and the last set has none',
    },
  )
  .refine(({ weights }) => weights.every(({ models }) => sameModels(models, weights[0]!.models)), {
    path: ['weights'],
    message: 'every set weighs the same models',
  });

export type LearntBlend = z.output<typeof learntBlend>;
export type WeightSet = LearntBlend['weights'][number];

const isAscending = (bound: number | undefined, before: number | undefined): boolean =>
  bound === undefined || before === undefined || bound > before;
const sameModels = (a: object, b: object): boolean => Object.keys(a).sort().join() === Object.keys(b).sort().join();

/** The models that the blend asks, in the order of their names' list. */
export const learntModels = ({ weights }: LearntBlend): ModelName[] => SOURCES.filter((name) => weights[0]!.models[name] !== undefined);

/** Rows of a query that are no candidates: those that the user has had, or, where what is had may come again, the one at hand. */
export const rowsHad = (seen: readonly number[], repeats: boolean | undefined): readonly number[] =>
  repeats === true ? seen.slice(0, 1) : seen;

/** The weights for a user with so many items of history. */
export const weightsFor = ({ weights }: LearntBlend, history: number): WeightSet =>
  weights.find(({ below }) => below === undefined || history < below)!;

/** One model alone, in its own order. */
export const singleModelBlend = (model: SourceName, candidatesPerModel: number): LearntBlend => ({
  format: 1,
  candidatesPerModel,
  weights: [{ models: { [model]: { score: 1, log: 0 } }, context: {} }],
});

import { z } from 'zod';
import { EXCLUSIONS } from '../ranking/rules';
import { MODEL_NAMES, recommendation } from './recommendation-list';

/** Questions that only a process with the models in memory can answer. Both ends use these codecs. */
export const question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('related'), tenant: z.string(), itemId: z.string(), first: z.number().int() }),
  z.object({
    kind: z.literal('popular'),
    tenant: z.string(),
    category: z.string().optional(),
    window: z.string(),
    first: z.number().int(),
  }),
  z.object({ kind: z.literal('why'), tenant: z.string(), userId: z.string(), surface: z.string(), itemId: z.string() }),
]);
export type Question = z.infer<typeof question>;

const scoredItems = z.array(
  z.object({
    itemId: z.string(),
    score: z.number(),
    sources: z.array(z.object({ model: z.enum(MODEL_NAMES), share: z.number() })),
  }),
);

/** Names no user: what is answered stays in the queue's stream of events for a while. */
const explanation = z.object({
  item: recommendation.omit({ content: true }).optional(),
  rank: z.number().int().optional(),
  listSize: z.number().int(),
  fallback: z.object({ level: z.number().int(), name: z.string() }),
  leftOut: z.enum([...EXCLUSIONS, 'ranked_below']).optional(),
  counterfactuals: z.array(z.object({ itemId: z.string(), type: z.string(), at: z.number(), rank: z.number().int().optional() })),
});

/** What each kind of question is answered with. */
export const ANSWERS = { related: scoredItems, popular: scoredItems, why: explanation } as const;
export type AnswerTo<K extends Question['kind']> = z.infer<(typeof ANSWERS)[K]>;

export const QUESTIONS_QUEUE = 'questions';

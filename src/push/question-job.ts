import { z } from 'zod';
import { MODEL_NAMES } from './recommendation-list';

/** Impersonal questions that only a process with the models in memory can answer. Both ends use these codecs. */
export const question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('related'), tenant: z.string(), itemId: z.string(), first: z.number().int() }),
  z.object({
    kind: z.literal('popular'),
    tenant: z.string(),
    category: z.string().optional(),
    window: z.string(),
    first: z.number().int(),
  }),
]);
export type Question = z.infer<typeof question>;

export const answer = z.array(
  z.object({
    itemId: z.string(),
    score: z.number(),
    sources: z.array(z.object({ model: z.enum(MODEL_NAMES), share: z.number() })),
  }),
);
export type Answer = z.infer<typeof answer>;

export const QUESTIONS_QUEUE = 'questions';

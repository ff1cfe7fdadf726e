import { z } from 'zod';
import { MODEL_NAMES } from '../push/recommendation-list';
import { TRAINING_CAUSES } from './model-store';
import { runResult } from './training-result';

/** What a worker asks of its training process, and what that tells it. Both ends use these codecs. */
export const trainOrder = z.object({ tenant: z.string(), model: z.enum(MODEL_NAMES), cause: z.enum(TRAINING_CAUSES) });
export type TrainOrder = z.infer<typeof trainOrder>;

export const trainReport = z.discriminatedUnion('kind', [
  /** The version that the run will make. */
  z.object({ kind: z.literal('begun'), version: z.string() }),
  z.object({ kind: z.literal('progress'), percent: z.number() }),
  z.object({ kind: z.literal('done'), result: runResult }),
  /** `retryable`: another attempt may do better. */
  z.object({ kind: z.literal('failed'), message: z.string(), retryable: z.boolean() }),
]);
export type TrainReport = z.infer<typeof trainReport>;

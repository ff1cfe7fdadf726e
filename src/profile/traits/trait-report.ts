import { z } from 'zod';
import { TRAIT_MODELS } from './trait-settings';

/** How well one model tells one value of an attribute, on users that it was not learned from. */
export const traitReport = z.object({
  attribute: z.string(),
  value: z.string(),
  model: z.enum(TRAIT_MODELS),
  /** Users that were learned from, and those of them with the value. */
  users: z.number().int(),
  positives: z.number().int(),
  auc: z.number(),
  /** Brier score of its probabilities, and of the share of the value for everybody. */
  brier: z.number(),
  brierOfShare: z.number(),
  /** brierOfShare − brier with its 95 % paired bootstrap interval over users. */
  gain: z.number(),
  low: z.number(),
  high: z.number(),
  calibrationError: z.number(),
  /** Whether it infers: the interval is above 0, and it is the one that the settings want. */
  used: z.boolean(),
});
export type TraitReport = z.infer<typeof traitReport>;

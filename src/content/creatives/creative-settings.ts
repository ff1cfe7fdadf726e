import { z } from 'zod';

/**
 * `off`: the fixed templates; `bandit`: per segment the best of the templates and the hand-written plans; `generated`: also plans of a generator,
 * once it has earned its place.
 */
export const CREATIVE_MODES = ['off', 'bandit', 'generated'] as const;

export const contentSettings = z.strictObject({
  creatives: z
    .enum(CREATIVE_MODES)
    .default('off')
    .describe('What words an item: `off`, the fixed templates; `bandit`, hand-written plans too; `generated`, also those of a generator.'),
  explore: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('Share of items that `generated` shows with any plan, so that there is something to learn from.'),
  bannedWords: z
    .array(z.string().min(1).max(64))
    .max(1_000)
    .default([])
    .describe('Words that no content may hold while creatives are on; titles of items have them replaced by “…”.'),
});
export type ContentSettings = z.output<typeof contentSettings>;

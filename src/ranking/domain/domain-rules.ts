import { z } from 'zod';

const breaking = z
  .strictObject({
    tag: z.string().min(1).default('breaking').describe('Items with this tag are breaking.'),
    forMs: z.int().min(1000).default(7_200_000).describe('For so long after its publication, in ms.'),
    most: z.int().min(1).max(10).default(2).describe('At most so many at the top of a list, the newest first.'),
  })
  .describe('Breaking items stand at the top of every list, flagged `breaking`, until their time is over or the user has had them.');

const followed = z
  .strictObject({
    weight: z.number().min(0).max(100).default(0.5).describe('What a new item of a followed author counts, the best candidate counting 1.'),
    perAuthor: z.int().min(1).max(50).default(10).describe('So many of the newest items of each are candidates.'),
    halfLifeMs: z.number().positive().default(86_400_000).describe('Half-life of that by the age of the item, in ms.'),
  })
  .describe('Items of the authors (sellers) that the user follows become candidates, or better ones.');

const bundles = z
  .strictObject({
    weight: z.number().min(0).max(100).default(0.5).describe('What the other parts of a bundle count, the best candidate counting 1.'),
  })
  .describe(
    'A bundle is not listed together with a part of it, nor with another bundle of the same part, nor when a part may not be shown or the user has ' +
      'bought one. When the user has had a part, its other parts become candidates: bought together.',
  );

/** Rules that products of one kind need and others do not: each is absent unless a surface or its preset names it. */
export const domainRules = {
  maxPerTopic: z
    .int()
    .min(1)
    .optional()
    .describe('At most so many items of one topic: their first category, which is the most general; absent: no cap.'),
  maxPerThread: z.int().min(1).optional().describe('At most so many items of one conversation (`threadId`); absent: no cap.'),
  maxAgeMs: z
    .int()
    .min(1000)
    .optional()
    .describe('No item that was published longer ago, in ms. An item without a date never is; absent: any age.'),
  freshnessHalfLifeMs: z
    .number()
    .positive()
    .optional()
    .describe('Scores halve with every so many ms of age. An item without a date counts as one half-life old; absent: age does not count.'),
  breaking: breaking.optional(),
  followed: followed.optional(),
  bundles: bundles.optional(),
  maxPriceRatio: z
    .number()
    .positive()
    .optional()
    .describe('No item dearer than so many times the dearest that the user has had, in its currency; absent: any price.'),
  minStock: z.int().min(1).optional().describe('No counted item with fewer pieces left; absent: 1.'),
};

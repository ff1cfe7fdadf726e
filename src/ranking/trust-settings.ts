import { z } from 'zod';
import { EXPOSURE_TARGETS } from './exposure-ledger';
import { PROVIDERS } from './providers';

const WEEK_MS = 604_800_000;

export const calibrationSettings = z.strictObject({
  weight: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('How much a list keeps to the categories of the user’s history: 0, not at all; 1, whatever that costs in relevance.'),
});

export const exposureSettings = z.strictObject({
  weight: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'How much what is shown of each provider is evened out over lists: 0, not at all; 1, nearly whatever that costs in relevance.',
    ),
  provider: z.enum(PROVIDERS).default('seller').describe('Who is to be fairly shown: the seller of an item, or its first category.'),
  target: z
    .enum(EXPOSURE_TARGETS)
    .default('merit')
    .describe('`merit`: attention as the relevance of a provider’s candidates; `equal`: the same for every provider that has a candidate.'),
  halfLifeMs: z.number().positive().default(WEEK_MS).describe('After this, in ms, what a list gave a provider counts half.'),
});

/** Whose profiles lists are made from. */
export const PERSONALISATION = ['always', 'choice', 'never'] as const;
export type Personalisation = (typeof PERSONALISATION)[number];

export const personalisationSetting = z
  .enum(PERSONALISATION)
  .default('choice')
  .describe(
    '`always`: from everybody’s profile; `choice`: unless the user has switched it off; `never`: from nobody’s. Who is not profiled is shown ' +
      'one list that all of them share: what is popular, then what is new.',
  );

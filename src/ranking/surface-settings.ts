import { z } from 'zod';
import { POPULARITY_WINDOWS } from '../models/popular/popular';
import { SOURCE_NAMES } from '../push/recommendation-list';
import { FUSIONS } from './blend';
import { costSettings } from './cost/cost-settings';
import { domainRules } from './domain/domain-rules';
import type { LearntBlend } from './learnt-blend/learnt-blend';
import { explorationSettings } from './policy/exploration-settings';
import { calibrationSettings, exposureSettings, personalisationSetting } from './trust-settings';

/** Models that a blend can weigh. */
export const BLENDED_MODELS = SOURCE_NAMES;

/**
 * Levels of the fallback chain:
 * - `hybrid`: the whole blend; every weighted model is loaded and the user has a history;
 * - `partial`: the weighted models that are loaded, when some are missing;
 * - `session`: live and session models alone, over the newest items;
 * - `popular_in_interests`: what is popular in the categories that the user likes or declared;
 * - `popular_in_segment`: what is popular among users of the same traits, where the tenant learns them;
 * - `popular`: what is popular;
 * - `newest`: the newest items.
 */
export const FALLBACK_LEVELS = ['hybrid', 'partial', 'session', 'popular_in_interests', 'popular_in_segment', 'popular', 'newest'] as const;
export type FallbackLevel = (typeof FALLBACK_LEVELS)[number];

/**
 * `learnt`: by the blend that the training job has learnt, as soon as there is one; `hand-set`: by the weights, always; `auto`: by the
 * weights where the tenants file gives them, otherwise as `learnt`.
 */
export const BLEND_SOURCES = ['auto', 'learnt', 'hand-set'] as const;

export const blendSettings = z
  .strictObject({
    weights: z
      .partialRecord(z.enum(BLENDED_MODELS), z.number().min(0).max(1_000))
      .describe('Weight of each model; absent or 0: not asked.'),
    fusion: z.enum(FUSIONS).default('z-score').describe('How the scores of one model are made comparable with another.'),
    candidatesPerModel: z.int().min(1).max(10_000).default(300).describe('About how many candidates each model may name.'),
    source: z
      .enum(BLEND_SOURCES)
      .default('auto')
      .describe(
        '`learnt`: by the blend that the hybrid has learnt, as soon as there is one; `hand-set`: always by these weights; ' +
          '`auto`: by the weights where the tenants file gives them, otherwise as `learnt`.',
      ),
  })
  .refine(({ weights }) => Object.values(weights).some((weight) => weight > 0), {
    path: ['weights'],
    message: 'at least one model needs a weight above 0',
  });

const seenRule = z
  .union([z.literal('off'), z.literal('positive'), z.array(z.string().min(1)).min(1)])
  .describe(
    'Which items the user has had are left out: `off`, none; `positive`, all with a positive behaviour (the last 2,000 items); ' +
      'a list of behaviour types, those with such a behaviour among the newest 200 behaviours.',
  );

export const ruleSettings = z.strictObject({
  excludeSeen: seenRule.default('positive'),
  maxPerSeller: z.int().min(1).optional().describe('At most so many items of one seller; absent: no cap.'),
  categories: z
    .strictObject({
      allow: z.array(z.string().min(1)).default([]).describe('Only items in one of these categories; empty: all.'),
      deny: z.array(z.string().min(1)).default([]).describe('No item in one of these categories.'),
    })
    .prefault({}),
  promotedSlots: z
    .array(z.int().min(1))
    .default([])
    .describe('Ranks (1 is the top) that go to the best promoted candidate, where there is one.'),
  ...domainRules,
});

export const surfaceSettings = z
  .strictObject({
    blend: blendSettings,
    cost: costSettings.optional().describe('What its lists may cost; absent: nothing is measured and nothing left out.'),
    candidates: z.int().min(1).max(10_000).default(60).describe('How many of the best candidates, after the rules, compete for a place.'),
    size: z.int().min(1).max(500).default(20).describe('Length of the stored list.'),
    rules: ruleSettings.prefault({}),
    popularWindow: z
      .enum(POPULARITY_WINDOWS)
      .default('all')
      .describe('How fast old behaviours fade from what levels `popular_in_interests` and `popular` propose.'),
    diversity: z
      .strictObject({
        lambda: z.number().min(0).max(1).default(0.9).describe('Maximal marginal relevance: 1, relevance only; 0, difference only.'),
      })
      .prefault({}),
    calibration: calibrationSettings.prefault({}),
    exposure: exposureSettings.prefault({}),
    personalisation: personalisationSetting,
    exploration: explorationSettings
      .optional()
      .describe('Draws some places, labels what was drawn `EXPLORED`, and keeps the lists for learning the policy; absent: never.'),
    policy: z
      .boolean()
      .optional()
      .describe('Whether the live policy, if one has passed its gate, orders the blend’s candidates; absent: no.'),
    fallback: z
      .array(z.enum(FALLBACK_LEVELS))
      .min(1)
      .refine((levels) => new Set(levels).size === levels.length, { message: 'a level is named twice' })
      .default(FALLBACK_LEVELS.filter((level) => level !== 'popular_in_segment'))
      .describe(
        'The levels in order; each fills what the ones before left open. Where traits are learned, and no chain is given, `popular_in_segment` stands before `popular`.',
      ),
  })
  .refine(({ cost, fallback }) => (cost?.budgetMs ?? cost?.queueAgeMs) === undefined || fallback.includes('partial'), {
    path: ['fallback'],
    message: 'must name `partial` where `cost` leaves models out: it answers for the models that stay',
  });

/** How one surface (home, product page, cart …) makes its lists. */
export type SurfaceSettings = z.output<typeof surfaceSettings> & {
  /** The learnt blend that takes the place of the weights, where there is one and the surface wants it. */
  readonly learnt?: LearntBlend;
};
export type SurfaceSettingsInput = z.input<typeof surfaceSettings>;
export type RuleSettings = z.output<typeof ruleSettings>;

import { z } from 'zod';
import { identifier } from '../platform/identifier';
import { BEHAVIOUR_TYPES, type BuiltInBehaviourType } from './behaviour';

const DAY_MS = 86_400_000;

export const behaviourTypeSettings = z
  .object({
    strength: z
      .number()
      .min(-100)
      .max(100)
      .describe('How strongly it speaks for (or, below 0, against) the item, on one scale for all types; 0: says nothing.'),
    debounceMs: z
      .number()
      .int()
      .min(0)
      .max(3_600_000)
      .default(0)
      .describe('A repeat on the same item within this time is machine-like and dropped.'),
    value: z
      .object({
        min: z.number(),
        max: z.number(),
        floor: z.number().min(0).max(1).default(0.2).describe('Share of the strength that the smallest value keeps.'),
      })
      .refine(({ min, max }) => max > min, { path: ['max'], message: 'must be greater than min' })
      .optional()
      .describe('The type carries a value in this range, and its strength is min-max scaled by it.'),
    needsItem: z.boolean().default(true).describe('Whether an item must be named.'),
  })
  .strict();
export type BehaviourTypeSettings = z.infer<typeof behaviourTypeSettings>;
type BehaviourTypeInput = z.input<typeof behaviourTypeSettings>;

const BUILT_IN: Readonly<Record<BuiltInBehaviourType, BehaviourTypeInput>> = {
  view: { strength: 1, debounceMs: 1000 },
  click: { strength: 2, debounceMs: 300 },
  dwell: { strength: 3, value: { min: 0, max: 300, floor: 0 } },
  add_to_cart: { strength: 5, debounceMs: 300 },
  remove_from_cart: { strength: -2 },
  purchase: { strength: 10 },
  rate: { strength: 6, value: { min: 1, max: 5 } },
  like: { strength: 6, debounceMs: 300 },
  dislike: { strength: -8, debounceMs: 300 },
  share: { strength: 6, debounceMs: 300 },
  follow: { strength: 0, needsItem: false },
  search: { strength: 0, needsItem: false },
  not_interested: { strength: -10 },
  undo_not_interested: { strength: 0 },
  impression: { strength: 0 },
  // Of the list, not of the item: it says nothing about taste.
  rate_recommendation: { strength: 0, value: { min: 1, max: 5 }, needsItem: false },
};

/** How a tenant reads behaviour. Types given here replace or extend the built-in ones. */
export const behaviourSettings = z
  .object({
    types: z
      .record(identifier, behaviourTypeSettings)
      .default({})
      .transform((types) => ({ ...parsedBuiltIn(), ...types })),
    shortHalfLifeMs: z.number().positive().default(DAY_MS).describe('Half-life of short-term interests, in ms.'),
    longHalfLifeMs: z
      .number()
      .positive()
      .default(30 * DAY_MS)
      .describe('Half-life of long-term interests, in ms.'),
  })
  .strict();
export type BehaviourSettings = z.infer<typeof behaviourSettings>;

function parsedBuiltIn(): Record<string, BehaviourTypeSettings> {
  return Object.fromEntries(BEHAVIOUR_TYPES.map((type) => [type, behaviourTypeSettings.parse(BUILT_IN[type])]));
}

/**
 * The weight of a behaviour in [−1, 1]: its strength, min-max scaled by its value where the type has one, divided by the
 * largest strength of any type. 0 is "says nothing", so the minimum of the normalisation is fixed at 0, not at the weakest type:
 * otherwise a view would weigh nothing.
 */
export function weigh(settings: BehaviourSettings, type: string, value: number | undefined): number {
  const own = settings.types[type];
  if (!own) return 0;
  const largest = Math.max(...Object.values(settings.types).map(({ strength }) => Math.abs(strength)));
  if (largest === 0) return 0;
  if (!own.value) return own.strength / largest;
  const { min, max, floor } = own.value;
  const share = value === undefined ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)));
  return ((floor + (1 - floor) * share) * own.strength) / largest;
}

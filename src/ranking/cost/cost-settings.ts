import { z } from 'zod';
import { MODEL_NAMES, type ModelName } from '../../push/recommendation-list';

/** Models that a list can do without, `hybrid` being the blend itself. */
const droppable = z.enum(MODEL_NAMES).exclude(['hybrid']);

/** The dearest for what they add first, as far as that was measured: see docs/models/cost.md. */
const DROP_ORDER: ModelName[] = [
  'ncf',
  'attention',
  'user-knn',
  'content-based',
  'ease',
  'item-knn',
  'session-knn',
  'transition',
  'factor',
  'popular',
];

/** What the lists of a surface may cost, and what is left out when that is too much. Absent: nothing is measured and nothing dropped. */
export const costSettings = z.strictObject({
  measure: z
    .boolean()
    .default(true)
    .describe('Whether each list says what each of its models cost. Where there is a budget or a queue age it does anyway.'),
  budgetMs: z
    .number()
    .positive()
    .max(10_000)
    .optional()
    .describe('CPU time that the models of one list may take, in ms, by what they took of late; absent: any.'),
  queueAgeMs: z
    .int()
    .min(1)
    .max(600_000)
    .optional()
    .describe(
      'A recompute that has waited for so long, in ms, leaves out the first model of the order, one that has waited twice as long the ' +
        'first two, and so on; absent: none.',
    ),
  dropOrder: z
    .array(droppable)
    .min(1)
    .refine((models) => new Set(models).size === models.length, { message: 'a model is named twice' })
    .default(DROP_ORDER as z.output<typeof droppable>[])
    .describe('Which models are left out, the first first. One that is not named never is, nor is the last one of a blend.'),
});

export type CostSettings = z.output<typeof costSettings>;

/** Whether lists made with these settings are measured. */
export const measures = (cost: CostSettings | undefined): cost is CostSettings =>
  cost !== undefined && (cost.measure || cost.budgetMs !== undefined || cost.queueAgeMs !== undefined);

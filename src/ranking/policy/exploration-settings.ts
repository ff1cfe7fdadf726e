import { z } from 'zod';

/** How a surface explores; without it no place is drawn and no list is kept for learning. */
export const explorationSettings = z.strictObject({
  lists: z.number().min(0).max(1).default(1).describe('Share of the lists that explore, in [0, 1].'),
  places: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.1)
    .describe(
      'Share of the places of such a list that are drawn instead of given to the best: the budget is `lists` × `places` of all places.',
    ),
  pool: z.int().min(2).max(500).default(30).describe('A place is drawn among so many of the blend’s best.'),
  temperature: z
    .number()
    .min(0.01)
    .max(10)
    .default(0.3)
    .describe('How evenly: chance ∝ e^(relevance / temperature), relevance = score / best.'),
});
export type ExplorationSettings = z.output<typeof explorationSettings>;

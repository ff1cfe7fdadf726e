import { z } from 'zod';

/** How much of the gateways a tenant may use, over all of them together. Absent: as much as there is. */
export const quotaSettings = z.strictObject({
  behavioursPerSecond: z.number().min(1).max(1e9).optional().describe('Most behaviours a second.'),
  operationsPerSecond: z
    .number()
    .min(1)
    .max(1e9)
    .optional()
    .describe('Most operations a second: each root field of a query, mutation or subscription that begins is one.'),
  connections: z.int().min(1).max(1e9).optional().describe('Most WebSockets and event streams at a time.'),
  burstSeconds: z
    .number()
    .min(0.1)
    .max(3600)
    .default(2)
    .describe('Unused seconds that may be caught up on: so many times its rate may a tenant use at once.'),
});

export type QuotaSettings = z.output<typeof quotaSettings>;

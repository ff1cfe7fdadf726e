import { z } from 'zod';

/** What travels through the recompute queue; both ends use this codec. */
export const recomputeJob = z.object({
  tenant: z.string(),
  userId: z.string(),
  surface: z.string(),
  why: z.enum(['behaviours', 'models', 'retraction', 'request', 'profile', 'sweep']),
  requestedAt: z.number(),
});
export type RecomputeJob = z.infer<typeof recomputeJob>;

export const RECOMPUTE_LIST = 'recompute-list';

/** Name of the n-th recompute queue and the key prefix that keeps it in one slot of a cluster. */
export const recomputeQueueName = (shard: number): string => `recompute-${shard}`;
export const queuePrefix = (queue: string): string => `{beckon:${queue}}`;

import { z } from 'zod';

/** What travels through a recompute queue in front of everything else; the worker that takes it publishes `echo` on `channel`. */
export const canaryJob = z.object({ channel: z.string(), echo: z.string() });
export type CanaryJob = z.infer<typeof canaryJob>;

export const CANARY = 'canary';

import { z } from 'zod';

/** What a bench asks of its load process. Both ends use these codecs. */
export const loopJob = z.object({
  url: z.string(),
  userIds: z.array(z.string()),
  items: z.number(),
  itemIds: z.array(z.string()).optional(),
  ratePerSecond: z.number(),
  warmUpSeconds: z.number(),
  seconds: z.number(),
  seed: z.number(),
});
export type LoopJob = z.infer<typeof loopJob>;

const spread = z.object({ p50Ms: z.number(), p90Ms: z.number(), p99Ms: z.number(), maxMs: z.number() });
const deliveryCounts = { delivered: z.number(), lost: z.number(), duplicate: z.number(), outOfOrder: z.number() };

export const loopLoadResult = z.object({
  recorded: z.number(),
  failed: z.number(),
  ...deliveryCounts,
  latency: spread,
  /** [delivered] in any order. */
  latenciesMs: z.array(z.number()),
  stages: z.record(z.string(), spread),
  answer: spread,
  sendLagP99Ms: z.number(),
});
export type LoopLoadResult = z.infer<typeof loopLoadResult>;

export const ingestJob = z.object({
  url: z.string(),
  userIds: z.array(z.string()),
  items: z.number(),
  batch: z.number(),
  concurrency: z.number(),
  warmUpSeconds: z.number(),
  seconds: z.number(),
  seed: z.number(),
});
export type IngestJob = z.infer<typeof ingestJob>;

export const ingestLoadResult = z.object({ accepted: z.number(), seconds: z.number(), answer: spread });
export type IngestLoadResult = z.infer<typeof ingestLoadResult>;

/** A load process tells when the measured part begins and ends, so that CPU is counted over just that, and then its result. */
export const loadReport = z.union([z.object({ phase: z.enum(['begun', 'ended']) }), z.object({ result: z.unknown() })]);

export function report(message: z.infer<typeof loadReport>): void {
  process.send!(message);
}

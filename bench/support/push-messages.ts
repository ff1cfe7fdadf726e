import { z } from 'zod';

/** Beckon's gateway; Apollo Server with graphql-ws, as its documentation says; a raw `ws` server. */
export const SIDES = ['gateway', 'apollo', 'floor'] as const;
export type Side = (typeof SIDES)[number];
const side = z.enum(SIDES);

export const forEachSide = <T>(make: (side: Side) => T): Record<Side, T> =>
  Object.fromEntries(SIDES.map((name) => [name, make(name)])) as Record<Side, T>;

/** What bench:push asks of its load process, one after the other. Both ends use these codecs. */
export const pushCommand = z.discriminatedUnion('do', [
  z.object({ do: z.literal('start'), redisUrl: z.string(), urls: z.record(side, z.string()) }),
  /** Opens so many watchers of a side. */
  z.object({ do: z.literal('open'), side, watchers: z.number() }),
  z.object({ do: z.literal('close'), side }),
  /** Writes lists for the open watchers of a side, in turn, at a steady rate. */
  z.object({ do: z.literal('push'), side, ratePerSecond: z.number(), seconds: z.number(), measured: z.boolean() }),
  z.object({ do: z.literal('finish') }),
]);
export type PushCommand = z.infer<typeof pushCommand>;

export const sideResult = z.object({
  pushed: z.number(),
  delivered: z.number(),
  lost: z.number(),
  duplicate: z.number(),
  outOfOrder: z.number(),
  bytesPerPush: z.number(),
  latency: z.object({ p50Ms: z.number(), p90Ms: z.number(), p99Ms: z.number(), maxMs: z.number() }),
});
export type SideResult = z.infer<typeof sideResult>;

/** Sent when a command is done; `finish` gives the results. */
export const pushReply = z.object({ done: z.string(), results: z.record(side, sideResult).optional() });
export type PushReply = z.infer<typeof pushReply>;

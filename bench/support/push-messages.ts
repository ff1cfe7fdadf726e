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
  /** Announces as many lists as come through, to all watchers of a side; then lists at a steady rate. */
  z.object({ do: z.literal('flood'), side, seconds: z.number() }),
  z.object({ do: z.literal('announce'), side, ratePerSecond: z.number(), seconds: z.number() }),
  /** Announces lists of users whom nobody watches. */
  z.object({ do: z.literal('announce-unwatched'), side, ratePerSecond: z.number(), seconds: z.number() }),
  /** Announces lists at a steady rate to the watchers from number `first` on, and at another one to those before, who are not measured. */
  z.object({
    do: z.literal('announce-beside'),
    side,
    first: z.number(),
    ratePerSecond: z.number(),
    besidePerSecond: z.number(),
    seconds: z.number(),
  }),
  /** The first watchers of a side stop reading. */
  z.object({ do: z.literal('stall'), side, watchers: z.number() }),
  /** They read on. Tells how many were closed, by code. */
  z.object({ do: z.literal('resume'), side }),
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

/** What came of lists that were announced without being stored. */
export const directResult = sideResult.omit({ delivered: true, bytesPerPush: true }).extend({ perSecond: z.number() });
export type DirectResult = z.infer<typeof directResult>;

/** Sent when a command is done; `finish` gives the results. */
export const pushReply = z.object({
  done: z.string(),
  results: z.record(side, sideResult).optional(),
  direct: directResult.optional(),
  closed: z.record(z.string(), z.number()).optional(),
});
export type PushReply = z.infer<typeof pushReply>;

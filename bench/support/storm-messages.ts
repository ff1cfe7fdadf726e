import { z } from 'zod';

/** Lists of bench:storm are numbered by the moment at which they are written, in tenths of a millisecond since the bench began. */
export const listNumber = (beganAtMs: number): number => Math.round((wallMs() - beganAtMs) * 10);

/** The clock that all processes of this machine share, in ms with fractions. */
export const wallMs = (): number => performance.timeOrigin + performance.now();

/** What bench:storm asks of each process that holds watchers. Both ends use these codecs; every command has one reply. */
export const watchersCommand = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('open'),
    url: z.string(),
    userIds: z.array(z.string()),
    /** Addresses of this machine to connect from, in turn: one alone may run out of ports. */
    addresses: z.array(z.string()),
    beganAtMs: z.number(),
    seed: z.number(),
  }),
  /** Cuts every connection at once, connects anew at once, and waits until each watcher has the list of that number or a newer one. */
  z.object({ do: z.literal('cut'), newest: z.array(z.number()), withinMs: z.number() }),
  /** Forgets what was counted so far. */
  z.object({ do: z.literal('reset') }),
  z.object({ do: z.literal('newest') }),
  z.object({ do: z.literal('report') }),
]);
export type WatchersCommand = z.infer<typeof watchersCommand>;

export const watchersReply = z.object({
  /** `cut`: after how many ms each watcher that came back had its list. */
  backAfterMs: z.array(z.number()).optional(),
  /** `newest`: number of the newest list of each watcher. */
  newest: z.array(z.number()).optional(),
  counts: z
    .object({ arrived: z.number(), duplicate: z.number(), outOfOrder: z.number(), retries: z.record(z.string(), z.number()) })
    .optional(),
  /** Written → arrived, of every list that was pushed. */
  latenciesMs: z.array(z.number()).optional(),
});
export type WatchersReply = z.infer<typeof watchersReply>;

/** What it asks of the process that writes lists and records behaviours. */
export const writerCommand = z.discriminatedUnion('do', [
  /** Writes a first list for everybody. */
  z.object({ do: z.literal('start'), redisUrl: z.string(), url: z.string(), userIds: z.array(z.string()), beganAtMs: z.number() }),
  /** Begins to write lists for one user after the other, until `rest`. */
  z.object({ do: z.literal('write'), ratePerSecond: z.number() }),
  z.object({ do: z.literal('rest') }),
  /** Begins to record behaviours over HTTP, until `recorded`. */
  z.object({ do: z.literal('record'), ratePerSecond: z.number(), seed: z.number() }),
  z.object({ do: z.literal('recorded') }),
  z.object({ do: z.literal('newest') }),
]);
export type WriterCommand = z.infer<typeof writerCommand>;

export const writerReply = z.object({
  /** `newest`: number of the newest list that is stored for each user; `written`: how many since the first ones. */
  newest: z.array(z.number()).optional(),
  written: z.number().optional(),
  /** `recorded`: scheduled → answer of each behaviour on a connection that was open, and on a new one; and how many had none. */
  answersMs: z.array(z.number()).optional(),
  answersOnNewMs: z.array(z.number()).optional(),
  failed: z.number().optional(),
});
export type WriterReply = z.infer<typeof writerReply>;

import { z } from 'zod';
import type { EpochMs } from '../platform/clock';

/**
 * Where a person can be found. `profile`: every key of their own but lists; `lists`: lists, watches and what waits to be computed; `others`:
 * profiles, logs and lists of other people that name them (follows, what was merged); `queues`: jobs and events of BullMQ; `snapshots`:
 * models that learnt from them; `disk`: the append-only file and the dump of the store.
 */
export const PLACES = [
  'profile',
  'lists',
  'log',
  'archive',
  'others',
  'queues',
  'audit',
  'revocations',
  'slowlog',
  'snapshots',
  'disk',
] as const;
export type Place = (typeof PLACES)[number];

/** Screens have so long to be shown nobody's list before their watches end and the store is looked through. */
export const ERASURE_GRACE_MS = 2000;

/** How far an erasure has come with one place. */
export const reached = z.object({
  place: z.enum(PLACES),
  /** Keys, entries, jobs, versions that were taken away or made anew. */
  removed: z.number().int().nonnegative(),
  /** When nothing was found there any more; absent: not yet. */
  doneAt: z.number().optional(),
});
export type Reached = z.infer<typeof reached>;

/**
 * The record that a person was erased. It holds nothing that leads to them: no id, no hash. Whoever has the id of the receipt may read it.
 */
export const erasureReceipt = z.object({
  /** Drawn at random; also the person's name in the audit log from now on. */
  id: z.string(),
  requestedAt: z.number(),
  by: z.enum(['user', 'operator']),
  /** How many ids the person had: their own, and those of anonymous users merged into it. */
  ids: z.number().int(),
  /** Snapshots that know the person are gone by then, whatever comes of training. */
  dueAt: z.number(),
  reached: z.array(reached),
  /** How many erasures were through with log and archive when this one was. */
  number: z.number().int().optional(),
  /** A run that makes new snapshots was asked for. */
  retrainedAt: z.number().optional(),
  /** When the store was asked to write its files anew. */
  filesAskedAt: z.number().optional(),
  /** When every place was reached. */
  completeAt: z.number().optional(),
});
export type ErasureReceipt = z.infer<typeof erasureReceipt>;

/** Whom an erasure that is not through is about. */
export const openErasure = z.object({
  userIds: z.array(z.string()),
  /** Log shards whose streams are still to be written anew. */
  shards: z.array(z.number().int()),
});
export type OpenErasure = z.infer<typeof openErasure>;

/** In the audit log, in place of the person's id. */
export const pseudonymOf = (receiptId: string): string => `erased:${receiptId}`;

export const newReceipt = (of: Pick<ErasureReceipt, 'id' | 'requestedAt' | 'by' | 'ids' | 'dueAt'>): ErasureReceipt => ({
  ...of,
  reached: PLACES.map((place) => ({ place, removed: 0 })),
});

/** The receipt after a place was looked through: `removed` is added, `doneAt` set once. */
export function noteReached(receipt: ErasureReceipt, place: Place, removed: number, doneAt?: EpochMs): ErasureReceipt {
  const noted = receipt.reached.map((one) =>
    one.place !== place
      ? one
      : { place, removed: one.removed + removed, ...((one.doneAt ?? doneAt) !== undefined && { doneAt: one.doneAt ?? doneAt }) },
  );
  return { ...receipt, reached: noted };
}

/** The receipt with a place that has to be reached once more. */
export const notReached = (receipt: ErasureReceipt, place: Place): ErasureReceipt => ({
  ...receipt,
  reached: receipt.reached.map((one) => (one.place === place ? { place, removed: one.removed } : one)),
});

export const isDone = ({ reached: places }: ErasureReceipt, place: Place): boolean =>
  places.some((one) => one.place === place && one.doneAt !== undefined);

/** Every erasure of a store. */
export interface Erasures {
  /** Notes that these ids are one person to be erased, before anything is; then has the workers begin. */
  begin(tenant: string, userIds: readonly string[], by: ErasureReceipt['by']): Promise<ErasureReceipt>;
  /** Undefined: there is no such receipt (any more). */
  receipt(tenant: string, id: string): Promise<ErasureReceipt | undefined>;
  /** Newest first. */
  receipts(tenant: string, first: number): Promise<readonly ErasureReceipt[]>;
}

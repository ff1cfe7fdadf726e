import { z } from 'zod';

/** The models of DESIGN §5, as they are named everywhere: scores, shares, metrics, evaluation. */
export const MODEL_NAMES = [
  'popular',
  'user-knn',
  'session-knn',
  'item-knn',
  'transition',
  'factor',
  'ease',
  'ncf',
  'attention',
  'content-based',
  'traits',
  'policy',
  'hybrid',
  'creatives',
] as const;
export type ModelName = (typeof MODEL_NAMES)[number];
/** What scores items by itself; the hybrid blends these, the policy orders what they name, and creatives word it. */
export type SourceName = Exclude<ModelName, 'hybrid' | 'policy' | 'creatives'>;
const OTHERS: readonly ModelName[] = ['hybrid', 'policy', 'creatives'];
export const SOURCE_NAMES = MODEL_NAMES.filter((name): name is SourceName => !OTHERS.includes(name));

/** Why an item is on the list. */
export const REASON_CODES = [
  'because_you', // evidence: behaviours of this user on similar items
  'people_like_you', // user-knn, session-knn, factor
  'interest', // a category or tag the user likes; `topic` is set
  'popular_in_category', // `topic` is set
  'popular',
  'followed', // of somebody whom the user follows
  'new', // nothing better is known: newest items
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export const itemFlag = z.enum(['promoted', 'explored', 'padded', 'breaking']);
export type ItemFlag = z.infer<typeof itemFlag>;

/** How the content was chosen, where creatives are on. */
export const creative = z.object({
  /** Which hand-written plan, or what drew one: see `content/creatives/arms.ts`. */
  arm: z.string(),
  /** Code of the plan; absent: as the fixed templates say. */
  plan: z.string().optional(),
  /** Of the reader. */
  segment: z.string(),
  /** Probability of the arm, and of the plan from whichever arm, in (0, 1]. */
  share: z.number(),
  propensity: z.number(),
  /** `template`: the fixed templates were shown in the place of the plan. */
  shown: z.string().optional(),
  /** The price and the stock that the content names. */
  price: z.number().optional(),
  stock: z.number().optional(),
});
export type Creative = z.infer<typeof creative>;

const evidence = z.object({ itemId: z.string(), type: z.string(), at: z.number(), share: z.number() });

export const recommendation = z.object({
  itemId: z.string(),
  score: z.number(),
  /** Share of each source in the score; sums to 1. Empty for what no model named: the newest items. */
  sources: z.array(z.object({ model: z.enum(MODEL_NAMES), share: z.number() })),
  reason: z.object({ code: z.enum(REASON_CODES), topic: z.string().optional(), evidence: z.array(evidence) }),
  flags: z.array(itemFlag),
  /** On a list that explores: the chance in (0, 1) with which the item got its place; null: no chance was involved. */
  propensity: z.number().nullable().optional(),
  content: z.object({ title: z.string(), text: z.string(), callToAction: z.string() }),
  creative: creative.optional(),
});
export type Recommendation = z.infer<typeof recommendation>;
export type Evidence = z.infer<typeof evidence>;

export const listCause = z.object({
  kind: z.enum(['behaviours', 'models', 'retraction', 'request', 'profile']),
  /** The behaviours since the list before, newest first, at most 20. */
  behaviours: z.array(z.object({ id: z.string(), type: z.string(), itemId: z.string().optional(), seq: z.number() })),
  /** Items taken back, for a retraction. */
  itemIds: z.array(z.string()),
});
export type ListCause = z.infer<typeof listCause>;

/**
 * Moments of one recompute, epoch milliseconds with a fraction. `receivedAt` and `recordedAt` are those of the newest
 * behaviour applied and absent when no behaviour caused the list.
 */
export const timeline = z.object({
  receivedAt: z.number().optional(),
  recordedAt: z.number().optional(),
  startedAt: z.number(),
  scoredAt: z.number(),
});
export type Timeline = z.infer<typeof timeline>;

/** What the models of a list cost, on surfaces that measure it. */
export const listCost = z.object({
  /** CPU time of each model that was asked, in µs, the dearest first. */
  models: z.array(z.object({ model: z.enum(MODEL_NAMES), cpuMicros: z.number().int() })),
  /** Models of the blend that were left out to save time, in the order of leaving out. */
  dropped: z.array(z.enum(MODEL_NAMES)),
  /** Absent: none was. */
  droppedFor: z.enum(['budget', 'queue']).optional(),
});
export type ListCost = z.infer<typeof listCost>;

/** What a worker computes: a list without a place in the order of lists. */
export const listBody = z.object({
  /** `recommendationId`: comes back with the behaviours that the list leads to. */
  id: z.string(),
  tenant: z.string(),
  userId: z.string(),
  surface: z.string(),
  /** Every behaviour up to this seq is in the list. */
  appliedThrough: z.number().int(),
  /** Digest of the settings and model versions that made it: a different one means stale. */
  digest: z.string(),
  /** Which level of the fallback chain answered; 0 is the full hybrid. */
  fallback: z.object({ level: z.number().int(), name: z.string() }),
  /** Best first; rank is the index + 1. */
  items: z.array(recommendation),
  cause: listCause,
  timeline,
  /** Absent: its surface does not measure. */
  cost: listCost.optional(),
});
export type ListBody = z.infer<typeof listBody>;

/** Place of a list among the lists of its user and surface. A new epoch means that the store was lost: revisions restart. */
export interface Position {
  readonly epoch: string;
  readonly revision: number;
}

export interface RecommendationList extends ListBody, Position {}

/** The place of a list, without the list. */
export const placeOf = ({ epoch, revision }: Position): Position => ({ epoch, revision });

/** A place that its owner alone holds, and overwrites. */
export type KeptPlace = { -readonly [Field in keyof Position]: Position[Field] };

/**
 * The place of a list in `kept`, which is made when there is none. For what remembers the place of one list after the other: V8 makes objects that
 * live from one list to the next where only a full collection clears up, and with them whatever they held last.
 */
export function keepPlace({ epoch, revision }: Position, kept: KeptPlace | undefined): KeptPlace {
  if (!kept) return { epoch, revision };
  kept.epoch = epoch;
  kept.revision = revision;
  return kept;
}

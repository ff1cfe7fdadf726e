import { z } from 'zod';
import { GENERATOR_FITS, GENERATOR_STAGES } from '../content/creatives/arms';
import type { EpochMs } from '../platform/clock';
import { MODEL_NAMES, type ModelName } from '../push/recommendation-list';
import { traitReport } from '../profile/traits/trait-report';
import { gateDecision, refinement } from '../ranking/learnt-blend/gate-decision';

/** The library that a model was fitted with; `none`: with plain arithmetic. */
export const MODEL_BACKENDS = ['tfjs-node', 'wasm', 'none'] as const;
export type ModelBackend = (typeof MODEL_BACKENDS)[number];

/** How a new version compared with the live one on the newest behaviours, which neither has learnt. */
export const modelCheck = z.object({
  /** `unchecked`: there was nothing to compare with, or too little to compare on; `reason` says what. */
  decision: z.enum(['accepted', 'rejected', 'unchecked']),
  /** In words. */
  reason: z.string(),
  /** The live version that it was compared with. */
  against: z.string().optional(),
  /** Behaviours that were predicted. */
  cases: z.number().int().nonnegative(),
  /** Mean NDCG@10 of both. */
  ndcgNew: z.number().optional(),
  ndcgLive: z.number().optional(),
  /** ndcgNew − ndcgLive with its 95 % paired bootstrap interval over users. */
  difference: z.number().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
});
export type ModelCheck = z.infer<typeof modelCheck>;

/** Why a policy went live, or did not: what it would have earned at the places that were logged, in discounted reward a place. */
export const policyGate = z.object({
  passed: z.boolean(),
  /** In words. */
  reason: z.string(),
  /** By configuration, whatever the figures. */
  overridden: z.boolean(),
  /** What the logged places earned. */
  logged: z.number(),
  /** Of the policy, doubly robust, with the ends of its 95 % bootstrap interval over users. */
  estimate: z.number(),
  low: z.number(),
  high: z.number(),
  /** The same by inverse propensity weighting, and self-normalised. */
  ips: z.number(),
  snips: z.number(),
  /** `estimate` − `logged`: decides by its lower end. */
  gain: z.number(),
  gainLow: z.number(),
  gainHigh: z.number(),
  effectiveSampleSize: z.number(),
  largestWeight: z.number(),
  /** Places with a propensity. */
  cases: z.number().int(),
});
export type StoredPolicyGate = z.infer<typeof policyGate>;

/** What is known of one trained version. Fields that earlier versions of Beckon did not write are optional. */
export const modelRecord = z.object({
  model: z.enum(MODEL_NAMES),
  /** Sorts by time. */
  version: z.string(),
  trainedAt: z.number(),
  events: z.number().int(),
  items: z.number().int(),
  fitSeconds: z.number(),
  sizeBytes: z.number().int(),
  /** Log shard → id of the last entry that was learnt from: live counts go on from there. */
  positions: z.record(z.string(), z.string()),
  backend: z.enum(MODEL_BACKENDS).optional(),
  /** Largest resident memory of the process that trained it. */
  peakMemoryBytes: z.number().optional(),
  /** CPU time of that process, over all its threads. */
  cpuSeconds: z.number().optional(),
  /** Time of the newest behaviour that was learnt. */
  learntThrough: z.number().optional(),
  /** Layout of its snapshot: see `Model.layout`. */
  layout: z.number().int().optional(),
  /** Digest of the options that it was fitted with: 16 hex digits. */
  optionsDigest: z.string().optional(),
  check: modelCheck.optional(),
  /** How many erasures of users were through with log and archive when it began to read: it knows nothing of those. */
  erasures: z.number().int().nonnegative().optional(),
  /** Of the hybrid: which models its blend holds, and why. */
  gate: z.array(z.object(gateDecision.shape)).optional(),
  /** Of the hybrid: what else was learnt, and why. */
  refinements: z.array(z.object(refinement.shape)).optional(),
  /** Of the traits: how well each value is told. */
  traits: z.array(traitReport).optional(),
  /** Of the creatives: how the fit of the generator ended, and whether it is shown. */
  creatives: z
    .object({
      fit: z.enum(GENERATOR_FITS),
      stage: z.enum(GENERATOR_STAGES),
      reason: z.string(),
      /** Share of the useful modes that the generator keeps; entropy of its modes, 1: all alike. */
      coverage: z.number().optional(),
      entropy: z.number().optional(),
      gain: z.object({ value: z.number(), low: z.number(), high: z.number() }).optional(),
    })
    .optional(),
  /** Of the policy: why it went live. */
  policyGate: policyGate.optional(),
  /** Of a live version: a rollback holds it, so that scheduled runs do not take its place. */
  pinned: z.boolean().optional(),
});
export type ModelRecord = z.infer<typeof modelRecord>;

/**
 * What asked for a training run: the clock, a person, a model without a version, a live version that could not be read, or one that knows
 * a user who was erased.
 */
export const TRAINING_CAUSES = ['schedule', 'demand', 'missing', 'refused', 'erasure'] as const;
export type TrainingCause = (typeof TRAINING_CAUSES)[number];

export const TRAINING_OUTCOMES = ['published', 'rejected', 'held', 'skipped', 'failed'] as const;
/**
 * `published`: its version serves, unless a later run was faster; `rejected`: it was worse than the live version, and is not kept; `held`: a
 * rollback holds the live version; `skipped`: there is too little to learn from; `failed`: see the message.
 */
export type TrainingOutcome = (typeof TRAINING_OUTCOMES)[number];

/** How the last training run of a model ended. */
export const trainingRun = z.object({
  model: z.enum(MODEL_NAMES),
  /** When it ended. */
  at: z.number(),
  outcome: z.enum(TRAINING_OUTCOMES),
  /** What it made, or would have made; absent: it did not come so far. */
  version: z.string().optional(),
  /** In words, for every outcome but `published`. */
  message: z.string().optional(),
  check: modelCheck.optional(),
  /** Of the policy: what its gate found. */
  policyGate: policyGate.optional(),
});
export type TrainingRun = z.infer<typeof trainingRun>;

export interface PublishOptions {
  /** May take the place of a version that a rollback holds. @default false */
  readonly releases?: boolean;
}

/**
 * `live`: the pointer was moved; `held`: a rollback holds another version; `superseded`: a run that began later was faster; `erased`: nothing
 * was stored, as the run began before an erasure whose receipt says that no snapshot knows the user.
 */
export type Publication = 'live' | 'held' | 'superseded' | 'erased';

export interface Dropped {
  readonly versions: number;
  /** The live version, if it began too early and was kept. */
  readonly stale: boolean;
}

/** Trained snapshots with a pointer to the live version of each model. */
export interface ModelStore {
  /** Stores a snapshot, then, in one step, moves the live pointer to it and announces that. Old versions beyond the last few are deleted. */
  publish(tenant: string, record: ModelRecord, snapshot: Buffer, options?: PublishOptions): Promise<Publication>;
  /** The live version of each model that has one. */
  live(tenant: string): Promise<ReadonlyMap<ModelName, ModelRecord>>;
  /** @throws BeckonError NOT_FOUND when the version is not stored (any more). */
  load(tenant: string, model: ModelName, version: string): Promise<Buffer>;
  /** Newest first. */
  versions(tenant: string, model: ModelName): Promise<readonly ModelRecord[]>;
  /**
   * Moves the live pointer to a stored version. `hold`: it stays until a run that was asked for takes its place, or a rollback without it.
   * @throws BeckonError NOT_FOUND
   */
  rollback(tenant: string, model: ModelName, version: string, hold: boolean): Promise<ModelRecord>;
  /** How many erasures of users are through with log and archive: what is read from now on knows nothing of them. */
  erasuresCleaned(tenant: string): Promise<number>;
  /**
   * Deletes every stored version of a model that began to learn before `erasures` erasures were through, also a live one that a rollback
   * holds, and announces that. `keepLive`: not the live one. Returns how many, and whether a live one is left that should go.
   */
  dropBefore(tenant: string, model: ModelName, erasures: number, options: { readonly keepLive: boolean }): Promise<Dropped>;
  /** Keeps how a run ended, in the place of the one before. */
  noteRun(tenant: string, run: TrainingRun): Promise<void>;
  /** How the last run of each model ended. */
  lastRuns(tenant: string): Promise<ReadonlyMap<ModelName, TrainingRun>>;
}

/** When a live version had learnt everything it knows; of a record from before this was kept, when it was trained. */
export const learntThroughOf = ({ learntThrough, trainedAt }: ModelRecord): EpochMs => learntThrough ?? trainedAt;

import { z } from 'zod';
import { MODEL_NAMES, type ModelName } from '../push/recommendation-list';

/** What is known of one trained version. */
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
});
export type ModelRecord = z.infer<typeof modelRecord>;

/** Trained snapshots with a pointer to the live version of each model. */
export interface ModelStore {
  /** Stores a snapshot, then moves the live pointer to it and announces that. Old versions beyond the last few are deleted. */
  publish(tenant: string, record: ModelRecord, snapshot: Buffer): Promise<void>;
  /** The live version of each model that has one. */
  live(tenant: string): Promise<ReadonlyMap<ModelName, ModelRecord>>;
  /** @throws BeckonError NOT_FOUND when the version is not stored (any more). */
  load(tenant: string, model: ModelName, version: string): Promise<Buffer>;
  /** Newest first. */
  versions(tenant: string, model: ModelName): Promise<readonly ModelRecord[]>;
  /** Moves the live pointer to a stored version. @throws BeckonError NOT_FOUND */
  rollback(tenant: string, model: ModelName, version: string): Promise<ModelRecord>;
}

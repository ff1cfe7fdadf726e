import { z } from 'zod';
import type { Snapshot } from '../models/model';
import type { EpochMs } from '../platform/clock';
import {
  MODEL_BACKENDS,
  modelCheck,
  modelRecord,
  policyGate,
  type ModelBackend,
  type ModelRecord,
  type TrainingCause,
} from './model-store';

/** What a process has used since it began. */
export interface ProcessUsage {
  /** Largest resident memory. */
  readonly peakMemoryBytes: number;
  /** Over all threads. */
  readonly cpuSeconds: number;
}

/** How a training run ended that did not fail. */
export const runResult = z.object({
  outcome: z.enum(['published', 'rejected', 'held', 'skipped']),
  version: z.string().optional(),
  /** In words, for every outcome but `published`. */
  message: z.string().optional(),
  check: modelCheck.optional(),
  policyGate: policyGate.optional(),
  /** Of a version that was stored. */
  record: modelRecord.optional(),
});
export type RunResult = z.infer<typeof runResult>;

/** Names of versions sort by the time at which their training began. */
export const versionAt = (startedAt: EpochMs): string => new Date(Math.floor(startedAt)).toISOString().replace(/[-:.]/g, '');

/** Whether a rollback keeps a run with this cause from taking its place. */
export const isHeld = (live: ModelRecord | undefined, cause: TrainingCause): boolean => live?.pinned === true && !releasesOf(cause);

/** Whether a run with this cause may take the place of a version that a rollback holds. */
export const releasesOf = (cause: TrainingCause): boolean => cause === 'demand' || cause === 'refused' || cause === 'erasure';

/** The library that a snapshot says it was fitted with. */
export function backendOf(snapshot: Snapshot): ModelBackend {
  return MODEL_BACKENDS.find((backend) => backend === snapshot['backend']) ?? 'none';
}

import type { BehaviourDraft, RecordOutcome } from '../behaviour/outcome';
import type { Catalogue } from '../catalogue/catalogue';
import type { Clock } from '../platform/clock';
import type { UserRow } from './import-source';

export interface ImportDeps {
  readonly record: (tenant: string, drafts: readonly BehaviourDraft[]) => Promise<RecordOutcome>;
  readonly catalogue: Pick<Catalogue, 'upsert'>;
  readonly describeUser: (tenant: string, user: UserRow) => Promise<void>;
  /** Whether the store still knows that it took this behaviour. */
  readonly knows: (tenant: string, userId: string, behaviourId: string) => Promise<boolean>;
  readonly clock: Clock;
}

export interface ImportOptions {
  readonly tenant: string;
  readonly checkpointFile: string;
  readonly rejectsFile: string;
  /** `shift`: the newest imported behaviour happens now, the others as long before it as they were. */
  readonly times: 'shift' | 'keep';
  /** Only the first part of the behaviours in time order, in (0, 1]. @default 1 */
  readonly untilFraction?: number;
  /** Forget the checkpoint. */
  readonly restart?: boolean;
  /** What else decides on what is sent, such as the mapping. */
  readonly choice?: string;
  /** @default 2_000 */
  readonly batch?: number;
  readonly onProgress?: (phase: ImportPhase, done: number, total: number | undefined) => void;
}

export type ImportPhase = 'reading' | 'items' | 'users' | 'behaviours';

/** What became of an import, over all its runs. */
export interface ImportReport {
  readonly items: number;
  readonly users: number;
  readonly accepted: number;
  /** In the store already: mostly the batch that was sent last before a crash. */
  readonly duplicates: number;
  readonly repeats: number;
  /** Lines that are in the rejects file. */
  readonly rejected: number;
  /** Behaviours in time order that an earlier run had sent. */
  readonly resumedAt: number;
}

import type { Clock } from '../platform/clock';
import type { ModelRecord, ModelStore, Publication, TrainingCause } from './model-store';
import { releasesOf, type ProcessUsage, type RunResult } from './training-result';

interface PublishDeps {
  readonly store: ModelStore;
  readonly clock: Clock;
  readonly usage: () => ProcessUsage;
}

interface PublishRequest {
  readonly tenant: string;
  readonly cause: TrainingCause;
  readonly optionsDigest: string;
}

/** What a run says of its version. Without `fitSeconds`: since it began to learn; without `backend`: none. */
type OwnRecord = Omit<ModelRecord, 'fitSeconds' | 'backend' | 'sizeBytes' | 'optionsDigest' | keyof ProcessUsage> &
  Partial<Pick<ModelRecord, 'fitSeconds' | 'backend'>>;

/** How every training run that has learnt something ends: its snapshot and the record of it go to the store. */
export async function publishVersion(
  { store, clock, usage }: PublishDeps,
  { tenant, cause, optionsDigest }: PublishRequest,
  snapshot: Buffer,
  own: OwnRecord,
): Promise<RunResult> {
  const record: ModelRecord = {
    ...own,
    ...usage(),
    fitSeconds: own.fitSeconds ?? (clock.now() - own.trainedAt) / 1000,
    backend: own.backend ?? 'none',
    sizeBytes: snapshot.length,
    optionsDigest,
  };
  return published(await store.publish(tenant, record, snapshot, { releases: releasesOf(cause) }), record);
}

/** The result of a run whose version was given to the store. */
function published(publication: Publication, record: ModelRecord): RunResult {
  const { version, check, policyGate: gate } = record;
  const stored = { version, record, ...(check && { check }), ...(gate && { policyGate: gate }) };
  if (publication === 'erased')
    return { outcome: 'skipped', version, message: 'a user was erased meanwhile: a run from now on knows nothing of them' };
  if (publication === 'held') return { outcome: 'held', message: 'a rollback, made meanwhile, holds another version', ...stored };
  if (publication === 'superseded') return { outcome: 'published', message: 'a run that began later was faster', ...stored };
  return { outcome: 'published', ...stored };
}

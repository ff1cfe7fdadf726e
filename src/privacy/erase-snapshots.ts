import type { Clock } from '../platform/clock';
import type { ModelName } from '../push/recommendation-list';
import type { ModelStore, TrainingCause } from '../training/model-store';
import { noteReached, type ErasureReceipt } from './erasure';

export interface EraseSnapshotsDeps {
  readonly store: Pick<ModelStore, 'dropBefore'>;
  readonly trainer: { train(tenant: string, models: readonly ModelName[], cause: TrainingCause): Promise<unknown> };
  readonly clock: Clock;
  /** Models that have snapshots. */
  readonly models: readonly ModelName[];
  /** How long after an erasure new snapshots are asked for, unless they come by themselves. */
  readonly retrainAfterMs: number;
}

/**
 * One step towards a store in which no snapshot has learnt from somebody who was erased: versions that do not serve are deleted at once; the
 * live one when another has taken its place, which is asked for when its time has come; and at `dueAt` whatever takes its place or not.
 */
export async function eraseSnapshots(deps: EraseSnapshotsDeps, tenant: string, receipt: ErasureReceipt): Promise<ErasureReceipt> {
  const { store, trainer, clock, models, retrainAfterMs } = deps;
  const now = clock.now();
  const stale: ModelName[] = [];
  let removed = 0;
  for (const model of models) {
    const dropped = await store.dropBefore(tenant, model, receipt.number!, { keepLive: now < receipt.dueAt });
    removed += dropped.versions;
    if (dropped.stale) stale.push(model);
  }
  const noted = noteReached(receipt, 'snapshots', removed, stale.length === 0 ? now : undefined);
  if (stale.length === 0 || noted.retrainedAt !== undefined || now < receipt.requestedAt + retrainAfterMs) return noted;
  await trainer.train(tenant, stale, 'erasure');
  return { ...noted, retrainedAt: now };
}

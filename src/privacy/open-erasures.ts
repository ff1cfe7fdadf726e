import type { Clock } from '../platform/clock';
import type { TenantSettings } from '../tenants/tenant-settings';
import { endWatchesOfErased, type EndWatchesDeps } from './end-watches.redis';
import { ERASURE_GRACE_MS } from './erasure';
import { RedisErasures, type RedisErasuresDeps } from './erasures.redis';

export interface OpenErasuresDeps extends Omit<EndWatchesDeps, 'tenants'>, Pick<RedisErasuresDeps, 'redis' | 'newId'> {
  readonly tenants: ReadonlyMap<string, TenantSettings>;
  readonly clock: Clock;
  readonly maintenance: { finishErasures(delayMs: number): Promise<void> };
}

/** Erasures as a gateway asks for them. Resolves when watches of users who are erased from now on end. */
export async function openErasures({ tenants, maintenance, ...deps }: OpenErasuresDeps): Promise<RedisErasures> {
  await endWatchesOfErased({ ...deps, tenants: [...tenants.keys()] });
  return new RedisErasures({
    ...deps,
    snapshotsWithinMsOf: (tenant) => tenants.get(tenant)!.privacy.erasure.snapshotsWithinMs,
    ask: () => maintenance.finishErasures(ERASURE_GRACE_MS),
  });
}

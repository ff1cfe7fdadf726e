import type { RedisConnection } from '../../src/platform/redis-connection';
import { archiveShard } from '../../src/behaviour/archive-log';
import type { Catalogue } from '../../src/catalogue/catalogue';
import type { Clock } from '../../src/platform/clock';
import type { Keys } from '../../src/platform/keys';
import { enforceRetention, type RetentionDeps } from '../../src/privacy/enforce-retention.redis';
import { finishErasures, type FinishErasuresDeps } from '../../src/privacy/finish-erasures.redis';
import { NOBODY, profileOfNobody } from '../../src/profile/nobody';
import { itemIdsOf } from '../../src/push/announced-list';
import type { FallbackLists } from '../../src/push/fallback-list';
import type { ListKey, Lists } from '../../src/push/ports';
import { impersonalSurface } from '../../src/ranking/impersonal-surface';
import { rank } from '../../src/ranking/rank';
import { maintenanceJob } from '../../src/training/maintenance-queue.bullmq';
import type { ListMaker } from './recompute-list';
import { writeItems } from './write-items';

export interface MaintenanceDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly tenants: readonly string[];
  readonly catalogue: Catalogue;
  readonly fallback: FallbackLists;
  readonly makerOf: (tenant: string) => ListMaker;
  readonly erasuresOf: (tenant: string) => FinishErasuresDeps;
  readonly lists: Pick<Lists, 'read'>;
  /** Resolves when the request is in the queue. */
  readonly recompute: (key: ListKey) => Promise<void>;
  readonly retentionOf: (tenant: string) => RetentionDeps;
}

/** Job → one piece of housekeeping for the whole store. */
export async function maintain(deps: MaintenanceDeps, data: unknown): Promise<void> {
  const job = maintenanceJob.parse(data);
  switch (job.kind) {
    case 'archive-log':
      for (const tenant of deps.tenants)
        for (let shard = 0; shard < deps.keys.shards; shard++) await archiveShard(deps.retentionOf(tenant), tenant, shard);
      return;
    case 'expire-items':
      for (const tenant of deps.tenants) await expireItems(deps, tenant);
      return;
    case 'publish-fallback':
      for (const tenant of deps.tenants) await publishFallback(deps, tenant);
      return;
    case 'enforce-retention':
      for (const tenant of deps.tenants) await enforceRetention(deps.retentionOf(tenant), tenant);
      return;
    case 'finish-erasures':
      for (const tenant of deps.tenants) await finishErasures(deps.erasuresOf(tenant), tenant);
      return;
  }
}

/** Announces items whose time has come, as if they had been changed, so that every list that shows them is retracted. */
async function expireItems({ redis, keys, clock, catalogue }: MaintenanceDeps, tenant: string): Promise<void> {
  const found = await redis.zrangebyscore(keys.itemExpiry(tenant), '-inf', clock.now(), 'WITHSCORES', 'LIMIT', 0, 500);
  const due = found.filter((_, k) => k % 2 === 0);
  const newest = found.at(-1);
  if (newest === undefined) return;
  await catalogue.patch(
    tenant,
    due.map((id) => ({ id })),
  );
  // By time, not by name: who has been given a later expiry meanwhile stays.
  await redis.zremrangebyscore(keys.itemExpiry(tenant), '-inf', newest);
}

/** Leaves the list of nobody on every surface for the time when no worker is there; those who watch it, as they are not profiled, get the new one. */
async function publishFallback(deps: MaintenanceDeps, tenant: string): Promise<void> {
  const { clock, fallback, makerOf } = deps;
  const maker = makerOf(tenant);
  const { settings, models, catalogue } = maker;
  const now = clock.now();
  const profile = profileOfNobody(tenant);
  for (const [surface, surfaceSettings] of settings.surfaces) {
    const { items } = rank({ profile, models, catalogue, surface: impersonalSurface(surfaceSettings), now });
    await fallback.store(tenant, surface, writeItems(maker, items, { profile, surface, now }));
    if (surfaceSettings.personalisation !== 'always')
      await refreshShared(
        deps,
        { tenant, userId: NOBODY, surface },
        items.map(({ itemId }) => itemId),
      );
  }
}

/** No behaviour of anybody's asks for this list: it follows what is popular when it is watched and other items, or other places, are due. */
async function refreshShared(
  { redis, keys, clock, lists, recompute }: MaintenanceDeps,
  key: ListKey,
  due: readonly string[],
): Promise<void> {
  const lease = await redis.zscore(keys.watched(key.tenant, keys.shardOf(key)), `${key.userId}\n${key.surface}`);
  if (Number(lease ?? 0) < clock.now()) return;
  const { list } = await lists.read(key);
  if (list && itemIdsOf(list).join('\n') !== due.join('\n')) await recompute(key);
}

import type { RedisConnection } from '../../src/platform/redis-connection';
import type { RecomputeReason } from '../../src/behaviour/recompute-requester';
import type { Clock } from '../../src/platform/clock';
import type { Keys } from '../../src/platform/keys';
import type { ListKey } from '../../src/push/ports';

export interface SweepDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly request: (key: ListKey, why: RecomputeReason) => void;
  readonly graceMs: number;
  /** Whether lists of a shard can be made now; while they cannot, it is left as it is. */
  readonly isOpen: (tenant: string, shard: number) => Promise<boolean>;
}

const MOST_AT_A_TIME = 500;

/**
 * Heals a crash between append and request: asks again for every list of a shard that is watched and has been behind its log for
 * longer than the grace; forgets those that nobody watches any more. Returns how many were asked for.
 */
export async function sweepPending(
  { redis, keys, clock, request, graceMs, isOpen }: SweepDeps,
  tenant: string,
  shard: number,
): Promise<number> {
  const now = clock.now();
  const overdue = await redis.zrangebyscore(keys.pending(tenant, shard), '-inf', now - graceMs, 'LIMIT', 0, MOST_AT_A_TIME);
  if (overdue.length === 0 || !(await isOpen(tenant, shard))) return 0;
  const leases = await redis.zmscore(keys.watched(tenant, shard), ...overdue);
  const unwatched = overdue.filter((_, k) => Number(leases[k] ?? 0) < now);
  if (unwatched.length > 0) await redis.zrem(keys.pending(tenant, shard), ...unwatched);
  const watched = overdue.filter((_, k) => Number(leases[k] ?? 0) >= now);
  for (const member of watched) request(listKeyOf(tenant, member), 'sweep');
  return watched.length;
}

/** Every list of a shard that somebody watches now. */
export async function watchedLists(
  { redis, keys, clock }: Pick<SweepDeps, 'redis' | 'keys' | 'clock'>,
  tenant: string,
  shard: number,
): Promise<ListKey[]> {
  const members = await redis.zrangebyscore(keys.watched(tenant, shard), clock.now(), '+inf');
  await redis.zremrangebyscore(keys.watched(tenant, shard), '-inf', `(${clock.now()}`);
  return members.map((member) => listKeyOf(tenant, member));
}

function listKeyOf(tenant: string, member: string): ListKey {
  const [userId, surface] = member.split('\n');
  return { tenant, userId: userId!, surface: surface! };
}

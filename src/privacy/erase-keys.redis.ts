import { join } from 'node:path';
import { isPartOf, type Keys, type UserKey } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import type { RedisConnection } from '../platform/redis-connection';
import { serverClock } from '../platform/server-clock';
import { membersBeginning, scanKeys } from '../platform/scan-keys';
import type { TakenOver } from './erase-history.redis';
import type { People } from './people';

export interface EraseKeysDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
}

const takingBack = new LuaScript(join(__dirname, 'take-back-merged.lua'));

/**
 * Deletes every key of the people, whatever surfaces and parts there are, and takes their ids out of follows of others: one walk over all
 * keys of the tenant. Watches that run are left, and block: they would come back as long as they run.
 */
export async function eraseKeys(deps: EraseKeysDeps, tenant: string, people: People): Promise<void> {
  const { redis, keys } = deps;
  const prefixes = new Map(people.ids.map((userId) => [keys.partsOf({ tenant, userId }), userId]));
  for await (const page of scanKeys(redis, keys.usersOf(tenant))) {
    for (const key of page) {
      const owner = await ownerOf(deps, prefixes, key);
      if (owner === undefined || owner.part === 'watches') continue;
      people.count(owner.part.startsWith('list:') ? 'lists' : 'profile', owner.userId, await redis.del(key));
    }
    const profiles = page.filter((key) => key.includes('}:u:') && key.endsWith(':profile'));
    await Promise.all(
      people.ids.flatMap((userId) => profiles.map(async (key) => people.count('others', userId, await redis.hdel(key, `f:${userId}`)))),
    );
  }
  for (const userId of people.ids) await eraseWatches(deps, { tenant, userId }, people);
}

/** Whose of the people a key is, and which part; undefined: it is not theirs. */
async function ownerOf(
  { redis }: EraseKeysDeps,
  prefixes: ReadonlyMap<string, string>,
  key: string,
): Promise<{ readonly userId: string; readonly part: string } | undefined> {
  for (const [prefix, userId] of prefixes) {
    if (!key.startsWith(prefix)) continue;
    const part = key.slice(prefix.length);
    if (!isPartOf(part)) continue;
    if (!part.startsWith('list:')) return { userId, part };
    const body = await redis.hget(key, 'body'); // `a:list` has parts that begin like the lists of `a`
    if (body === null || !body.includes('"userId":') || body.includes(`"userId":${JSON.stringify(userId)}`)) return { userId, part };
  }
  return undefined;
}

/** Forgets what waits to be computed, and watches that have run out. */
async function eraseWatches({ redis, keys }: EraseKeysDeps, user: UserKey, people: People): Promise<void> {
  const remove = async (key: string): Promise<void> => {
    const members = await membersBeginning(redis, key, [`${user.userId}\n`]);
    if (members.length > 0) people.count('lists', user.userId, await redis.zrem(key, ...members));
  };
  const shard = keys.shardOf(user);
  await remove(keys.pending(user.tenant, shard));
  const clock = await serverClock(redis, keys.watches(user)); // leases are of its time
  if ((await redis.zcount(keys.watches(user), clock.now(), '+inf')) > 0) return people.block(user.userId, 'watch');
  await remove(keys.watched(user.tenant, shard));
  people.count('lists', user.userId, await redis.del(keys.watches(user)));
}

/** Takes behaviours that somebody took over from an erased person out of their live profile. */
export async function eraseTakenOver({ redis, keys }: EraseKeysDeps, tenant: string, taken: TakenOver, people: People): Promise<void> {
  for (const [userId, behaviours] of taken) {
    const user = { tenant, userId };
    await takingBack.run(
      redis,
      [keys.recent(user), keys.ids(user)],
      behaviours.map(({ id }) => id),
    );
    for (const { from } of behaviours) people.count('others', from, 1);
  }
}

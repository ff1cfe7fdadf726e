import type { RedisConnection } from './redis-connection';
import { badInput } from './errors';
import type { Keys } from './keys';

/** Rises when keys or values change in a way that this version cannot read. */
const LAYOUT = 1;

/**
 * Claims a store for this layout and number of shards, or checks that it is the one that was claimed: with another number of shards
 * every user's keys would be looked for in the wrong place.
 * @throws BeckonError BAD_INPUT
 */
export async function claimLayout(redis: RedisConnection, keys: Keys): Promise<void> {
  const mine = JSON.stringify({ layout: LAYOUT, shards: keys.shards });
  await redis.setnx(keys.layout(), mine);
  const held = await redis.get(keys.layout());
  if (held !== mine)
    throw badInput('SHARDS', `the store was made with ${held}, this process is set to ${mine}: SHARDS cannot change under a store`);
}

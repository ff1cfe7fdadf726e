import { join } from 'node:path';
import type { RecomputeRequester } from '../behaviour/recompute-requester';
import type { Keys, UserKey } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import type { RedisConnection } from '../platform/redis-connection';
import { consentEntry, type ConsentEntry, type ConsentLedger } from './consent';

export interface RedisConsentLedgerDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly recompute: RecomputeRequester;
}

/** A stream for each user; where they stand is also in the profile's hash, which every list is made from anyway. */
export class RedisConsentLedger implements ConsentLedger {
  private readonly script = new LuaScript(join(__dirname, 'note-consent.lua'));

  constructor(private readonly deps: RedisConsentLedgerDeps) {}

  async note(user: UserKey, entry: ConsentEntry): Promise<void> {
    const { redis, keys, recompute } = this.deps;
    const surfaces = (await onRedis(() =>
      this.script.run(
        redis,
        [keys.consent(user), keys.profile(user), keys.watches(user), keys.pending(user.tenant, keys.shardOf(user))],
        [user.userId, JSON.stringify(entry), entry.purpose, entry.granted ? '1' : '0', entry.at],
      ),
    )) as string[];
    for (const surface of surfaces) recompute.request({ ...user, surface }, 'profile');
  }

  async read(user: UserKey): Promise<readonly ConsentEntry[]> {
    const entries = await onRedis(() => this.deps.redis.xrange(this.deps.keys.consent(user), '-', '+'));
    return entries.map(([, [, text]]) => consentEntry.parse(JSON.parse(text!)));
  }
}

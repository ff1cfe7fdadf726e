import { join } from 'node:path';

import type { Keys, UserKey } from '../../platform/keys';
import { LuaScript } from '../../platform/lua-script';
import { onRedis } from '../../platform/redis';
import type { RedisConnection } from '../../platform/redis-connection';
import { consentField, decodeStanding, rejectedField, traitField, type Trait, type TraitStanding } from './trait';
import { purposesFor, TRAITS_PURPOSE } from './trait-consent';

/** What training reads and writes of users. */
export interface LearnedUser extends TraitStanding {
  readonly userId: string;
  readonly declared: Readonly<Record<string, string>>;
}

const PAGE = 500;

export class RedisTraitStore {
  private readonly script = new LuaScript(join(__dirname, 'store-traits.lua'));

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
  ) {}

  /** Of those users who consented to anything, or of whom something was inferred. In the order given. */
  async read(tenant: string, userIds: readonly string[]): Promise<LearnedUser[]> {
    const learned: LearnedUser[] = [];
    for (let from = 0; from < userIds.length; from += PAGE) {
      const page = userIds.slice(from, from + PAGE);
      const hashes = await onRedis(() => Promise.all(page.map((userId) => this.redis.hgetall(this.keys.profile({ tenant, userId })))));
      hashes.forEach((hash, k) => {
        const standing = decodeStanding(hash);
        if (!standing) return;
        const declared = hash.attributes === undefined ? {} : (JSON.parse(hash.attributes) as Record<string, string>);
        learned.push({ userId: page[k]!, declared, ...standing });
      });
    }
    return learned;
  }

  /**
   * Puts what was inferred in the place of what was, in one step for each user, of what the user still consents to. Returns how many traits are
   * stored now.
   */
  async replace(user: UserKey, before: readonly Trait[], inferred: readonly Trait[], alsoSensitive: readonly string[]): Promise<number> {
    const gone = before.filter(({ attribute }) => !inferred.some((trait) => trait.attribute === attribute));
    const entries = [
      ...inferred.map((trait) => [trait.attribute, JSON.stringify(trait)] as const),
      ...gone.map(({ attribute }) => [attribute, ''] as const),
    ];
    if (entries.length === 0) return 0;
    const args = entries.flatMap(([attribute, json]) => {
      const [, besides] = purposesFor(attribute, alsoSensitive);
      return [traitField(attribute), json, rejectedField(attribute), besides === undefined ? '' : consentField(besides)];
    });
    const stored = await onRedis(() => this.script.run(this.redis, [this.keys.profile(user)], [consentField(TRAITS_PURPOSE), ...args]));
    return Number(stored);
  }
}

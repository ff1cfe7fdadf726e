import { join } from 'node:path';
import type { RecomputeRequester } from '../behaviour/recompute-requester';
import type { Clock } from '../platform/clock';
import { badInput } from '../platform/errors';
import type { Keys, UserKey } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import type { RedisConnection } from '../platform/redis-connection';
import type { ProfileControl } from './profile-control';

export interface ProfileControlDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly recompute: RecomputeRequester;
}

const MOST_LOCKED = 100;

export class RedisProfileControl implements ProfileControl {
  private readonly interest = new LuaScript(join(__dirname, 'set-interest.lua'));
  private readonly forgetting = new LuaScript(join(__dirname, 'reset-profile.lua'));
  private readonly marking = new LuaScript(join(__dirname, 'update-profile.lua'));

  constructor(private readonly deps: ProfileControlDeps) {}

  async setInterest(user: UserKey, { topic, value, locked }: { topic: string; value: number; locked: boolean }): Promise<void> {
    const done = await this.runInterest(user, [topic, locked ? 'lock' : 'set', value]);
    if (done !== 1) throw badInput('input.locked', `${MOST_LOCKED} interests are locked already: unlock one first`);
    await this.advance(user);
  }

  async unlockInterest(user: UserKey, topic: string): Promise<void> {
    await this.runInterest(user, [topic, 'unlock', '']);
    await this.advance(user);
  }

  async reset(user: UserKey, { keepEdits }: { keepEdits: boolean }): Promise<void> {
    const { redis, keys } = this.deps;
    const learned = [
      keys.recent(user),
      keys.history(user),
      keys.repeats(user),
      keys.interests(user, 'short'),
      keys.interests(user, 'long'),
      keys.notInterested(user),
    ];
    await onRedis(() => this.forgetting.run(redis, [keys.profile(user), ...learned], [keepEdits ? '1' : '0']));
    await this.advance(user);
  }

  private runInterest(user: UserKey, [topic, act, value]: readonly [string, string, string | number]): Promise<unknown> {
    const { redis, keys, clock } = this.deps;
    return onRedis(() =>
      this.interest.run(
        redis,
        [keys.profile(user), keys.interests(user, 'short'), keys.interests(user, 'long')],
        [topic, act, value, clock.now(), MOST_LOCKED],
      ),
    );
  }

  /** After the change, so that a list which is made of what was there before is known to be stale. */
  private async advance(user: UserKey): Promise<void> {
    const { redis, keys, recompute } = this.deps;
    const [, surfaces] = (await onRedis(() =>
      this.marking.run(redis, [keys.profile(user), keys.watches(user), keys.pending(user.tenant, keys.shardOf(user))], [user.userId, 0]),
    )) as [number, string[]];
    for (const surface of surfaces) recompute.request({ ...user, surface }, 'profile');
  }
}

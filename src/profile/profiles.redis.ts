import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { BehaviourLog } from '../behaviour/behaviour-log';
import { decodeLogEntry } from '../behaviour/log-entry';
import type { RecomputeRequester } from '../behaviour/recompute-requester';
import type { Clock } from '../platform/clock';
import { badInput } from '../platform/errors';
import type { Keys, UserKey } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import { decodeProfile, type HalfLives } from './decode-profile';
import type { Profile } from './profile';
import type { ProfileExport, ProfilePatch, Profiles } from './profiles';

export interface ProfilesDeps {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly halfLivesOf: (tenant: string) => HalfLives;
}

export interface ProfileEditDeps extends ProfilesDeps {
  readonly log: BehaviourLog;
  readonly topicsOf: (tenant: string, itemId: string) => readonly string[];
  readonly surfacesOf: (tenant: string) => readonly string[];
  readonly recompute: RecomputeRequester;
  /** Hands the cleaning of the archive to a worker. */
  readonly eraseArchived: (user: UserKey) => Promise<void>;
}

const RECENT = 200;
const HISTORY = 2000;
const PAGE = 1000;

/**
 * The live profile, in one round trip. `seq` is read first: a behaviour recorded meanwhile may already show in the other
 * parts, never the other way round, so a list computed from this may be called applied through `seq`.
 */
export async function readProfile({ redis, keys, clock, halfLivesOf }: ProfilesDeps, user: UserKey): Promise<Profile> {
  const [hash, recent, history, short, long, notInterested] = await onRedis(() =>
    Promise.all([
      redis.hgetall(keys.profile(user)),
      redis.zrevrange(keys.recent(user), 0, RECENT - 1),
      redis.zrevrange(keys.history(user), 0, HISTORY - 1, 'WITHSCORES'),
      redis.hgetall(keys.interests(user, 'short')),
      redis.hgetall(keys.interests(user, 'long')),
      redis.hgetall(keys.notInterested(user)),
    ]),
  );
  return decodeProfile(user, { hash, recent, history, short, long, notInterested }, clock.now(), halfLivesOf(user.tenant));
}

export class RedisProfiles implements Profiles {
  private readonly script = new LuaScript(join(__dirname, 'update-profile.lua'));

  constructor(private readonly deps: ProfileEditDeps) {}

  read(user: UserKey): Promise<Profile> {
    return readProfile(this.deps, user);
  }

  async update(user: UserKey, patch: ProfilePatch): Promise<Profile> {
    const set: Record<string, string> = {};
    const remove: string[] = [];
    if (patch.declaredInterests) set.declared = JSON.stringify(patch.declaredInterests);
    if (patch.attributes) set.attributes = JSON.stringify(patch.attributes);
    if (patch.locale !== undefined) set.locale = patch.locale;
    const now = String(this.deps.clock.now());
    const replace = (prefix: string, before: readonly string[], after: readonly string[]): void => {
      remove.push(...before.filter((name) => !after.includes(name)).map((name) => prefix + name));
      for (const name of after) if (!before.includes(name)) set[prefix + name] = now;
    };
    if (patch.follows || patch.mutedTopics) {
      const { follows, mutedTopics } = await this.read(user);
      if (patch.follows) replace('f:', follows, patch.follows);
      if (patch.mutedTopics) replace('m:', mutedTopics, patch.mutedTopics);
    }
    for (const topic of patch.mute ?? []) set[`m:${topic}`] = now;
    remove.push(...(patch.unmute ?? []).map((topic) => `m:${topic}`));
    await this.edit(user, set, remove);
    return this.read(user);
  }

  private async edit(user: UserKey, set: Readonly<Record<string, string>>, remove: readonly string[]): Promise<void> {
    const { redis, keys, clock, recompute } = this.deps;
    const [, surfaces] = (await onRedis(() =>
      this.script.run(
        redis,
        [keys.profile(user), keys.watches(user), keys.pending(user.tenant, keys.shardOf(user))],
        [user.userId, clock.now(), remove.length, ...remove, ...Object.entries(set).flat()],
      ),
    )) as [number, string[]];
    for (const surface of surfaces) recompute.request({ ...user, surface }, 'profile');
  }

  /**
   * Behaviours are taken over with ids made from the anonymous user and seq, so a second merge adds nothing. The newest
   * 200 are taken: what an anonymous session holds.
   */
  async merge(from: UserKey, into: UserKey): Promise<Profile> {
    if (from.tenant === into.tenant && from.userId === into.userId) throw badInput('anonymousId', 'must not be the signed-in user');
    const { log, clock, topicsOf, halfLivesOf, recompute } = this.deps;
    const anonymous = await this.read(from);
    const behaviours = [...anonymous.recent].reverse().map(({ seq, type, itemId, at, weight }) => ({
      behaviour: { id: `merge:${from.userId.slice(0, 90)}:${seq}`, type, at, ...(itemId !== undefined && { itemId }) },
      userId: into.userId,
      weight,
      debounceMs: 0,
      sentId: true,
    }));
    if (behaviours.length > 0) {
      const { watched } = await log.append({
        user: into,
        behaviours,
        receivedAt: clock.now(),
        ...halfLivesOf(into.tenant),
        topicsOf: (itemId) => topicsOf(into.tenant, itemId),
        mergedFrom: from.userId,
      });
      for (const surface of watched) recompute.request({ ...into, surface }, 'behaviours');
    }
    if (anonymous.mutedTopics.length > 0 || anonymous.declaredInterests.length > 0) {
      const { declaredInterests } = await this.read(into);
      await this.update(into, {
        mute: anonymous.mutedTopics,
        declaredInterests: [...new Set([...declaredInterests, ...anonymous.declaredInterests])],
      });
    }
    await this.forget(from);
    this.requestAll(from);
    return this.read(into);
  }

  async export(user: UserKey): Promise<ProfileExport> {
    const behaviours: LoggedBehaviour[] = [];
    for await (const [, fields] of this.logEntries(user)) behaviours.push(decodeLogEntry(user.tenant, fields));
    return { profile: await this.read(user), behaviours };
  }

  async erase(user: UserKey): Promise<void> {
    const { redis, keys, eraseArchived } = this.deps;
    const stream = keys.log(user.tenant, keys.shardOf(user));
    const entries: string[] = [];
    for await (const [id] of this.logEntries(user)) entries.push(id);
    for (let from = 0; from < entries.length; from += PAGE) await onRedis(() => redis.xdel(stream, ...entries.slice(from, from + PAGE)));
    await this.forget(user);
    await eraseArchived(user);
    this.requestAll(user);
  }

  /** A screen that still watches somebody who is no longer known is shown nobody's list. */
  private requestAll(user: UserKey): void {
    const { recompute, surfacesOf } = this.deps;
    for (const surface of surfacesOf(user.tenant)) recompute.request({ ...user, surface }, 'profile');
  }

  /** Deletes everything of the user but the log and the running watches. */
  private async forget(user: UserKey): Promise<void> {
    const { redis, keys, surfacesOf } = this.deps;
    const lists = surfacesOf(user.tenant).map((surface) => keys.list(user, surface));
    await onRedis(() => redis.del(...keys.profileParts(user), ...lists));
  }

  /** The user's entries of the log, oldest first: a scan of the shard, page by page. */
  private async *logEntries(user: UserKey): AsyncGenerator<[id: string, fields: string[]]> {
    const { redis, keys } = this.deps;
    const stream = keys.log(user.tenant, keys.shardOf(user));
    let from = '-';
    for (;;) {
      const page = await onRedis(() => redis.xrange(stream, from, '+', 'COUNT', PAGE));
      for (const [id, fields] of page) if (fields[fields.indexOf('u') + 1] === user.userId) yield [id, fields];
      if (page.length < PAGE) return;
      from = `(${page[page.length - 1]![0]}`;
    }
  }
}

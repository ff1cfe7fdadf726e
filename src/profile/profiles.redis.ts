import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RedisConnection } from '../platform/redis-connection';
import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { BehaviourLog } from '../behaviour/behaviour-log';
import { decodeLogEntry } from '../behaviour/log-entry';
import type { RecomputeRequester } from '../behaviour/recompute-requester';
import type { Clock } from '../platform/clock';
import { badInput, BeckonError } from '../platform/errors';
import type { Keys, UserKey } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import { decodeProfile, type HalfLives } from './decode-profile';
import type { ConsentLedger } from '../privacy/consent';
import { exportHistory } from '../privacy/export-history.redis';
import type { ErasureReceipt, Erasures } from '../privacy/erasure';
import type { Profile } from './profile';
import type { ProfileExport, ProfilePatch, Profiles } from './profiles';
import { fieldsOf } from './traits/trait-edit';

export interface ProfilesDeps {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly halfLivesOf: (tenant: string) => HalfLives;
}

export interface ProfileEditDeps extends ProfilesDeps {
  readonly log: BehaviourLog;
  readonly topicsOf: (tenant: string, itemId: string) => readonly string[];
  readonly surfacesOf: (tenant: string) => readonly string[];
  readonly recompute: RecomputeRequester;
  readonly erasures: Pick<Erasures, 'begin'>;
  readonly consents: ConsentLedger;
  /** For exports. */
  readonly archiveDir: string;
}

const RECENT = 200;
const HISTORY = 2000;
const PAGE = 1000;
/** How often a merge starts over because the anonymous user did something meanwhile. */
const MERGE_ROUNDS = 5;

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
  private readonly forgetScript = new LuaScript(join(__dirname, 'forget-unchanged.lua'));

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
    const learning = fieldsOf(patch, now);
    await this.edit(user, { ...set, ...learning.set }, [...remove, ...learning.remove]);
    return this.read(user);
  }

  private async edit(user: UserKey, set: Readonly<Record<string, string>>, remove: readonly string[]): Promise<void> {
    const { redis, keys, recompute } = this.deps;
    const [, surfaces] = (await onRedis(() =>
      this.script.run(
        redis,
        [keys.profile(user), keys.watches(user), keys.pending(user.tenant, keys.shardOf(user))],
        [user.userId, remove.length, ...remove, ...Object.entries(set).flat()],
      ),
    )) as [number, string[]];
    for (const surface of surfaces) recompute.request({ ...user, surface }, 'profile');
  }

  /**
   * The newest 200 behaviours are taken: what an anonymous session holds; of each its type, item, time and weight, as the
   * live profile keeps no more. Their ids are made from the anonymous user and the behaviour's own id, so a second merge
   * adds only what is new. Follows, muted topics and declared interests are added; attributes and the locale only where
   * the user has none of their own. What the anonymous user withdrew stays withdrawn, unless the user has said something of it; what was granted is not
   * taken over, as it was nobody's in particular. What the anonymous user does meanwhile is merged too: their profile is only forgotten
   * as it was read.
   * @throws BeckonError BAD_INPUT for the same user twice; UNAVAILABLE when the anonymous user would not stand still.
   */
  async merge(from: UserKey, into: UserKey): Promise<Profile> {
    if (from.tenant === into.tenant && from.userId === into.userId) throw badInput('anonymousId', 'must not be the signed-in user');
    for (let round = 0; round < MERGE_ROUNDS; round++) {
      const anonymous = await this.read(from);
      await this.takeWithdrawals(anonymous, into); // first: the log notes of behaviours what holds when they are appended
      await this.takeBehaviours(anonymous, into);
      await this.takeEdits(anonymous, into);
      if (!(await this.forgetAt(from, anonymous.seq))) continue;
      this.requestAll(from);
      return this.read(into);
    }
    throw new BeckonError('UNAVAILABLE', 'the anonymous user is still being recorded: merge again, nothing is taken twice', {
      retryAfterMs: 1000,
    });
  }

  private async takeWithdrawals({ consents = new Map<string, boolean>() }: Profile, into: UserKey): Promise<void> {
    const withdrawn = [...consents].filter(([, granted]) => !granted);
    if (withdrawn.length === 0) return;
    const own = (await this.read(into)).consents;
    const at = this.deps.clock.now();
    for (const [purpose] of withdrawn) {
      if (!own?.has(purpose)) await this.deps.consents.note(into, { purpose, granted: false, at, source: 'mergeProfile', by: 'user' });
    }
  }

  private async takeBehaviours({ userId: anonymousId, recent }: Profile, into: UserKey): Promise<void> {
    if (recent.length === 0) return;
    const { log, clock, topicsOf, halfLivesOf, recompute } = this.deps;
    const behaviours = [...recent].reverse().map(({ id, type, itemId, at, weight }) => ({
      behaviour: { id: mergedId(anonymousId, id), type, at, ...(itemId !== undefined && { itemId }) },
      userId: into.userId,
      weight,
      debounceMs: 0,
      sentId: true,
    }));
    const { watched, failure } = await log.append({
      user: into,
      behaviours,
      receivedAt: clock.now(), // after the reading: training leaves out what the anonymous user did until then
      ...halfLivesOf(into.tenant),
      topicsOf: (itemId) => topicsOf(into.tenant, itemId),
      mergedFrom: anonymousId,
    });
    for (const surface of watched) recompute.request({ ...into, surface }, 'behaviours');
    if (failure !== undefined) throw failure; // before anything of the anonymous user is forgotten
  }

  /** Takes over what the anonymous user set by hand and whom they follow. */
  private async takeEdits(anonymous: Profile, into: UserKey): Promise<void> {
    const own = await this.read(into);
    const now = String(this.deps.clock.now());
    const set: Record<string, string> = {};
    for (const target of anonymous.follows) if (!own.follows.includes(target)) set[`f:${target}`] = now;
    for (const topic of anonymous.mutedTopics) if (!own.mutedTopics.includes(topic)) set[`m:${topic}`] = now;
    const declared = new Set([...own.declaredInterests, ...anonymous.declaredInterests]);
    if (declared.size > own.declaredInterests.length) set.declared = JSON.stringify([...declared]);
    const attributes = { ...anonymous.attributes, ...own.attributes };
    if (Object.keys(attributes).length > Object.keys(own.attributes).length) set.attributes = JSON.stringify(attributes);
    if (own.locale === undefined && anonymous.locale !== undefined) set.locale = anonymous.locale;
    if (Object.keys(set).length > 0) await this.edit(into, set, []);
  }

  async export(user: UserKey): Promise<ProfileExport> {
    const { behaviours, archive } = await exportHistory(this.deps, user);
    return { profile: await this.read(user), behaviours, archive, consents: await this.deps.consents.read(user) };
  }

  /** The anonymous users whom the log of the user names as merged are the same person: they are erased too. */
  async erase(user: UserKey, by: ErasureReceipt['by']): Promise<ErasureReceipt> {
    const { redis, keys, erasures } = this.deps;
    const held = await this.entriesOfPerson(user);
    // Noted first: from here on a worker goes on with it, whatever becomes of this process.
    const receipt = await erasures.begin(user.tenant, [...held.keys()], by);
    for (const [userId, entries] of held) {
      const one = { tenant: user.tenant, userId };
      await this.forget(one);
      const stream = keys.log(one.tenant, keys.shardOf(one));
      for (let from = 0; from < entries.length; from += PAGE) await onRedis(() => redis.xdel(stream, ...entries.slice(from, from + PAGE)));
      this.requestAll(one);
    }
    return receipt;
  }

  /** Ids of the log entries by user: the user first, then those merged into them, then those merged into these, … */
  private async entriesOfPerson({ tenant, userId }: UserKey): Promise<Map<string, string[]>> {
    const { keys } = this.deps;
    const held = new Map<string, string[]>([[userId, []]]);
    for (let found = [userId]; found.length > 0;) {
      const byShard = new Map<number, Set<string>>();
      for (const id of found) {
        const shard = keys.shardOf({ tenant, userId: id });
        byShard.set(shard, (byShard.get(shard) ?? new Set<string>()).add(id));
      }
      found = [];
      for (const [shard, users] of byShard) {
        for await (const { id, behaviour } of this.logEntries(tenant, shard, users)) {
          held.get(behaviour.userId)!.push(id);
          const { mergedFrom } = behaviour;
          if (mergedFrom === undefined || held.has(mergedFrom)) continue;
          held.set(mergedFrom, []);
          found.push(mergedFrom);
        }
      }
    }
    return held;
  }

  /** A screen that still watches somebody who is no longer known is shown nobody's list. */
  private requestAll(user: UserKey): void {
    const { recompute, surfacesOf } = this.deps;
    for (const surface of surfacesOf(user.tenant)) recompute.request({ ...user, surface }, 'profile');
  }

  /** Deletes everything of the user but the log and the running watches. */
  private async forget(user: UserKey): Promise<void> {
    await onRedis(() => this.deps.redis.del(...this.liveKeys(user)));
  }

  /** The same, unless the user has moved on from `seq`: false then, and nothing is deleted. */
  private async forgetAt(user: UserKey, seq: number): Promise<boolean> {
    return (await onRedis(() => this.forgetScript.run(this.deps.redis, this.liveKeys(user), [seq]))) === 1;
  }

  private liveKeys(user: UserKey): string[] {
    const { keys, surfacesOf } = this.deps;
    const lists = surfacesOf(user.tenant).map((surface) => keys.list(user, surface));
    return [...keys.profileParts(user), ...lists, keys.shownCreatives(user)];
  }

  /** The entries of these users in one shard of the log, oldest first: a scan of the shard, page by page. */
  private async *logEntries(
    tenant: string,
    shard: number,
    users: ReadonlySet<string>,
  ): AsyncGenerator<{ readonly id: string; readonly behaviour: LoggedBehaviour }> {
    const { redis, keys } = this.deps;
    const stream = keys.log(tenant, shard);
    let from = '-';
    for (;;) {
      const page = await onRedis(() => redis.xrange(stream, from, '+', 'COUNT', PAGE));
      for (const [id, fields] of page) {
        if (users.has(fields[fields.indexOf('u') + 1]!)) yield { id, behaviour: decodeLogEntry(tenant, fields) };
      }
      if (page.length < PAGE) return;
      from = `(${page[page.length - 1]![0]}`;
    }
  }
}

/** The same behaviour of the same anonymous user gets the same id, however often and in whatever order it is merged. */
function mergedId(anonymousId: string, behaviourId: string): string {
  return `merge:${createHash('sha256').update(`${anonymousId}\n${behaviourId}`).digest('hex').slice(0, 32)}`;
}

import type { AppendedBehaviours, AppendRequest, BehaviourLog } from '../../src/behaviour/behaviour-log';
import { ManualClock } from '../../src/platform/clock';
import type { UserKey } from '../../src/platform/keys';
import { RedisConsentLedger } from '../../src/privacy/consent-ledger.redis';
import { newReceipt } from '../../src/privacy/erasure';
import { RedisProfiles, type ProfileEditDeps } from '../../src/profile/profiles.redis';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 24, 12);
const clock = new ManualClock(NOW);
const user = (userId: string): UserKey => ({ tenant: TENANT, userId });
let store: TestStore;
let profiles: RedisProfiles;
const begun: (readonly string[])[] = [];
const profileDeps = (): ProfileEditDeps => ({
  redis: store.redis,
  keys: store.keys,
  clock,
  halfLivesOf: () => ({ shortHalfLifeMs: DAY, longHalfLifeMs: 30 * DAY }),
  log: store.recordDeps.log,
  topicsOf: (_, itemId) => (itemId === 'pot' ? ['c:garden'] : []),
  surfacesOf: () => ['home', 'cart'],
  recompute: store.recordDeps.recompute,
  consents: new RedisConsentLedger({ redis: store.redis, keys: store.keys, recompute: store.recordDeps.recompute }),
  archiveDir: '/nowhere',
  erasures: {
    begin: (_tenant, userIds, by) => {
      begun.push(userIds);
      return Promise.resolve(newReceipt({ id: 'r1', requestedAt: NOW, by, ids: userIds.length, dueAt: NOW }));
    },
  },
});

beforeAll(async () => {
  store = await openTestStore({ clock, topics: { pot: ['c:garden'], cup: ['c:kitchen'] } });
  profiles = new RedisProfiles(profileDeps());
});
afterAll(() => store.close());
afterEach(() => void store.requests.splice(0));

describe('RedisProfiles', () => {
  it('reads somebody never seen as empty', async () => {
    expect(await profiles.read(user('nobody'))).toMatchObject({
      seq: 0,
      recent: [],
      interests: { short: [], long: [] },
      counters: {},
      mutedTopics: [],
    });
  });

  it('changes what the user may change, keeps the rest, and advances seq so that lists are stale', async () => {
    await store.record('ann', [{ type: 'view', itemId: 'pot' }]);
    const changed = await profiles.update(user('ann'), {
      declaredInterests: ['c:toys'],
      attributes: { age: '30' },
      follows: ['s1', 's2'],
      mutedTopics: ['c:kitchen'],
      locale: 'de-CH',
    });
    expect(changed).toMatchObject({
      seq: 2,
      declaredInterests: ['c:toys'],
      attributes: { age: '30' },
      mutedTopics: ['c:kitchen'],
      locale: 'de-CH',
      counters: { view: 1 },
    });
    expect([...changed.follows].sort()).toEqual(['s1', 's2']);
    expect(await profiles.update(user('ann'), { follows: ['s2'] })).toMatchObject({ seq: 3, follows: ['s2'], locale: 'de-CH' });
  });

  it('mutes two topics at the same moment without losing one, and unmutes', async () => {
    await Promise.all([profiles.update(user('bob'), { mute: ['c:a'] }), profiles.update(user('bob'), { mute: ['c:b'] })]);
    expect([...(await profiles.read(user('bob'))).mutedTopics].sort()).toEqual(['c:a', 'c:b']);
    expect((await profiles.update(user('bob'), { unmute: ['c:a'] })).mutedTopics).toEqual(['c:b']);
  });

  it('asks for the lists that somebody watches after an edit', async () => {
    await store.redis.zadd(store.keys.watches(user('cid')), Date.now() + 60_000, 'home\tg1'); // of the server's time
    await profiles.update(user('cid'), { mute: ['c:a'] });
    expect(store.requests).toEqual([{ key: { ...user('cid'), surface: 'home' }, why: 'profile' }]);
  });

  it('takes over what an anonymous user did, once', async () => {
    await store.record('anon-1', [
      { id: 'x1', type: 'view', itemId: 'pot', at: NOW - 2000 },
      { id: 'x2', type: 'not_interested', itemId: 'cup', at: NOW - 1000 },
    ]);
    await profiles.update(user('anon-1'), { mute: ['c:noise'] });
    await store.record('dan', [{ id: 'd1', type: 'view', itemId: 'cup', at: NOW - 5000 }]);
    const merged = await profiles.merge(user('anon-1'), user('dan'));
    expect(merged.recent.map(({ type, itemId }) => `${type} ${itemId}`)).toEqual(['not_interested cup', 'view pot', 'view cup']);
    expect([...merged.notInterested.keys()]).toEqual(['cup']);
    expect(merged.mutedTopics).toEqual(['c:noise']);
    expect(merged.interests.short.find(({ topic }) => topic === 'c:garden')!.value).toBeGreaterThan(0);
    expect(await profiles.read(user('anon-1'))).toMatchObject({ seq: 0, recent: [] });
    const again = await profiles.merge(user('anon-1'), user('dan'));
    expect(again.recent).toHaveLength(3);
  });

  it('takes over what the anonymous user did after an earlier merge', async () => {
    const view = (itemId: string, id?: string) => ({ type: 'view', itemId, ...(id !== undefined && { id }) });
    await store.record('anon-2', [view('a', 'A')]);
    await profiles.merge(user('anon-2'), user('gil'));
    await store.record('anon-2', [view('b', 'B'), view('c')]);
    const merged = await profiles.merge(user('anon-2'), user('gil'));
    expect(merged.recent.map(({ itemId }) => itemId).sort()).toEqual(['a', 'b', 'c']);
    await store.record('anon-2', [view('b', 'B')]); // sent again: it was merged already
    expect((await profiles.merge(user('anon-2'), user('gil'))).recent).toHaveLength(3);
  });

  it('keeps two anonymous users apart whose long ids begin alike', async () => {
    const ids = ['1', '2'].map((end) => `anon-${'x'.repeat(110)}${end}`);
    for (const id of ids) await store.record(id, [{ id: 'first', type: 'view', itemId: 'pot' }]);
    for (const id of ids) await profiles.merge(user(id), user('hal'));
    expect((await profiles.read(user('hal'))).recent).toHaveLength(2);
  });

  it('takes over follows and settings, and lets the own attributes and locale win', async () => {
    await store.record('anon-3', [{ type: 'follow', target: 's1' }]);
    const own = { declaredInterests: ['c:toys'], attributes: { age: '30' }, follows: ['s2'], locale: 'de-CH' };
    await profiles.update(user('anon-3'), {
      declaredInterests: ['c:garden', 'c:toys'],
      attributes: { age: '20', size: 'M' },
      mutedTopics: ['c:noise'],
      locale: 'fr',
    });
    await profiles.update(user('ina'), own);
    const merged = await profiles.merge(user('anon-3'), user('ina'));
    expect([...merged.follows].sort()).toEqual(['s1', 's2']);
    expect(merged).toMatchObject({
      declaredInterests: ['c:toys', 'c:garden'],
      attributes: { age: '30', size: 'M' },
      mutedTopics: ['c:noise'],
      locale: 'de-CH',
    });
    await profiles.update(user('anon-3'), { locale: 'fr' });
    expect((await profiles.merge(user('anon-3'), user('jo'))).locale).toBe('fr');
  });

  it('merges what is recorded between the reading and the forgetting', async () => {
    const log = new RacingLog(store.recordDeps.log, 1, () => store.record('anon-4', [{ id: 'late', type: 'view', itemId: 'cup' }]));
    await store.record('anon-4', [{ id: 'early', type: 'view', itemId: 'pot' }]);
    const merged = await new RedisProfiles({ ...profileDeps(), log }).merge(user('anon-4'), user('kim'));
    expect(merged.recent.map(({ itemId }) => itemId).sort()).toEqual(['cup', 'pot']);
    expect(await profiles.read(user('anon-4'))).toMatchObject({ seq: 0, recent: [] });
  });

  it('gives up on an anonymous user who never rests, and has lost nothing', async () => {
    const log = new RacingLog(store.recordDeps.log, 5, (n) => store.record('anon-5', [{ id: `l${n}`, type: 'view', itemId: `i${n}` }]));
    await store.record('anon-5', [{ id: 'early', type: 'view', itemId: 'pot' }]);
    await expect(new RedisProfiles({ ...profileDeps(), log }).merge(user('anon-5'), user('lea'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    const merged = await profiles.merge(user('anon-5'), user('lea'));
    expect(merged.recent).toHaveLength(6);
  });

  it('refuses to merge a user into themselves', async () => {
    await expect(profiles.merge(user('dan'), user('dan'))).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'anonymousId' });
  });

  it('exports everything that is held of the user and nothing of others', async () => {
    await store.record('eve', [
      { id: 'e1', type: 'purchase', itemId: 'pot', price: 9 },
      { id: 'e2', type: 'search', query: 'rakes' },
    ]);
    const { profile, behaviours } = await profiles.export(user('eve'));
    expect(profile.seq).toBe(2);
    expect(behaviours).toMatchObject([
      { userId: 'eve', id: 'e1', price: 9 },
      { userId: 'eve', id: 'e2', query: 'rakes' },
    ]);
    expect(behaviours).toHaveLength(2);
  });

  it('erases the user from profile, lists and log, notes that a worker has to go on with it, and leaves the neighbours alone', async () => {
    const [fay, neighbour] = sameShard();
    await store.record(fay, [{ id: 'f1', type: 'view', itemId: 'pot' }]);
    await store.record(neighbour, [{ id: 'n1', type: 'view', itemId: 'pot' }]);
    await store.redis.hset(store.keys.list(user(fay), 'cart'), 'body', '{}');
    expect(await profiles.erase(user(fay), 'operator')).toMatchObject({ by: 'operator', ids: 1 });
    const left = await store.redis.keys(`*u:${fay}:*`);
    expect(left).toEqual([]);
    expect((await profiles.export(user(fay))).behaviours).toEqual([]);
    expect((await profiles.export(user(neighbour))).behaviours).toHaveLength(1);
    expect(begun).toEqual([[fay]]);
    expect(store.requests.map(({ key }) => key.surface).sort()).toEqual(['cart', 'home']);
  });

  it('erases the anonymous users who were merged into the user, through several hands and shards', async () => {
    const [first, second, third] = inOtherShards('mia');
    await store.record(first, [{ id: 'm1', type: 'view', itemId: 'pot' }]);
    await profiles.merge(user(first), user(second));
    await profiles.merge(user(second), user('mia'));
    await store.record(third, [{ id: 'm2', type: 'view', itemId: 'cup' }]);
    await profiles.merge(user(third), user('mia'));
    await store.record(third, [{ id: 'm3', type: 'view', itemId: 'pot' }]); // after the merge: still the same person
    await store.record('ned', [{ id: 'n1', type: 'view', itemId: 'pot' }]);
    begun.splice(0);
    await profiles.erase(user('mia'), 'user');
    for (const id of ['mia', first, second, third]) {
      expect(await profiles.export(user(id))).toMatchObject({ profile: { seq: 0, recent: [] }, behaviours: [] });
    }
    expect(begun).toHaveLength(1);
    expect([...begun[0]!].sort()).toEqual(['mia', first, second, third].sort());
    expect((await profiles.export(user('ned'))).behaviours).toHaveLength(1);
  });
});

/** Two users whose entries lie in the same stream. */
function sameShard(): [string, string] {
  const [first, ...others] = Array.from({ length: 50 }, (_, n) => `shared-${n}`);
  const shard = store.keys.shardOf(user(first!));
  return [first!, others.find((other) => store.keys.shardOf(user(other)) === shard)!];
}

/** Three anonymous users of whom none shares a shard with the user. */
function inOtherShards(userId: string): [string, string, string] {
  const ids = Array.from({ length: 50 }, (_, n) => `anon-other-${n}`);
  const [a, b, c] = ids.filter((id) => store.keys.shardOf(user(id)) !== store.keys.shardOf(user(userId)));
  return [a!, b!, c!];
}

/** A log after whose first appends something else happens. */
class RacingLog implements BehaviourLog {
  private appends = 0;

  constructor(
    private readonly inner: BehaviourLog,
    private readonly races: number,
    private readonly meanwhile: (append: number) => Promise<unknown>,
  ) {}

  async append(request: AppendRequest): Promise<AppendedBehaviours> {
    const appended = await this.inner.append(request);
    if (this.appends++ < this.races) await this.meanwhile(this.appends);
    return appended;
  }
}

import { ManualClock } from '../../src/platform/clock';
import type { UserKey } from '../../src/platform/keys';
import { RedisProfiles } from '../../src/profile/profiles.redis';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 24, 12);
const clock = new ManualClock(NOW);
const user = (userId: string): UserKey => ({ tenant: TENANT, userId });
let store: TestStore;
let profiles: RedisProfiles;
const erasedFromArchive: UserKey[] = [];

beforeAll(async () => {
  store = await openTestStore({ clock, topics: { pot: ['c:garden'], cup: ['c:kitchen'] } });
  profiles = new RedisProfiles({
    redis: store.redis,
    keys: store.keys,
    clock,
    halfLivesOf: () => ({ shortHalfLifeMs: DAY, longHalfLifeMs: 30 * DAY }),
    log: store.recordDeps.log,
    topicsOf: (_, itemId) => (itemId === 'pot' ? ['c:garden'] : []),
    surfacesOf: () => ['home', 'cart'],
    recompute: store.recordDeps.recompute,
    eraseArchived: (erased) => Promise.resolve(void erasedFromArchive.push(erased)),
  });
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
    await store.redis.zadd(store.keys.watches(user('cid')), NOW + 1000, 'home\tg1');
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

  it('erases the user from profile, lists and log, hands the archive to a worker, and leaves the neighbours alone', async () => {
    const [fay, neighbour] = sameShard();
    await store.record(fay, [{ id: 'f1', type: 'view', itemId: 'pot' }]);
    await store.record(neighbour, [{ id: 'n1', type: 'view', itemId: 'pot' }]);
    await store.redis.hset(store.keys.list(user(fay), 'cart'), 'body', '{}');
    await profiles.erase(user(fay));
    const left = await store.redis.keys(`*u:${fay}:*`);
    expect(left).toEqual([]);
    expect((await profiles.export(user(fay))).behaviours).toEqual([]);
    expect((await profiles.export(user(neighbour))).behaviours).toHaveLength(1);
    expect(erasedFromArchive).toEqual([user(fay)]);
    expect(store.requests.map(({ key }) => key.surface).sort()).toEqual(['cart', 'home']);
  });
});

/** Two users whose entries lie in the same stream. */
function sameShard(): [string, string] {
  const [first, ...others] = Array.from({ length: 50 }, (_, n) => `shared-${n}`);
  const shard = store.keys.shardOf(user(first!));
  return [first!, others.find((other) => store.keys.shardOf(user(other)) === shard)!];
}

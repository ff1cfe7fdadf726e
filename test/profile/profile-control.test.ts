import { ManualClock } from '../../src/platform/clock';
import type { UserKey } from '../../src/platform/keys';
import type { Profile } from '../../src/profile/profile';
import { RedisProfileControl } from '../../src/profile/profile-control.redis';
import { readProfile } from '../../src/profile/profiles.redis';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const DAY = 86_400_000;
const clock = new ManualClock(Date.UTC(2026, 10, 24, 12));
const user = (userId: string): UserKey => ({ tenant: TENANT, userId });
let store: TestStore;
let control: RedisProfileControl;
const read = (userId: string): Promise<Profile> =>
  readProfile(
    { redis: store.redis, keys: store.keys, clock, halfLivesOf: () => ({ shortHalfLifeMs: DAY, longHalfLifeMs: 30 * DAY }) },
    user(userId),
  );
const garden = async (userId: string) => (await read(userId)).interests.short.find(({ topic }) => topic === 'c:garden');

const INFERRED = { attribute: 'segment', value: 'fan', probability: 0.8, model: 'tree', path: [], at: 1 };
beforeAll(async () => {
  store = await openTestStore({ clock, topics: { pot: ['c:garden'], cup: ['c:kitchen'] } });
  control = new RedisProfileControl({ redis: store.redis, keys: store.keys, clock, recompute: store.recordDeps.recompute });
});
afterAll(() => store.close());

describe('an interest', () => {
  it('that is set fades and is learned from there', async () => {
    await control.setInterest(user('ann'), { topic: 'c:garden', value: 4, locked: false });
    expect(await garden('ann')).toEqual({ topic: 'c:garden', value: 4 });
    clock.advance(DAY);
    expect((await garden('ann'))!.value).toBeCloseTo(2, 6);
    await store.record('ann', [{ type: 'purchase', itemId: 'pot' }]);
    expect((await garden('ann'))!.value).toBeCloseTo(3, 6); // a purchase weighs 1
  });

  it('that is locked neither fades nor changes, until it is unlocked: then from where it was', async () => {
    await store.record('bob', [{ type: 'purchase', itemId: 'pot' }]);
    await control.setInterest(user('bob'), { topic: 'c:garden', value: -2, locked: true });
    await store.record('bob', [
      { type: 'purchase', itemId: 'pot' },
      { type: 'view', itemId: 'cup' },
    ]);
    clock.advance(10 * DAY);
    expect(await garden('bob')).toEqual({ topic: 'c:garden', value: -2, locked: true });
    expect((await read('bob')).interests.long.find(({ topic }) => topic === 'c:garden')).toEqual({
      topic: 'c:garden',
      value: -2,
      locked: true,
    });
    await control.unlockInterest(user('bob'), 'c:garden');
    expect(await garden('bob')).toEqual({ topic: 'c:garden', value: -2 });
    clock.advance(DAY);
    expect((await garden('bob'))!.value).toBeCloseTo(-1, 6);
  });

  it('that is changed makes lists stale and asks for those that are watched', async () => {
    await store.redis.zadd(store.keys.watches(user('cid')), Date.now() + 60_000, 'home\tg1'); // of the server's time
    store.requests.splice(0);
    await control.setInterest(user('cid'), { topic: 't:wool', value: 1, locked: true });
    expect((await read('cid')).seq).toBe(1);
    expect(store.requests).toEqual([{ key: { ...user('cid'), surface: 'home' }, why: 'profile' }]);
  });

  it('can be locked a hundred times, not more', async () => {
    for (let n = 0; n < 100; n++) await control.setInterest(user('dan'), { topic: `t:${n}`, value: 1, locked: true });
    await expect(control.setInterest(user('dan'), { topic: 't:more', value: 1, locked: true })).rejects.toMatchObject({
      field: 'input.locked',
    });
    await control.setInterest(user('dan'), { topic: 't:7', value: 2, locked: true }); // one that is locked already
    await control.setInterest(user('dan'), { topic: 't:more', value: 1, locked: false });
  });
});

describe('a reset', () => {
  const teach = async (userId: string): Promise<void> => {
    await store.record(userId, [
      { id: 'one', type: 'purchase', itemId: 'pot' },
      { type: 'not_interested', itemId: 'cup' },
      { type: 'follow', target: 's1' },
    ]);
    await control.setInterest(user(userId), { topic: 't:wool', value: 3, locked: true });
    await store.redis.hset(store.keys.profile(user(userId)), 'declared', '["c:toys"]');
  };

  it('forgets what was learned and keeps what was set by hand, the count of behaviours and who the user is', async () => {
    await teach('eve');
    const fields = ['p:traits', '1', 'r:age', '1', 'x:segment', JSON.stringify(INFERRED)];
    await store.redis.hset(store.keys.profile(user('eve')), ...fields);
    expect((await read('eve')).learning!.traits).toEqual([INFERRED]);
    await control.reset(user('eve'), { keepEdits: true });
    const profile = await read('eve');
    expect(profile).toMatchObject({ seq: 5, recent: [], counters: {}, declaredInterests: ['c:toys'], follows: ['s1'] });
    expect(profile.learning).toEqual({ consents: ['traits'], rejected: ['age'], traits: [] });
    expect(profile.history.size + profile.notInterested.size).toBe(0);
    expect(profile.interests.long).toEqual([{ topic: 't:wool', value: 3, locked: true }]);
    const { recorded } = await store.record('eve', [{ id: 'one', type: 'purchase', itemId: 'pot' }]);
    expect(recorded[0]).toMatchObject({ status: 'duplicate', seq: 1 });
  });

  it('forgets what was set by hand too, where that is wanted', async () => {
    await teach('fay');
    await control.reset(user('fay'), { keepEdits: false });
    expect(await read('fay')).toMatchObject({ seq: 5, declaredInterests: [], follows: [], interests: { short: [], long: [] } });
  });
});

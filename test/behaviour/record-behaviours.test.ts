import { RedisBehaviourLog } from '../../src/behaviour/behaviour-log.redis';
import { decodeLogEntry } from '../../src/behaviour/log-entry';
import { recordBehaviours } from '../../src/behaviour/record-behaviours';
import { ManualClock } from '../../src/platform/clock';
import { BeckonError } from '../../src/platform/errors';
import { readProfile } from '../../src/profile/profiles.redis';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 24, 12);
const clock = new ManualClock(NOW);
let store: TestStore;
const halfLives = { shortHalfLifeMs: DAY, longHalfLifeMs: 30 * DAY };
const profileOf = (userId: string) =>
  readProfile({ redis: store.redis, keys: store.keys, clock, halfLivesOf: () => halfLives }, { tenant: TENANT, userId });
const logOf = async (userId: string) => {
  const entries = await store.redis.xrange(store.keys.log(TENANT, store.keys.shardOf({ tenant: TENANT, userId })), '-', '+');
  return entries.map(([, fields]) => decodeLogEntry(TENANT, fields)).filter((entry) => entry.userId === userId);
};

beforeAll(async () => {
  store = await openTestStore({ clock, topics: { pot: ['c:garden', 't:clay'], cup: ['c:kitchen'] } });
});
afterAll(() => store.close());
afterEach(() => store.requests.splice(0));

describe('recordBehaviours on Redis', () => {
  it('appends, numbers and returns each behaviour with the seq of its user', async () => {
    const outcome = await store.record('ann', [
      { id: 'a1', type: 'view', itemId: 'pot' },
      { id: 'a2', type: 'purchase', itemId: 'cup', price: 3.5, quantity: 2 },
    ]);
    expect(outcome).toEqual({
      recorded: [
        { index: 0, id: 'a1', userId: 'ann', status: 'accepted', seq: 1 },
        { index: 1, id: 'a2', userId: 'ann', status: 'accepted', seq: 2 },
      ],
      rejected: [],
      users: [{ userId: 'ann', seq: 2 }],
    });
    expect(await logOf('ann')).toEqual([
      { tenant: TENANT, userId: 'ann', seq: 1, weight: 0.1, id: 'a1', type: 'view', itemId: 'pot', at: NOW, receivedAt: NOW, previous: [] },
      {
        tenant: TENANT,
        userId: 'ann',
        seq: 2,
        weight: 1,
        id: 'a2',
        type: 'purchase',
        itemId: 'cup',
        at: NOW,
        receivedAt: NOW,
        previous: ['pot'],
        price: 3.5,
        quantity: 2,
      },
    ]);
  });

  it('keeps an id once: the second time is a duplicate with the seq of the first', async () => {
    await store.record('bob', [{ id: 'b1', type: 'like', itemId: 'pot' }]);
    const again = await store.record('bob', [
      { id: 'b1', type: 'like', itemId: 'pot' },
      { id: 'b2', type: 'like', itemId: 'cup' },
    ]);
    expect(again.recorded).toMatchObject([
      { status: 'duplicate', seq: 1 },
      { status: 'accepted', seq: 2 },
    ]);
    expect(await logOf('bob')).toHaveLength(2);
  });

  it('drops machine-like repeats within the time of their type, and not after it', async () => {
    const view = (id: string, at: number) => ({ id, type: 'view', itemId: 'pot', at });
    const { recorded } = await store.record('cid', [view('c1', NOW - 5000), view('c2', NOW - 4500), view('c3', NOW - 3900)]);
    expect(recorded.map(({ status }) => status)).toEqual(['accepted', 'repeat', 'accepted']);
  });

  it('rejects a bad behaviour by index and keeps the others', async () => {
    const outcome = await store.record('dan', [
      { type: 'view', itemId: 'pot' },
      { type: 'stare', itemId: 'pot' },
      { type: 'view', itemId: 'cup' },
    ]);
    expect(outcome.rejected).toMatchObject([{ index: 1, code: 'UNKNOWN_TYPE', field: 'type' }]);
    expect(outcome.recorded.map(({ index }) => index)).toEqual([0, 2]);
  });

  it('puts late behaviours where they belong in time', async () => {
    await store.record('eve', [{ id: 'e1', type: 'view', itemId: 'pot', at: NOW - 1000 }]);
    await store.record('eve', [{ id: 'e2', type: 'view', itemId: 'cup', at: NOW - DAY }]);
    const profile = await profileOf('eve');
    expect(profile.recent.map(({ id }) => id)).toEqual(['e1', 'e2']);
    expect([...profile.history]).toEqual([
      ['pot', NOW - 1000],
      ['cup', NOW - DAY],
    ]);
    expect((await logOf('eve'))[1]!.previous).toEqual([]); // nothing came before it in time
  });

  it('halves an interest with each half-life, and adds what is late as it would weigh now', async () => {
    await store.record('fay', [{ type: 'purchase', itemId: 'pot', at: NOW }]); // 1
    await store.record('fay', [{ type: 'purchase', itemId: 'pot', at: NOW - DAY }]); // 1, a day old: a half
    const { interests } = await profileOf('fay');
    const short = Object.fromEntries(interests.short.map(({ topic, value }) => [topic, value]));
    expect(short['c:garden']).toBeCloseTo(1.5, 6);
    expect(short['t:clay']).toBeCloseTo(1.5, 6);
    expect(interests.long[0]!.value).toBeCloseTo(1 + 2 ** (-1 / 30), 6);
  });

  it('counts by type, follows, and remembers and forgets what is not interesting', async () => {
    await store.record('gus', [
      { type: 'follow', target: 'seller-1' },
      { type: 'not_interested', itemId: 'pot' },
      { type: 'not_interested', itemId: 'cup' },
      { type: 'undo_not_interested', itemId: 'pot' },
    ]);
    const profile = await profileOf('gus');
    expect(profile.follows).toEqual(['seller-1']);
    expect([...profile.notInterested.keys()]).toEqual(['cup']);
    expect(profile.counters).toEqual({ follow: 1, not_interested: 2, undo_not_interested: 1 });
  });

  it('has no item as seen that was only spoken against: taking that back brings it back', async () => {
    await store.record('gil', [
      { type: 'dislike', itemId: 'pot' },
      { type: 'not_interested', itemId: 'cup' },
    ]);
    const refused = await profileOf('gil');
    expect([...refused.notInterested.keys()].sort()).toEqual(['cup', 'pot']);
    expect(refused.history.size).toBe(0);
    await store.record('gil', [
      { type: 'like', itemId: 'pot' },
      { type: 'undo_not_interested', itemId: 'cup' },
    ]);
    const again = await profileOf('gil');
    expect(again.notInterested.size).toBe(0);
    expect([...again.history.keys()]).toEqual(['pot']);
  });

  it('asks for the lists that are watched, once a surface, and marks them as behind', async () => {
    const hal = { tenant: TENANT, userId: 'hal' };
    const later = Date.now() + 60_000; // leases are of the server's time
    await store.redis.zadd(store.keys.watches(hal), later, 'home\tg1', later, 'home\tg2', later, 'cart\tg1', 1, 'product\tg1');
    await store.record('hal', [{ type: 'view', itemId: 'pot' }]);
    expect(store.requests.map(({ key, why }) => `${key.userId} ${key.surface} ${why}`).sort()).toEqual([
      'hal cart behaviours',
      'hal home behaviours',
    ]);
    expect(await store.redis.zrange(store.keys.pending(TENANT, store.keys.shardOf(hal)), 0, -1)).toEqual(
      expect.arrayContaining(['hal\nhome', 'hal\ncart']),
    );
  });

  it('asks for nothing when nobody watches', async () => {
    await store.record('ida', [{ type: 'view', itemId: 'pot' }]);
    expect(store.requests).toEqual([]);
  });

  it('keeps a batch of 600 of one user whole and in order', async () => {
    const drafts = Array.from({ length: 600 }, (_, n) => ({ id: `j${n}`, type: 'view', itemId: `item-${n}` }));
    const { users, recorded } = await store.record('jay', drafts);
    expect(users).toEqual([{ userId: 'jay', seq: 600 }]);
    expect(recorded.map(({ seq }) => seq)).toEqual(drafts.map((_, n) => n + 1));
    const profile = await profileOf('jay');
    expect(profile.recent).toHaveLength(200);
    expect(profile.history.size).toBe(600);
    expect((await logOf('jay')).at(-1)!.previous).toHaveLength(30);
  });

  it('keeps the first 250 of a long batch when the store fails after them, and rejects the rest with their ids', async () => {
    const redis = store.connect('fails-later');
    const run = jest.spyOn(redis, 'evalsha');
    run.mockImplementationOnce((...args) => store.redis.evalsha(...args));
    run.mockRejectedValueOnce(new Error('connection lost'));
    const deps = { ...store.recordDeps, log: new RedisBehaviourLog(redis, store.keys) };
    const drafts = Array.from({ length: 252 }, (_, n) => ({
      userId: 'lou',
      type: 'view',
      itemId: `item-${n}`,
      ...(n !== 251 && { id: `l${n}` }),
    }));
    const { recorded, rejected, users } = await recordBehaviours(deps, { tenant: TENANT, drafts, receivedAt: NOW });
    expect(users).toEqual([{ userId: 'lou', seq: 250 }]);
    expect(recorded).toHaveLength(250);
    expect(rejected).toMatchObject([
      { index: 250, code: 'UNAVAILABLE' },
      { index: 251, code: 'UNAVAILABLE', id: expect.any(String) as string },
    ]);
    expect(rejected[0]).not.toHaveProperty('id');
    const again = drafts.map((draft, n) => (n === 251 ? { ...draft, id: rejected[1]!.id } : draft));
    const healed = await recordBehaviours(store.recordDeps, { tenant: TENANT, drafts: again, receivedAt: NOW });
    expect(healed.recorded.filter(({ status }) => status === 'accepted').map(({ index }) => index)).toEqual([250, 251]);
    expect(await logOf('lou')).toHaveLength(252);
  });

  it('refuses everything with OVERLOADED while too much is waiting', async () => {
    const admit = (): never => {
      throw new BeckonError('OVERLOADED', 'too much', { retryAfterMs: 1000 });
    };
    const deps = { ...store.recordDeps, admit };
    const drafts = [{ userId: 'kim', type: 'view', itemId: 'pot' }];
    await expect(recordBehaviours(deps, { tenant: TENANT, drafts, receivedAt: NOW })).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryable: true,
    });
    expect(await logOf('kim')).toEqual([]);
  });
});

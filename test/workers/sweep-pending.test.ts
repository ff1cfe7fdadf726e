import type { ListKey } from '../../src/push/ports';
import { ManualClock } from '../../src/platform/clock';
import { sweepPending, watchedLists } from '../../workers/processors/sweep-pending';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const NOW = Date.UTC(2026, 10, 24);
const clock = new ManualClock(NOW);
let store: TestStore;
const asked: ListKey[] = [];
let isOpen = true;
const sweep = () =>
  sweepPending(
    {
      redis: store.redis,
      keys: store.keys,
      clock,
      request: (key) => void asked.push(key),
      graceMs: 1000,
      isOpen: () => Promise.resolve(isOpen),
    },
    TENANT,
    0,
  );

beforeAll(async () => {
  store = await openTestStore({ clock });
});
afterAll(() => store.close());

describe('sweepPending', () => {
  it('asks again for watched lists that are overdue, leaves young ones alone, and forgets the unwatched', async () => {
    await store.redis.zadd(store.keys.pending(TENANT, 0), NOW - 5000, 'old\nhome', NOW - 500, 'young\nhome', NOW - 5000, 'left\nhome');
    await store.redis.zadd(store.keys.watched(TENANT, 0), NOW + 1000, 'old\nhome', NOW + 1000, 'young\nhome', NOW - 1, 'left\nhome');
    expect(await sweep()).toBe(1);
    expect(asked).toEqual([{ tenant: TENANT, userId: 'old', surface: 'home' }]);
    expect(await store.redis.zrange(store.keys.pending(TENANT, 0), 0, -1)).toEqual(['old\nhome', 'young\nhome']);
  });

  it('asks for none while lists cannot be made, and forgets none', async () => {
    isOpen = false;
    expect(await sweep()).toBe(0);
    isOpen = true;
    expect(await sweep()).toBe(1);
  });

  it('lists what is watched now', async () => {
    const watched = await watchedLists({ redis: store.redis, keys: store.keys, clock }, TENANT, 0);
    expect(watched.map(({ userId }) => userId).sort()).toEqual(['old', 'young']);
  });
});

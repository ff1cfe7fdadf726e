import { RedisWatchLeases } from '../../src/push/watch-leases.redis';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const LEASE_MS = 60_000;
const USERS = 500;
const key = (n: number) => ({ tenant: TENANT, userId: `user-${n}`, surface: 'home' });
const everybody = Array.from({ length: USERS }, (_, n) => key(n));

describe('watch leases', () => {
  let store: TestStore;
  let own: RedisWatchLeases;
  let other: RedisWatchLeases;
  const watchedUsers = async (): Promise<number> => {
    const counts = await Promise.all(
      Array.from({ length: store.keys.shards }, (_, shard) => store.redis.zcard(store.keys.watched(TENANT, shard))),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const commands = async (): Promise<number> =>
    Number(/cmdstat_evalsha:calls=(\d+)/.exec(await store.redis.info('commandstats'))?.[1] ?? 0);

  beforeAll(async () => {
    store = await openTestStore();
    own = new RedisWatchLeases(store.redis, store.keys, 'own', LEASE_MS);
    other = new RedisWatchLeases(store.redis, store.keys, 'other', LEASE_MS);
  });
  afterAll(() => store.close());

  it('of thousands that leave at once end in few commands, and leave those of another gateway alone', async () => {
    await own.renew(everybody);
    await other.renew([key(7)]);
    await own.release(key(0)); // from here on the store knows the script
    const before = await commands();
    await Promise.all(everybody.slice(1).map((each) => own.release(each)));
    expect((await commands()) - before).toBeLessThanOrEqual(2 * store.keys.shards);
    expect(await watchedUsers()).toBe(1);
    expect(await store.redis.zrange(store.keys.watches(key(7)), 0, -1)).toEqual(['home\tother']);
    await other.release(key(7));
    expect(await watchedUsers()).toBe(0);
  });

  it('are kept when a watcher leaves and comes back in one turn', async () => {
    await own.renew([key(1)]);
    await Promise.all([own.release(key(1)), own.renew([key(1)])]);
    expect(await watchedUsers()).toBe(1);
    await Promise.all([own.renew([key(1)]), own.release(key(1))]);
    expect(await watchedUsers()).toBe(0);
  });

  it('that cannot be ended tell whoever asked', async () => {
    const connection = store.redis.duplicate();
    const cutOff = new RedisWatchLeases(connection, store.keys, 'cut-off', LEASE_MS);
    connection.disconnect();
    const outcomes = await Promise.allSettled([cutOff.release(key(1)), cutOff.release(key(2))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

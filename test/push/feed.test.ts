import { RedisFeed } from '../../src/push/feed.redis';
import { RedisLists } from '../../src/push/lists.redis';
import type { Lists } from '../../src/push/ports';
import { BeckonError } from '../../src/platform/errors';
import { eventually } from '../support/eventually';
import { bodyOf } from '../support/lists';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const KEY = { tenant: TENANT, userId: 'ann', surface: 'home' };
let store: TestStore;
let feed: RedisFeed;
let lists: RedisLists;
/** Reads that fail yet, as those over a connection that comes back later than the feed's. */
let failing = 0;

beforeEach(async () => {
  failing = 0;
  store = await openTestStore();
  lists = new RedisLists(store.redis, store.keys, () => 'e');
  const reading: Pick<Lists, 'read'> = {
    read: (key) => (failing-- > 0 ? Promise.reject(new BeckonError('UNAVAILABLE', 'the store does not answer')) : lists.read(key)),
  };
  const { keys, log } = store;
  feed = new RedisFeed({ channels: store.listen('feed'), keys, tenants: [TENANT], lists: { ...lists, ...reading } as Lists, log });
  await feed.open();
});
afterEach(async () => {
  await feed.close();
  await store.close();
});

it('delivers what is announced to whoever listens, until they stop', async () => {
  const heard: number[] = [];
  const stop = await feed.listen(KEY, ({ revision }) => heard.push(revision));
  await lists.replace(bodyOf('ann', ['a']));
  await eventually(() => expect(heard).toEqual([1]));
  await stop();
  expect(feed.listenerCount).toBe(0);
});

it('reads again what was announced while its connection was broken, also when that does not succeed at first', async () => {
  const heard: number[] = [];
  await feed.listen(KEY, ({ revision }) => heard.push(revision));
  await lists.replace(bodyOf('ann', ['a']));
  await eventually(() => expect(heard).toEqual([1]));
  failing = 2;
  // What happens while the feed is away: its connection is cut and the list replaced in one step of the server.
  await store.redis.multi().call('CLIENT', 'KILL', 'TYPE', 'pubsub').call('HSET', store.keys.list(KEY, 'home'), 'revision', '2').exec();
  await eventually(() => expect(heard).toEqual([1, 2]));
  expect(failing).toBeLessThan(1);
});

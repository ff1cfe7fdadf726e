import { AnnouncedList } from '../../src/push/announced-list';
import { RedisFeed } from '../../src/push/feed.redis';
import { RedisLists } from '../../src/push/lists.redis';
import type { Lists } from '../../src/push/ports';
import type { RecommendationList } from '../../src/push/recommendation-list';
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
let wholeReads = 0;
/** What happens between the answer of the store and its arrival. */
let onRead: (() => Promise<void>) | undefined;

beforeEach(async () => {
  failing = 0;
  wholeReads = 0;
  store = await openTestStore();
  lists = new RedisLists(store.redis, store.keys, () => 'e');
  const reading: Pick<Lists, 'read'> = {
    read: async (key) => {
      if (failing-- > 0) throw new BeckonError('UNAVAILABLE', 'the store does not answer');
      const stored = await lists.read(key);
      await onRead?.();
      return stored;
    },
  };
  const { keys, log } = store;
  feed = new RedisFeed({
    channels: store.listen('feed'),
    keys,
    tenants: [TENANT],
    lists: { ...lists, ...reading } as Lists,
    log,
    onReadWhole: () => wholeReads++,
  });
  await feed.open();
});
afterEach(async () => {
  await feed.close();
  await store.close();
});

it('delivers what is announced to whoever listens, until they stop', async () => {
  const heard: number[] = [];
  const stop = await feed.listen(KEY, ({ revision }) => heard.push(revision) > 0);
  await lists.replace(bodyOf('ann', ['a']));
  await eventually(() => expect(heard).toEqual([1]));
  await stop();
  expect(feed.listenerCount).toBe(0);
});

it('reads again what was announced while its connection was broken, also when that does not succeed at first', async () => {
  const heard: number[] = [];
  await feed.listen(KEY, ({ revision }) => heard.push(revision) > 0);
  await lists.replace(bodyOf('ann', ['a']));
  await eventually(() => expect(heard).toEqual([1]));
  failing = 2;
  // What happens while the feed is away: its connection is cut and the list replaced in one step of the server.
  await store.redis.multi().call('CLIENT', 'KILL', 'TYPE', 'pubsub').call('HSET', store.keys.list(KEY, 'home'), 'revision', '2').exec();
  await eventually(() => expect(heard).toEqual([1, 2]));
  expect(failing).toBeLessThan(1);
});

it('gives a list that was announced without its body whole to whoever needs it, reading the store once for all', async () => {
  const heard: string[] = [];
  const listener = (name: string, needsBody: boolean) => (list: RecommendationList) => {
    const isWhole = !(list instanceof AnnouncedList) || list.hasBody;
    heard.push(`${name} ${list.revision} ${isWhole ? 'whole' : 'texts'}`);
    return isWhole || !needsBody;
  };
  await feed.listen(KEY, listener('ann', false));
  await feed.listen(KEY, listener('bob', true));
  await feed.listen(KEY, listener('cid', true));
  failing = 1;
  const prepared = { texts: [{ shape: 's', pieces: ['x'] }], suffices: true };
  await lists.replace(bodyOf('ann', ['a']), prepared);
  await lists.replace(bodyOf('ann', ['b']), prepared);
  await eventually(() => expect(wholeReads).toBe(2)); // the second one after the first: it was announced meanwhile
  await eventually(() => expect(heard.slice(-3)).toEqual(['ann 2 whole', 'bob 2 whole', 'cid 2 whole']));
  expect(heard.filter((line) => line.endsWith('texts'))).toHaveLength(6);
});

it('does not give a list that was overtaken by another announcement while it was read', async () => {
  const heard: string[] = [];
  await feed.listen(KEY, (list) => {
    const isWhole = !(list instanceof AnnouncedList) || list.hasBody;
    heard.push(`${list.revision} ${isWhole ? 'whole' : 'texts'}`);
    return isWhole;
  });
  onRead = async () => {
    onRead = undefined;
    await lists.replace(bodyOf('ann', ['b']));
    await eventually(() => expect(heard).toContain('2 whole'));
  };
  await lists.replace(bodyOf('ann', ['a']), { texts: [{ shape: 's', pieces: ['x'] }], suffices: true });
  await eventually(() => expect(heard).toEqual(['1 texts', '2 whole', '2 whole']));
});

it('reads again while the store knows nothing of the epoch that was announced: it may be read from a server that has been replaced', async () => {
  const heard: string[] = [];
  await feed.listen(KEY, ({ epoch, revision }, isStored) => {
    heard.push(`${epoch} ${revision}${isStored ? ' stored' : ''}`);
    return isStored || epoch === 'e';
  });
  await lists.replace(bodyOf('ann', ['a']));
  const message = `ann\nhome\nf\n1\n${JSON.stringify(bodyOf('ann', ['b']))}`;
  await store.redis.publish(store.keys.feed(TENANT, store.keys.shardOf(KEY)), message);
  await eventually(() => expect(heard).toEqual(['e 1', 'f 1', 'e 1 stored']));
  await store.redis.hset(store.keys.list(KEY, 'home'), 'epoch', 'f');
  await eventually(() => expect(heard.at(-1)).toBe('f 1 stored'));
});

it('delivers to everybody else when one who listens fails', async () => {
  const heard: number[] = [];
  await feed.listen(KEY, () => {
    throw new Error('cannot');
  });
  await feed.listen(KEY, ({ revision }) => heard.push(revision) > 0);
  await lists.replace(bodyOf('ann', ['a']));
  await eventually(() => expect(heard).toEqual([1]));
});

it('gives a list whole when its texts do not suffice', async () => {
  const heard: RecommendationList[] = [];
  await feed.listen(KEY, (list) => heard.push(list) > 0);
  await lists.replace(bodyOf('ann', ['a']), { texts: [{ shape: 's', pieces: ['x'] }], suffices: false });
  await eventually(() => expect(heard).toMatchObject([{ hasBody: true, items: [{ itemId: 'a' }] }]));
  expect(wholeReads).toBe(0);
});

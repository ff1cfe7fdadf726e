import type { Item } from '../../src/catalogue/item';
import { systemClock } from '../../src/platform/clock';
import { AnnouncedList } from '../../src/push/announced-list';
import { RedisFeed } from '../../src/push/feed.redis';
import { RedisLists } from '../../src/push/lists.redis';
import { NOTHING_PREPARED, type PreparedList } from '../../src/push/prepared-texts';
import type { ListBody, RecommendationList } from '../../src/push/recommendation-list';
import { readRecommendations } from '../../src/push/read-recommendations';
import { retractItems } from '../../src/push/retract-items';
import { RedisWatchLeases } from '../../src/push/watch-leases.redis';
import { watchRecommendations, type ListMailbox, type WatchDeps } from '../../src/push/watch-recommendations';
import { WatchedLists } from '../../src/push/watched-lists';
import { eventually } from '../support/eventually';
import { bodyOf } from '../support/lists';
import { openTestStore, TENANT, type TestStore } from '../support/store';

let store: TestStore;
let lists: RedisLists;
let feed: RedisFeed;
let watched: WatchedLists;
let deps: WatchDeps;
let made = 0;
const neededWhole: string[] = [];
const items = new Map<string, Item>();
const key = (userId: string) => ({ tenant: TENANT, userId, surface: 'home' });
const itemOf = (id: string, hidden = false): Item => ({ id, title: id, categories: [], tags: [], hidden, promoted: false, version: 1 });
const next = async (mailbox: AsyncIterator<RecommendationList>) => (await mailbox.next()).value as RecommendationList;

const collected = (mailbox: ListMailbox): RecommendationList[] => {
  const got: RecommendationList[] = [];
  void (async () => {
    for await (const list of mailbox) got.push(list);
  })();
  return got;
};

beforeAll(async () => {
  store = await openTestStore();
  lists = new RedisLists(store.redis, store.keys, () => `epoch-${++made}`);
  feed = new RedisFeed({ channels: store.listen('feed'), keys: store.keys, tenants: [TENANT], lists, log: store.log });
  await feed.open();
  watched = new WatchedLists(new RedisWatchLeases(store.redis, store.keys, 'g1', 60_000), store.log, 20_000);
  for (const id of ['a', 'b', 'c', 'd']) items.set(id, itemOf(id));
  deps = {
    feed,
    lists,
    watched,
    recompute: store.recordDeps.recompute,
    catalogueOf: () => ({ get: (id) => items.get(id), size: items.size, values: () => items.values() }),
    digestOf: () => 'd',
    fallback: ({ userId }) =>
      Promise.resolve({ ...bodyOf(userId, ['d'], { fallback: { level: 5, name: 'newest' } }), epoch: 'fallback', revision: 0 }),
    onWholeNeeded: ({ userId }) => void neededWhole.push(userId),
    firstListDeadlineMs: 60_000,
    clock: systemClock,
    log: store.log,
  };
});
afterAll(async () => {
  watched.close();
  await feed.close();
  await store.close();
});
afterEach(() => void store.requests.splice(0));

describe('watchRecommendations', () => {
  it('delivers the current list, then each newer one', async () => {
    await lists.replace(bodyOf('ann', ['a']));
    const mailbox = await watchRecommendations(deps, key('ann'));
    expect(await next(mailbox)).toMatchObject({ revision: 1, items: [{ itemId: 'a' }] });
    await lists.replace(bodyOf('ann', ['b']));
    expect(await next(mailbox)).toMatchObject({ revision: 2, items: [{ itemId: 'b' }] });
    await mailbox.return();
  });

  it('delivers nothing to a client that has the current list, until it changes', async () => {
    const { position } = (await lists.replace(bodyOf('bob', ['a'])))!;
    const mailbox = await watchRecommendations(deps, key('bob'), position);
    const waiting = next(mailbox);
    await lists.replace(bodyOf('bob', ['b']));
    expect(await waiting).toMatchObject({ revision: 2 });
    await mailbox.return();
  });

  it('asks for a recompute when there is no list, and shows the fallback when none is made', async () => {
    const mailbox = await watchRecommendations({ ...deps, firstListDeadlineMs: 200 }, key('cid'));
    expect(store.requests).toMatchObject([{ key: key('cid'), why: 'request' }]);
    expect(await next(mailbox)).toMatchObject({ epoch: 'fallback', fallback: { name: 'newest' } });
    await lists.replace(bodyOf('cid', ['a']));
    expect(await next(mailbox)).toMatchObject({ revision: 1, items: [{ itemId: 'a' }] });
    await mailbox.return();
  });

  it('delivers a list that is behind at once, and asks for a new one', async () => {
    await lists.replace(bodyOf('dan', ['a'], { digest: 'of other models' }));
    const mailbox = await watchRecommendations(deps, key('dan'));
    expect(await next(mailbox)).toMatchObject({ revision: 1 });
    expect(store.requests).toMatchObject([{ key: key('dan'), why: 'request' }]);
    await mailbox.return();
  });

  it('holds a list back whose words name a price that has changed, and delivers the one that is made anew', async () => {
    items.set('a', { ...itemOf('a'), price: 5 });
    const worded = (price: number): ListBody => {
      const body = bodyOf('eli', ['a']);
      const creative = { arm: 'story', segment: 'new', share: 1, propensity: 1, price };
      return { ...body, items: body.items.map((item) => ({ ...item, creative })) };
    };
    await lists.replace(worded(5));
    const before = await watchRecommendations(deps, key('eli'));
    expect(await next(before)).toMatchObject({ revision: 1 });
    await before.return();
    items.set('a', { ...itemOf('a'), price: 9 });
    const mailbox = await watchRecommendations(deps, key('eli'));
    expect(store.requests).toMatchObject([{ key: key('eli'), why: 'request' }]);
    await lists.replace(worded(9));
    expect(await next(mailbox)).toMatchObject({ revision: 2 });
    await mailbox.return();
    items.set('a', itemOf('a'));
  });

  it('asks for a recompute when the store holds less than it has told: it came back without its last lists', async () => {
    await lists.replace(bodyOf('zoe', ['a']));
    const { position } = (await lists.replace(bodyOf('zoe', ['b'])))!;
    const mailbox = await watchRecommendations(deps, key('zoe'));
    await next(mailbox);
    expect(store.requests).toEqual([]);
    await store.redis.hset(store.keys.list(key('zoe'), 'home'), 'revision', 1);
    const resumed = await watchRecommendations(deps, key('zoe'), position);
    const shown = collected(resumed);
    expect(store.requests).toMatchObject([{ key: key('zoe'), why: 'request' }]);
    const { list } = await lists.read(key('zoe'));
    await store.redis.publish(
      store.keys.feed(TENANT, store.keys.shardOf(key('zoe'))),
      `zoe\nhome\n${list!.epoch}\n${list!.revision}\n${JSON.stringify(list)}`,
    );
    await eventually(() => expect(store.requests.length).toBe(2)); // the first watcher has seen a later one
    await store.redis.hset(store.keys.list(key('zoe'), 'home'), 'run', 'before');
    await lists.replace(bodyOf('zoe', ['c']));
    await eventually(() => expect(shown.map(({ items: [first] }) => first!.itemId)).toEqual(['c'])); // and not the one before
    await Promise.all([mailbox.return(), resumed.return()]);
  });

  it('shows no list that a replaced server announces late, and one that really begins anew as it is stored', async () => {
    const own = key('nina');
    const announce = (epoch: string, revision: number, itemId: string): Promise<unknown> =>
      store.redis.publish(
        store.keys.feed(TENANT, store.keys.shardOf(own)),
        `nina\nhome\n${epoch}\n${revision}\n${JSON.stringify(bodyOf('nina', [itemId]))}`,
      );
    await lists.replace(bodyOf('nina', ['a']));
    const got = collected(await watchRecommendations(deps, own));
    await announce('of-the-replaced-one', 226, 'b');
    await lists.replace(bodyOf('nina', ['c']));
    await eventually(() => expect(got.at(-1)).toMatchObject({ revision: 2 }));
    await store.redis.hset(store.keys.list(own, 'home'), 'run', 'of another server');
    await lists.replace(bodyOf('nina', ['d']));
    await eventually(() => expect(got.at(-1)).toMatchObject({ revision: 1 }));
    expect(got.map(({ revision, items: [first] }) => [revision, first!.itemId])).toEqual([
      [1, 'a'],
      [2, 'c'],
      [1, 'd'],
    ]);
  });

  it('leaves no listener, no lease and no mark behind', async () => {
    const before = { listeners: feed.listenerCount, watched: watched.size };
    const mailbox = await watchRecommendations(deps, key('eve'));
    expect(await store.redis.zcard(store.keys.watches(key('eve')))).toBe(1);
    const waiting = mailbox.next();
    await mailbox.return();
    expect(await waiting).toMatchObject({ done: true });
    expect({ listeners: feed.listenerCount, watched: watched.size }).toEqual(before);
    expect(await store.redis.exists(store.keys.watches(key('eve')))).toBe(0);
    expect(await store.redis.zscore(store.keys.watched(TENANT, store.keys.shardOf(key('eve'))), 'eve\nhome')).toBeNull();
  });

  it('takes an item back from a stored list, announces that, and asks for a refill', async () => {
    await lists.replace(bodyOf('fay', ['a', 'b']));
    const mailbox = await watchRecommendations(deps, key('fay'));
    const shown = await next(mailbox);
    expect([...watched.showing(TENANT, 'b')].map(({ userId }) => userId)).toEqual(['fay']);
    await retractItems(deps, shown, ['b']);
    expect(await next(mailbox)).toMatchObject({ revision: 2, items: [{ itemId: 'a' }], cause: { kind: 'retraction', itemIds: ['b'] } });
    expect(store.requests).toMatchObject([{ key: key('fay'), why: 'retraction' }]);
    await mailbox.return();
  });

  it('never shows an item that has become unavailable after the list was made', async () => {
    items.set('c', itemOf('c', true));
    const mailbox = await watchRecommendations(deps, key('gus'));
    await lists.replace(bodyOf('gus', ['c', 'a']));
    expect(await next(mailbox)).toMatchObject({ items: [{ itemId: 'a' }] });
    await eventually(async () => expect((await lists.read(key('gus'))).list).toMatchObject({ revision: 2, items: [{ itemId: 'a' }] }));
    await mailbox.return();
  });

  describe('of a list that is announced as texts alone', () => {
    const prepared: PreparedList = { texts: [{ shape: 's', pieces: ['{}'] }], suffices: true };
    const taken = (mailbox: ListMailbox, shape: string) => {
      const lists: RecommendationList[] = [];
      mailbox.listen({
        onReady: () => void lists.push(mailbox.take()!),
        onFailure: (error) => {
          throw error;
        },
        canUse: (list) => list instanceof AnnouncedList && list.piecesFor({ id: shape, pieces: 1 }) !== undefined,
      });
      return lists;
    };

    it('delivers it to whoever can do with a text', async () => {
      const mailbox = await watchRecommendations(deps, key('ida'));
      const got = taken(mailbox, 's');
      await lists.replace(bodyOf('ida', ['a', 'b']), prepared);
      await eventually(() => expect(got).toHaveLength(1));
      expect(got[0]).toMatchObject({ revision: 1, hasBody: false, itemIds: ['a', 'b'] });
      expect(neededWhole).not.toContain('ida');
      expect([...watched.showing(TENANT, 'b')].map(({ userId }) => userId)).toEqual(['ida']);
      await mailbox.return();
    });

    it.each([
      ['jan', 'has another selection', (mailbox: ListMailbox) => taken(mailbox, 'another')],
      ['kim', 'reads one after the other', (mailbox: ListMailbox) => collected(mailbox)],
    ] as const)('reads it from the store for %s, who %s, and says that lists are needed whole', async (user, _why, collect) => {
      const mailbox = await watchRecommendations(deps, key(user));
      const got = collect(mailbox);
      for (const id of ['a', 'b', 'd']) await lists.replace(bodyOf(user, [id]), prepared);
      await eventually(() => expect(got.at(-1)).toMatchObject({ revision: 3, items: [{ itemId: 'd' }] }));
      expect(neededWhole).toContain(user);
      await mailbox.return();
    });

    it('reads it from the store when an item has become unavailable, and takes that back', async () => {
      items.set('d', itemOf('d', true));
      const mailbox = await watchRecommendations(deps, key('mia'));
      const got = taken(mailbox, 's');
      await lists.replace(bodyOf('mia', ['d', 'a']), prepared);
      await eventually(() => expect(got.at(-1)).toMatchObject({ revision: 2, items: [{ itemId: 'a' }] }));
      expect(neededWhole).not.toContain('mia');
      items.set('d', itemOf('d'));
      await mailbox.return();
    });
  });

  it('reads again what was announced while the connection was broken', async () => {
    await lists.replace(bodyOf('hal', ['a']));
    const mailbox = await watchRecommendations(deps, key('hal'));
    expect(await next(mailbox)).toMatchObject({ revision: 1 });
    const waiting = next(mailbox);
    await store.redis.client('KILL', 'TYPE', 'pubsub');
    await lists.replace(bodyOf('hal', ['b']));
    expect(await waiting).toMatchObject({ revision: 2, items: [{ itemId: 'b' }] });
    await mailbox.return();
  });
});

describe('readRecommendations', () => {
  const reading = () => ({ ...deps, readDeadlineMs: 300 });

  it('answers from the store when the list is up to date', async () => {
    await lists.replace(bodyOf('ira', ['a']));
    expect(await readRecommendations(reading(), { key: key('ira') })).toMatchObject({ stale: false, list: { revision: 1 } });
    expect(store.requests).toEqual([]);
  });

  it.each([
    ['jo', 'announced whole', NOTHING_PREPARED],
    ['joe', 'announced as texts alone', { texts: [{ shape: 's', pieces: ['{}'] }], suffices: true }],
  ])('waits for the list that has applied the demanded behaviour: %s, %s', async (user, _how, prepared) => {
    await lists.replace(bodyOf(user, ['a']));
    await store.redis.hset(store.keys.profile(key(user)), 'seq', 3);
    const reply = readRecommendations({ ...reading(), readDeadlineMs: 5000 }, { key: key(user), minSeq: 3 });
    await eventually(() => expect(store.requests).toHaveLength(1));
    await lists.replace(bodyOf(user, ['b'], { appliedThrough: 3 }), prepared);
    expect(await reply).toMatchObject({ stale: false, list: { appliedThrough: 3, items: [{ itemId: 'b' }] } });
  });

  it('says that it is not yet there when the deadline passes', async () => {
    await expect(readRecommendations(reading(), { key: key('kim'), minSeq: 7 })).rejects.toMatchObject({
      code: 'NOT_YET_APPLIED',
      retryable: true,
      field: 'minSeq',
    });
  });

  it('answers with the fallback, marked stale, when there is nothing else', async () => {
    expect(await readRecommendations(reading(), { key: key('lea') })).toMatchObject({
      stale: true,
      list: { epoch: 'fallback', items: [{ itemId: 'd' }] },
    });
  });
});

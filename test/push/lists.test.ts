import { RedisLists } from '../../src/push/lists.redis';
import { eventually } from '../support/eventually';
import { bodyOf } from '../support/lists';
import { openTestStore, TENANT, type TestStore } from '../support/store';

let store: TestStore;
let lists: RedisLists;
let epochs = 0;
const key = (userId: string) => ({ tenant: TENANT, userId, surface: 'home' });
const reach = (userId: string, seq: number) => store.redis.hset(store.keys.profile(key(userId)), 'seq', seq);

beforeAll(async () => {
  store = await openTestStore();
  lists = new RedisLists(store.redis, store.keys, () => `epoch-${++epochs}`);
});
afterAll(() => store.close());

describe('RedisLists', () => {
  it('gives each list of a user the next revision of one epoch', async () => {
    const first = await lists.replace(bodyOf('ann', ['a']));
    const second = await lists.replace(bodyOf('ann', ['b']));
    expect(first).toMatchObject({ position: { revision: 1 } });
    expect(second).toEqual({ position: { epoch: first!.position.epoch, revision: 2 }, seq: 0 });
    expect((await lists.read(key('ann'))).list).toMatchObject({ revision: 2, items: [{ itemId: 'b' }] });
  });

  it('refuses a list computed from older behaviour', async () => {
    await reach('bob', 5);
    await lists.replace(bodyOf('bob', ['new'], { appliedThrough: 5 }));
    expect(await lists.replace(bodyOf('bob', ['old'], { appliedThrough: 4 }))).toBeUndefined();
    expect((await lists.read(key('bob'))).list).toMatchObject({ revision: 1, items: [{ itemId: 'new' }] });
  });

  it('begins a new epoch when the list knows more than the profile: the store has lost behaviour', async () => {
    await reach('cid', 9);
    const before = await lists.replace(bodyOf('cid', ['a'], { appliedThrough: 9 }));
    await reach('cid', 3);
    const after = await lists.replace(bodyOf('cid', ['b'], { appliedThrough: 3 }));
    expect(after!.position.epoch).not.toBe(before!.position.epoch);
    expect(after!.position.revision).toBe(1);
  });

  it('amends a list only while it is the expected one', async () => {
    const { position } = (await lists.replace(bodyOf('dan', ['a', 'b'])))!;
    expect(await lists.amend(bodyOf('dan', ['a']), position)).toEqual({ ...position, revision: 2 });
    expect(await lists.amend(bodyOf('dan', ['b']), position)).toBeUndefined();
    expect((await lists.read(key('dan'))).list).toMatchObject({ items: [{ itemId: 'a' }] });
  });

  it('says that a list is no longer pending once it has applied everything', async () => {
    await reach('eve', 2);
    const pending = store.keys.pending(TENANT, store.keys.shardOf(key('eve')));
    await store.redis.zadd(pending, 1, 'eve\nhome');
    await lists.replace(bodyOf('eve', ['a'], { appliedThrough: 1 }));
    expect(await store.redis.zscore(pending, 'eve\nhome')).toBe('1');
    await lists.replace(bodyOf('eve', ['a'], { appliedThrough: 2 }));
    expect(await store.redis.zscore(pending, 'eve\nhome')).toBeNull();
  });

  it('keeps the highest appliedThrough whatever the order in which concurrent workers finish', async () => {
    await reach('fay', 20);
    await Promise.all(Array.from({ length: 20 }, (_, n) => lists.replace(bodyOf('fay', [`i${20 - n}`], { appliedThrough: 20 - n }))));
    expect((await lists.read(key('fay'))).list).toMatchObject({ appliedThrough: 20, items: [{ itemId: 'i20' }] });
  });

  it('begins a new epoch after a restart of the store, which may have lost lists that watchers have seen', async () => {
    const before = (await lists.replace(bodyOf('gus', ['a'])))!;
    await store.server.kill9();
    await store.server.restart();
    await eventually(() => expect(store.redis.status).toBe('ready'));
    const after = (await lists.replace(bodyOf('gus', ['b'])))!;
    expect(after.position).toEqual({ epoch: expect.not.stringMatching(`^${before.position.epoch}$`) as unknown, revision: 1 });
    expect((await lists.replace(bodyOf('gus', ['c'])))!.position).toEqual({ epoch: after.position.epoch, revision: 2 });
  });

  it('reads no list, and the seq, of somebody who has none', async () => {
    expect(await lists.read(key('nobody'))).toEqual({ list: undefined, seq: 0 });
  });
});

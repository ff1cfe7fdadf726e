import type { LoggedBehaviour } from '../../src/behaviour/behaviour';
import { systemClock } from '../../src/platform/clock';
import type { ConsentSettings } from '../../src/privacy/consent';
import { RedisConsentLedger } from '../../src/privacy/consent-ledger.redis';
import { mayTeach, readLearnable } from '../../src/training/learnable-history';
import { openTestStore, TENANT, type TestStore } from '../support/store';

let store: TestStore;
let ledger: RedisConsentLedger;

beforeAll(async () => {
  store = await openTestStore();
  ledger = new RedisConsentLedger({ redis: store.redis, keys: store.keys, recompute: store.recordDeps.recompute });
});
afterAll(() => store.close());

const say = (userId: string, granted: boolean): Promise<void> =>
  ledger.note({ tenant: TENANT, userId }, { purpose: 'training', granted, at: systemClock.now(), source: 'test', by: 'user' });
const view = (userId: string, itemId: string): Promise<unknown> => store.record(userId, [{ type: 'view', itemId }]);

/** What a run learns from, as `user item`, of all shards; what a merge left as `user ←anonymous`. */
async function learnt(consent: ConsentSettings = { required: [] }): Promise<string[]> {
  const found: LoggedBehaviour[] = [];
  const deps = { redis: store.redis, keys: store.keys, archiveDir: '/nowhere', consent };
  for (let shard = 0; shard < store.keys.shards; shard++)
    for await (const behaviour of readLearnable(deps, TENANT, shard, new Map())) found.push(behaviour);
  return found.map(({ userId, itemId, mergedFrom }) => `${userId} ${itemId ?? `←${mergedFrom}`}`).sort();
}

describe('what may be learnt from', () => {
  it('is everything until somebody withdraws: then nothing of theirs, also not of before', async () => {
    for (const userId of ['ann', 'bob']) await view(userId, 'pot');
    expect(await learnt()).toEqual(['ann pot', 'bob pot']);
    await say('bob', false);
    await view('bob', 'cup');
    expect(await learnt()).toEqual(['ann pot']);
  });

  it('granted again, is what was recorded before and after, but not what was recorded meanwhile', async () => {
    await say('bob', true);
    await view('bob', 'pan');
    expect(await learnt()).toEqual(['ann pot', 'bob pan', 'bob pot']);
  });

  it('where a grant is required, is that of users who granted it', async () => {
    expect(await learnt({ required: ['training'] })).toEqual(['bob pan', 'bob pot']);
  });

  it('holds of a merge by somebody who withdrew that it was one, or the anonymous user’s own would count again', async () => {
    await say('cid', false);
    const { redis, keys, recordDeps } = store;
    await recordDeps.log.append({
      ...{
        user: { tenant: TENANT, userId: 'cid' },
        receivedAt: systemClock.now(),
        shortHalfLifeMs: 1,
        longHalfLifeMs: 1,
        topicsOf: () => [],
      },
      behaviours: [{ behaviour: { id: 'm1', type: 'view', at: 1, itemId: 'pot' }, userId: 'cid', weight: 1, debounceMs: 0, sentId: true }],
      mergedFrom: 'anon',
    });
    expect(await learnt()).toContain('cid ←anon');
    expect(
      (await redis.xrevrange(keys.log(TENANT, keys.shardOf({ tenant: TENANT, userId: 'cid' })), '+', '-', 'COUNT', 1))[0]![1],
    ).toContain('c');
  });

  it('is told live from what the log says of the moment of recording', () => {
    expect([mayTeach({ required: [] }, {}), mayTeach({ required: [] }, { training: false })]).toEqual([true, false]);
    expect([mayTeach({ required: ['training'] }, {}), mayTeach({ required: ['training'] }, { training: true })]).toEqual([false, true]);
  });
});

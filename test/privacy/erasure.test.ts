import { RedisAuditLog } from '../../src/gateway/auth/audit-log.redis';
import { RedisRevocations } from '../../src/gateway/auth/revocations.redis';
import { ManualClock, systemClock } from '../../src/platform/clock';
import { finishErasures } from '../../src/privacy/finish-erasures.redis';
import { RedisLists } from '../../src/push/lists.redis';
import { BullRecomputeQueue } from '../../src/push/recompute-queue.bullmq';
import { bodyOf } from '../support/lists';
import { TENANT } from '../support/store';
import { findTexts } from '../support/store-search';
import { openErasureBench, userOf, type ErasureBench } from './erasure-support';

const ANN = 'ann-7f3a9c';
const ANONYMOUS = 'anon-5d21e8';
const OLDER = 'anon-older-0b44';
const clock = new ManualClock(systemClock.now());
let bench: ErasureBench;

beforeAll(async () => {
  bench = await openErasureBench(clock);
});
afterAll(() => bench.close());

/** Leaves traces of the person everywhere that anything is kept of anybody. */
async function leaveTraces(): Promise<{ mergedId: string }> {
  const { store, profiles } = bench;
  const { redis, keys } = store;
  await redis.config('SET', 'slowlog-log-slower-than', '0', 'slowlog-max-len', '1024'); // as if everything were slow
  await store.record(OLDER, [{ id: 'o1', type: 'view', itemId: 'pot' }]);
  await profiles.merge(userOf(OLDER), userOf(ANONYMOUS));
  await store.record(ANONYMOUS, [{ id: 'a1', type: 'like', itemId: 'cup' }]);
  await profiles.merge(userOf(ANONYMOUS), userOf(ANN));
  await bench.archive({ trim: true }); // the entries that tell who was merged have left Redis
  await store.record(ANN, [
    { id: 'b1', type: 'purchase', itemId: 'pot', price: 3 },
    { id: 'b2', type: 'search', query: 'rakes' },
    { id: 'b3', type: 'not_interested', itemId: 'cup' },
  ]);
  await profiles.update(userOf(ANN), { attributes: { age: '30' }, follows: ['seller'], mute: ['c:toys'] });
  await store.record('follower', [{ id: 'f1', type: 'follow', target: ANN }]);
  await store.record('bystander', [{ id: 'y1', type: 'view', itemId: 'pot' }]);
  const lists = new RedisLists(redis, keys, () => 'e1');
  for (const surface of ['home', 'a-surface-of-yesterday']) await lists.replace({ ...bodyOf(ANN, ['cup']), surface });
  const shard = keys.shardOf(userOf(ANN));
  await redis.zadd(keys.pending(TENANT, shard), 1, `${ANN}\nhome`);
  await redis.zadd(keys.watched(TENANT, shard), 1, `${ANN}\nhome`); // of a gateway that died
  await redis.zadd(keys.watches(userOf(ANN)), 1, 'home\tgateway');
  const audit = new RedisAuditLog(redis, keys, store.log);
  const entry = { at: 1, tenant: TENANT, mutation: 'updateProfile', outcome: 'OK' };
  audit.note({ ...entry, userId: 'operator', arguments: { 'input.userId': ANN, 'input.follows': `2: seller, ${ANONYMOUS}` } });
  audit.note({ ...entry, userId: ANN, arguments: {} });
  await audit.close();
  const revocations = new RedisRevocations({ redis, channels: store.listen('feed'), keys, tenants: [TENANT], clock, log: store.log });
  await revocations.revoke({ tenant: TENANT, userId: ANN, before: clock.now(), until: clock.now() + 1000 });
  await bench.train('factor');
  await bench.train('user-knn');
  await redis.config('SET', 'slowlog-log-slower-than', '1000000');
  const [merged] = await redis.zrange(keys.ids(userOf(ANN)), 0, 0);
  return { mergedId: merged! };
}

/** Jobs that wait, that were put in twice, that failed for good. */
async function leaveJobs(): Promise<void> {
  const { store } = bench;
  const queue = new BullRecomputeQueue({ connection: store.connect('queue'), shards: 2, clock, log: store.log });
  for (let n = 0; n < 3; n++) await queue.add({ ...userOf(ANN), surface: 'home' }, 'behaviours');
  await queue.add({ ...userOf('bystander'), surface: 'home' }, 'behaviours');
  await queue.close();
}

describe('an erasure', () => {
  it('is complete when no byte of the person is left in Redis, its files, the archive, and no snapshot knows them', async () => {
    const { store, profiles, erasures, archiveDir } = bench;
    const { mergedId } = await leaveTraces();
    await leaveJobs();
    const texts = [ANN, ANONYMOUS, OLDER, mergedId];
    const before = (await findTexts(store.redis, texts, [archiveDir, store.server.dir])).join('\n');
    for (const place of [
      ':log',
      ':audit',
      ':revoked',
      ':recent',
      'a-surface-of-yesterday',
      ':pending',
      ':events',
      ':de:',
      'slow',
      'unpacked',
    ])
      expect(before).toContain(place);

    const receipt = await profiles.erase(userOf(ANN), 'user');
    await finishErasures(bench.deps, TENANT);
    const early = (await erasures.receipt(TENANT, receipt.id))!;
    expect(early.completeAt).toBeUndefined(); // the live snapshots know the person; the clock has not moved
    expect(early.reached.find(({ place }) => place === 'snapshots')).not.toHaveProperty('doneAt');
    clock.advance(3_600_001);
    const complete = await bench.complete(receipt);

    expect(bench.trained.sort()).toEqual(['factor', 'user-knn']);
    expect(complete).toMatchObject({ by: 'user', ids: 3, number: 1 });
    expect(complete.reached.every(({ doneAt }) => doneAt !== undefined)).toBe(true);
    const removed = Object.fromEntries(complete.reached.map((one) => [one.place, one.removed]));
    expect(removed).toMatchObject({ archive: 5, audit: 3, revocations: 1, snapshots: 2 });
    for (const place of ['lists', 'others', 'queues', 'slowlog']) expect(removed[place]).toBeGreaterThan(0);
    expect(await findTexts(store.redis, texts, [archiveDir, store.server.dir])).toEqual([]);
    expect((await store.redis.lrange(store.keys.modelVersions(TENANT, 'factor'), 0, -1)).map((json) => JSON.parse(json) as object)).toEqual(
      [expect.objectContaining({ erasures: 1 })],
    );
  });

  it('leaves what is about others, and what was done as it was, under a pseudonym', async () => {
    const { store, profiles, erasures } = bench;
    const [receipt] = await erasures.receipts(TENANT, 5);
    const entries = await new RedisAuditLog(store.redis, store.keys, store.log).read(TENANT, 10);
    const pseudonym = `erased:${receipt!.id}`;
    expect(entries).toMatchObject([
      { userId: pseudonym, arguments: {} },
      { userId: 'operator', arguments: { 'input.userId': pseudonym, 'input.follows': `2: seller, ${pseudonym}` } },
    ]);
    expect((await profiles.export(userOf('bystander'))).behaviours).toMatchObject([{ id: 'y1' }]);
    expect((await profiles.read(userOf('follower'))).follows).toEqual([]);
    expect(await store.redis.keys('*de:shop/bystander/home')).toHaveLength(1);
  });
});

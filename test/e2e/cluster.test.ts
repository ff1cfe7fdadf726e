import { openStore } from '../../src/cli/compose';
import { slotOf } from '../../src/platform/redis-cluster';
import { primariesOf } from '../../src/platform/redis-connection';
import { Beckon, TENANT } from '../support/beckon';
import { eventually } from '../support/eventually';
import { ListWatcher } from '../support/list-watcher';
import { startClusterRedis, type ClusterRedis } from '../support/redis-cluster';
import { expectShown, replayThrough } from '../support/replay-through';
import type { Acknowledgements } from '../support/replayer';
import { record, stockShop } from '../support/shop';

const ITEMS = 40;
const COUNT = 600;
const USERS = Array.from({ length: 20 }, (_, n) => `u-${n}`);
const CONVERGES_WITHIN_MS = 30_000;

let server: ClusterRedis;
let beckon: Beckon;
let screens: ListWatcher[] = [];
let seed = 0;

beforeAll(async () => {
  server = await startClusterRedis();
  beckon = await Beckon.start({ server, env: { REDIS_WAIT_REPLICAS: '1' } });
  await stockShop(beckon.as('operator'), ITEMS);
  screens = USERS.map((user) => new ListWatcher(user, beckon.as(user)));
  await Promise.all(screens.map((screen) => screen.until(() => true, { withinMs: CONVERGES_WITHIN_MS })));
}, 90_000);
afterAll(async () => {
  await Promise.all(screens.map((screen) => screen.stop()));
  await (beckon ?? server)?.stop();
}, 30_000);

const replayed = (harm: () => Promise<void>): Promise<Acknowledgements> => {
  seed += 1;
  return replayThrough(beckon, { seed, users: USERS, items: ITEMS, count: COUNT }, harm);
};
const expectConverged = (acknowledged: Acknowledgements): Promise<void> => expectShown(screens, acknowledged, CONVERGES_WITHIN_MS);
const survives = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 120_000);

const slotOfUser = (userId: string): number => slotOf(beckon.keys.profile({ tenant: TENANT, userId }));

it('users lie on all three primaries, and nothing is announced but where their keys are', async () => {
  const holders = new Set(await Promise.all(USERS.map((userId) => server.primaryOf(slotOfUser(userId)))));
  expect(holders.size).toBe(3);
  for (const primary of primariesOf(beckon.redis)) {
    expect(await primary.call('PUBSUB', 'SHARDCHANNELS', 'beckon:*:feed')).not.toEqual([]);
    expect(await primary.call('PUBSUB', 'CHANNELS', 'beckon:*')).toEqual([]);
  }
  await eventually(async () => {
    const ready = await fetch(`http://127.0.0.1:${beckon.gateway.port}/health/ready`);
    expect(await ready.json()).toMatchObject({ status: 'ok' });
  });
});

survives('a behaviour reaches the screen of its user, wherever that user’s keys are', async () => {
  const { users } = await record(
    beckon.as('replayer'),
    USERS.map((userId, n) => ({ id: `first-${n}`, userId, type: 'purchase', itemId: 'item-001' })),
  );
  await Promise.all(users.map(({ userId, seq }) => screens.find((screen) => screen.userId === userId)!.covering(seq)));
});

survives('a primary dies in the middle of a replay: nothing acknowledged is lost, and every screen goes on by itself', async () => {
  const acknowledged = await replayed(async () => {
    const port = await server.primaryOf(slotOfUser('u-0'));
    await server.kill9(port);
    await server.untilFailedOver(port);
    await server.restart(); // acknowledgements wait for a replica
  });
  expect([...acknowledged.retried.keys()]).toEqual(['UNAVAILABLE']);
  await expectConverged(acknowledged);
  await server.untilReplicated();
});

survives('slots are moved to another primary in the middle of a replay, and no screen is left behind', async () => {
  const acknowledged = await replayed(async () => {
    for (const userId of ['u-2', 'u-3', 'u-4']) {
      const slot = slotOfUser(userId);
      const from = await server.primaryOf(slot);
      const to = (await Promise.all([0, 8000, 16_000].map((other) => server.primaryOf(other)))).find((port) => port !== from)!;
      await server.moveSlot(slot, to);
    }
  });
  await expectConverged(acknowledged);
});

it('the command line finds its keys too', async () => {
  const store = await openStore({ redisUrl: server.url, tenant: TENANT, env: { SHARDS: '16' } });
  try {
    await store.record(TENANT, [{ id: 'cli-1', userId: 'cli', type: 'view', itemId: 'item-001' }]);
    expect(await store.knows(TENANT, 'cli', 'cli-1')).toBe(true);
  } finally {
    await store.close();
  }
});

survives('a training process publishes, workers take the version into use, and the gateway hears of it', async () => {
  const operator = beckon.as('operator');
  await operator.request('mutation { trainModels(models: [POPULAR]) { jobs { model } } }');
  await eventually(
    () => {
      expect(beckon.worker.lines.some((line) => line.includes('"popular"') && /"version":"(?!none)/.test(line))).toBe(true);
    },
    { withinMs: 60_000, everyMs: 100 },
  );
});

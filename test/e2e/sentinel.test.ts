import { openStore } from '../../src/cli/compose';
import { Beckon, TENANT } from '../support/beckon';
import { eventually } from '../support/eventually';
import { ListWatcher } from '../support/list-watcher';
import { startSentinelRedis, type SentinelRedis } from '../support/redis-sentinel';
import { expectShown, replayThrough } from '../support/replay-through';
import type { Acknowledgements } from '../support/replayer';
import { record, stockShop } from '../support/shop';

const ITEMS = 40;
const COUNT = 600;
const USERS = Array.from({ length: 20 }, (_, n) => `u-${n}`);
const CONVERGES_WITHIN_MS = 30_000;

let server: SentinelRedis;
let beckon: Beckon;
let screens: ListWatcher[] = [];
let seed = 0;

beforeAll(async () => {
  server = await startSentinelRedis();
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

describe('with REDIS_WAIT_REPLICAS=1', () => {
  survives('what the replica does not have is not acknowledged, and is recorded once when it is sent again', async () => {
    const sent = [{ id: 'waits-1', userId: 'somebody', type: 'purchase', itemId: 'item-001' }];
    const thaw = await server.freezeReplica();
    await expect(record(beckon.as('replayer'), sent)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    thaw();
    const again = await eventually(() => record(beckon.as('replayer'), sent));
    expect(again.users).toEqual([{ userId: 'somebody', seq: 1 }]);
    expect(again.recorded).toEqual([expect.objectContaining({ id: 'waits-1', status: 'DUPLICATE' })]);
  });
});

describe('a fail-over in the middle of a replay', () => {
  survives('after kill -9 of the primary: nothing acknowledged is lost, and every screen goes on by itself', async () => {
    const acknowledged = await replayed(async () => {
      const before = await server.primaryPort();
      await server.kill9();
      await server.untilFailedOver(before);
      await server.restartAsReplica(); // acknowledgements wait for it
    });
    expect([...acknowledged.retried.keys()]).toEqual(['UNAVAILABLE']);
    await expectConverged(acknowledged);
    await server.untilReplicated();
  });

  survives('of a primary that hangs: its connections are left as soon as a Sentinel says so', async () => {
    const acknowledged = await replayed(async () => {
      const before = await server.primaryPort();
      const thaw = await server.freezePrimary();
      await server.untilFailedOver(before);
      thaw(); // takes itself for the primary at first, until the Sentinels make it the replica that acknowledgements wait for
    });
    await expectConverged(acknowledged);
    await server.untilReplicated();
  });
});

it('the command line goes to the primary too', async () => {
  const store = await openStore({ redisUrl: server.url, tenant: TENANT, env: { SHARDS: '16' } });
  try {
    await store.record(TENANT, [{ id: 'cli-1', userId: 'cli', type: 'view', itemId: 'item-001' }]);
    expect(await store.knows(TENANT, 'cli', 'cli-1')).toBe(true);
  } finally {
    await store.close();
  }
});

it('a training process finds the primary by the same setting', async () => {
  const operator = beckon.as('operator');
  const askedAt = Date.now();
  await operator.request('mutation { trainModels(models: [POPULAR]) { jobs { model } } }');
  await eventually(
    async () => {
      const { models } = await operator.request<{ models: { name: string; lastRun: { at: string; outcome: string } | null }[] }>(
        '{ models { name lastRun { at outcome } } }',
      );
      const run = models.find(({ name }) => name === 'POPULAR')!.lastRun!;
      expect(Date.parse(run.at)).toBeGreaterThanOrEqual(askedAt);
      expect(run.outcome).toBe('PUBLISHED');
    },
    { withinMs: 30_000, everyMs: 100 },
  );
});

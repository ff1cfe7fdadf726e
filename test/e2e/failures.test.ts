import { setTimeout as after } from 'node:timers/promises';
import { ApiError } from '../../src/cli/api-error';
import { readBacklog } from '../../src/cli/read-queues.bullmq';
import { RedisBehaviourLog } from '../../src/behaviour/behaviour-log.redis';
import { Beckon, TENANT } from '../support/beckon';
import { eventually } from '../support/eventually';
import { ListWatcher } from '../support/list-watcher';
import { expectShown, replayThrough } from '../support/replay-through';
import type { Acknowledgements } from '../support/replayer';
import { record, stockShop } from '../support/shop';
import { readLog } from '../support/stored-log';

const ITEMS = 60;
const WATCHED = 50;
const USERS = Array.from({ length: 80 }, (_, n) => `u-${n}`);
/** `BECKON_OUTAGE_SECONDS=20` is the form in which the promise is made; 5 s shows the same in a run of all tests. */
const OUTAGE_MS = 1_000 * Number(process.env['BECKON_OUTAGE_SECONDS'] ?? 5);
const CONVERGES_WITHIN_MS = 30_000;

let beckon: Beckon;
let screens: ListWatcher[] = [];
let seed = 0;

beforeAll(async () => {
  beckon = await Beckon.start({ gateways: 1, workers: 2, appendfsync: 'always' });
  await stockShop(beckon.as('operator'), ITEMS);
}, 60_000);
afterAll(() => beckon?.stop());

beforeEach(async () => {
  screens = USERS.slice(0, WATCHED).map((user) => new ListWatcher(user, beckon.as(user)));
  await Promise.all(screens.map((screen) => screen.until(() => true, { withinMs: CONVERGES_WITHIN_MS })));
}, 60_000);
afterEach(async () => {
  await Promise.all(screens.map((screen) => screen.stop()));
});

const survives = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 60_000 + 3 * OUTAGE_MS);

/** Replays a stream through `harm`; each user's numbers have no gap and no double. */
async function replayed(harm: () => Promise<void>, { count = 2_000 } = {}): Promise<Acknowledgements> {
  seed += 1;
  const acknowledged = await replayThrough(beckon, { seed, users: USERS, items: ITEMS, count }, harm);
  await expectNumbersWithoutGap();
  return acknowledged;
}

async function expectNumbersWithoutGap(): Promise<void> {
  const log = await readLog(beckon.redis, beckon.keys, TENANT);
  for (const user of USERS) {
    const numbers = log.filter(({ userId }) => userId === user).map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, n) => n + 1));
  }
}

/** Every screen shows its user's last behaviour, never having gone back, and nothing is left to do. */
async function expectConverged(acknowledged: Acknowledgements): Promise<void> {
  await expectShown(screens, acknowledged, CONVERGES_WITHIN_MS);
  await expectIdle();
}

/** No list waits to be made, none is being made, none is behind. */
async function expectIdle(): Promise<void> {
  await eventually(
    async () => {
      const { queues, listsBehind } = await readBacklog(beckon.redis, beckon.keys, { tenant: TENANT, queueShards: 1 });
      expect(queues.find(({ name }) => name === 'recompute-0')).toEqual({
        name: 'recompute-0',
        waiting: 0,
        active: 0,
        delayed: 0,
        failed: 0,
      });
      expect(listsBehind).toBe(0);
    },
    { withinMs: CONVERGES_WITHIN_MS, everyMs: 50 },
  );
}

/** Lists that the workers' sweeps have asked for so far. */
async function listsSwept(): Promise<number> {
  const texts = await Promise.all(beckon.workers.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()));
  return texts.reduce((sum, text) => sum + Number(/^beckon_swept_total (\d+)$/m.exec(text)?.[1] ?? 0), 0);
}

/** Nobody is stuck behind a job that is gone: one more behaviour of each user comes out. */
async function expectAlive(): Promise<void> {
  const { users } = await record(
    beckon.as('replayer'),
    screens.map(({ userId }) => ({ userId, type: 'impression', itemId: 'item-000' })),
  );
  const seqs = new Map(users.map(({ userId, seq }) => [userId, seq]));
  await Promise.all(screens.map((screen) => screen.covering(seqs.get(screen.userId)!)));
}

describe('kill -9 in the middle of a replay', () => {
  survives('of the gateway: nothing acknowledged is lost, and every screen comes back by itself', async () => {
    const acknowledged = await replayed(async () => {
      await beckon.gateway.kill9();
      await beckon.gateway.restart();
    });
    expect(acknowledged.retried.get('UNREACHABLE')).toBeGreaterThan(0);
    await expectConverged(acknowledged);
    await expectAlive();
  });

  survives('of a worker, with another there: its jobs are taken over', async () => {
    const acknowledged = await replayed(() => beckon.worker.kill9());
    await expectConverged(acknowledged);
    await expectAlive();
    await beckon.worker.restart();
  });

  survives('of every worker: the lists catch up when one is back', async () => {
    const acknowledged = await replayed(async () => {
      await Promise.all(beckon.workers.map((worker) => worker.kill9()));
      await beckon.worker.restart();
    });
    await expectConverged(acknowledged);
    await expectAlive();
    await beckon.workers[1]!.restart();
  });

  survives('of Redis, its file kept: clear errors meanwhile, nothing acknowledged is lost', async () => {
    const acknowledged = await replayed(async () => {
      await beckon.server.kill9();
      await beckon.server.restart();
    });
    expect([...acknowledged.retried.keys()]).toEqual(['UNAVAILABLE']);
    await expectConverged(acknowledged);
    await expectAlive();
  });
});

describe('without Redis', () => {
  survives(`for ${OUTAGE_MS / 1000} s: every request is told at once to try again, then all goes on by itself`, async () => {
    const client = beckon.as('u-0', { timeoutMs: 3_000 }); // an answer that takes longer is none: its code would be UNREACHABLE
    const health = async (): Promise<number> => (await fetch(`http://127.0.0.1:${beckon.gateway.port}/health/ready`)).status;
    const asking = [
      () => record(client, [{ type: 'purchase', itemId: 'item-001' }]),
      () => client.request('{ recommendations { items { itemId } } }'),
      () => client.request('{ profile { seq } }'),
      () => client.request('{ popularItems { itemId } }'),
      () => client.request('mutation { muteTopic(topic: "c:garden") { profile { seq } } }'),
      () => client.request('mutation { hideItems(ids: ["item-002"]) { items { id } } }'),
      () => client.request('mutation { trainModels { jobs { id } } }'),
      () => client.request('{ models { name live { version } } }'),
      () => client.subscribe('subscription { recommendations { appliedThrough } }').next(),
    ];
    const acknowledged = await replayed(
      async () => {
        await beckon.server.kill9();
        await eventually(async () => expect(await health()).toBe(503));
        const endAt = Date.now() + OUTAGE_MS;
        do {
          for (const ask of asking) await expect(ask()).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
          await after(200); // a client that tries again and again, for as long as the outage lasts
        } while (Date.now() < endAt);
        await beckon.server.restart();
      },
      { count: 600 },
    );
    await expectConverged(acknowledged);
    await eventually(async () => expect(await health()).toBe(200));
    await expectAlive();
    expect(await client.request('{ popularItems { itemId } }')).toBeDefined();
  });
});

describe('a process that hangs', () => {
  survives('a worker that is stopped in its tracks: another takes its jobs, and what it brings late is refused', async () => {
    const acknowledged = await replayed(async () => beckon.worker.freeze());
    await expectConverged(acknowledged);
    beckon.worker.thaw();
    await expectAlive();
    expect(screens.map(({ failure }) => failure).filter(Boolean)).toEqual([]);
  });
});

describe('a crash between the log and the request for a list', () => {
  survives('is healed by the sweep: the screen gets the list that nobody asked for', async () => {
    const [screen] = screens as [ListWatcher];
    await expectIdle(); // a recompute that is still on its way would take the behaviour along
    const before = await listsSwept();
    const user = { tenant: TENANT, userId: screen.userId };
    const { seq, watched } = await new RedisBehaviourLog(beckon.redis, beckon.keys).append({
      user,
      behaviours: [
        {
          behaviour: { id: 'crash-1', type: 'purchase', itemId: 'item-003', at: Date.now() },
          userId: user.userId,
          weight: 1,
          debounceMs: 0,
          sentId: true,
        },
      ],
      receivedAt: Date.now(),
      shortHalfLifeMs: 86_400_000,
      longHalfLifeMs: 30 * 86_400_000,
      topicsOf: () => ['c:books'],
    });
    expect(watched).toEqual(['home']); // and then the gateway dies: no request is made
    const healed = await screen.covering(seq);
    expect(healed.cause.behaviours.map(({ id }) => id)).toContain('crash-1');
    expect(await listsSwept()).toBeGreaterThan(before);
  });
});

it('says UNREACHABLE of a gateway that is not there, so that the tests above mean what they say', async () => {
  const nobody = beckon.as('u-0');
  await beckon.gateway.kill9();
  await expect(nobody.request('{ __typename }')).rejects.toBeInstanceOf(ApiError);
  await expect(nobody.request('{ __typename }')).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
  await beckon.gateway.restart();
});

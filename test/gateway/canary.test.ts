import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { checkCanary } from '../../src/gateway/check-canary';
import { checkLoop } from '../../src/gateway/check-loop';
import { Channels } from '../../src/platform/channels';
import { ManualClock } from '../../src/platform/clock';
import { EventLoopWatch } from '../../src/platform/event-loop-watch';
import { Metrics } from '../../src/platform/metrics';
import { Canary } from '../../src/push/canary.redis';
import { queuePrefix, recomputeQueueName } from '../../src/push/recompute-job';
import { sendCanaryBack } from '../../workers/processors/send-canary-back';
import { eventually } from '../support/eventually';
import { openTestStore, type TestStore } from '../support/store';

const DEADLINE_MS = 30_000;
const QUEUE = recomputeQueueName(0);

interface Sent {
  readonly canary: Canary;
  readonly subscriber: Redis;
  readonly metrics: Metrics;
}

describe('the canary', () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  let store: TestStore;
  let worker: Worker | undefined;
  const sent: Sent[] = [];
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(async () => {
    await worker?.close();
    worker = undefined;
    for (const { canary } of sent.splice(0)) await canary.close();
    await store.close();
  });

  const startWorker = (): void => {
    const connection = store.connect('worker');
    worker = new Worker(QUEUE, (job) => sendCanaryBack((channel, message) => connection.publish(channel, message), job.data), {
      connection,
      prefix: queuePrefix(QUEUE),
    });
  };
  async function send(name: string): Promise<Sent> {
    const subscriber = store.connect(`feed of ${name}`);
    const metrics = new Metrics();
    const { redis, keys, log } = store;
    const canary = new Canary({
      redis,
      channels: new Channels({ redis, connect: () => subscriber, log }),
      keys,
      queueShards: 1,
      name,
      clock,
      metrics,
      log,
      everyMs: 100,
      deadlineMs: DEADLINE_MS,
    });
    await canary.open();
    sent.push({ canary, subscriber, metrics });
    return sent.at(-1)!;
  }
  const backs = async ({ metrics }: Sent, path: string): Promise<number> => {
    const text = await metrics.registry.metrics();
    return Number(new RegExp(`beckon_canary_ms_count\\{path="${path}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  const untilBack = async (one: Sent, path: string): Promise<void> => {
    const before = await backs(one, path);
    await eventually(async () => expect(await backs(one, path)).toBeGreaterThan(before));
  };

  it('goes through queue, worker and subscription, again and again, and its time is a metric', async () => {
    startWorker();
    const own = await send('a');
    for (const path of ['feed', 'queue', 'queue']) await untilBack(own, path);
    expect(await checkCanary(own.canary)).toEqual({ name: 'canary', status: 'ok' });
    expect(await own.metrics.registry.metrics()).toMatch(/beckon_canary_queue_age_ms 0/);
  });

  it('without a worker is degraded after the deadline, piles nothing up, and is well again with one', async () => {
    const own = await send('a');
    for (let n = 0; n < 3; n++) await untilBack(own, 'feed');
    expect(await checkCanary(own.canary)).toMatchObject({ status: 'ok' }); // the deadline is not over
    clock.advance(DEADLINE_MS + 1);
    await untilBack(own, 'feed');
    expect(await checkCanary(own.canary)).toMatchObject({ status: 'degraded', message: expect.stringMatching(/from the queue/) as string });
    expect(await store.redis.llen(`${queuePrefix(QUEUE)}:${QUEUE}:wait`)).toBe(1);
    startWorker();
    await eventually(async () => expect(await checkCanary(own.canary)).toMatchObject({ status: 'ok' }));
  });

  it('that does not come back here, but on another gateway, is down', async () => {
    startWorker();
    const [own, other] = [await send('a'), await send('b')];
    await untilBack(own, 'queue');
    const lost = jest.spyOn(own.canary as unknown as { receive: (message: string) => void }, 'receive');
    const { receive } = Canary.prototype as unknown as { receive: (message: string) => void };
    lost.mockImplementation((message) => void (message.startsWith('feed') && receive.call(own.canary, message)));
    clock.advance(DEADLINE_MS + 1);
    await untilBack(other, 'queue');
    for (const one of [own, other]) await untilBack(one, 'feed');
    expect(await checkCanary(own.canary)).toMatchObject({ status: 'down', message: expect.stringMatching(/on another gateway/) as string });
    expect(await checkCanary(other.canary)).toMatchObject({ status: 'ok' });
  });

  it('that is not heard by the subscription is down, and the subscription is made anew', async () => {
    startWorker();
    const own = await send('a');
    await untilBack(own, 'queue');
    await own.subscriber.unsubscribe(store.keys.canary('a')); // as a half-open connection: it is there and says nothing
    clock.advance(DEADLINE_MS + 1);
    expect(await checkCanary(own.canary)).toMatchObject({ status: 'down', message: 'nothing is heard of what is announced' });
    const closed = new Promise((resolve) => own.subscriber.once('close', resolve));
    await closed; // by the next canary
    await eventually(() => expect(own.subscriber.status).toBe('ready'));
    await own.subscriber.subscribe(store.keys.canary('a'));
    await eventually(async () => expect(await checkCanary(own.canary)).toMatchObject({ status: 'ok' }));
  });

  it('says nothing of the queue while the store is away', async () => {
    const own = await send('a');
    await store.server.kill9();
    clock.advance(DEADLINE_MS + 1);
    const { status } = await checkCanary({ check: () => own.canary.check() });
    expect(status).not.toBe('ok');
  });
});

describe('the event loop', () => {
  it('that was stuck turns readiness off until the window has passed', async () => {
    const loop = new EventLoopWatch(500);
    await eventually(() => expect(checkLoop(loop.worstMs, 300)).toEqual({ name: 'loop', status: 'ok' }));
    await new Promise((resolve) => setTimeout(resolve, 0));
    const until = performance.now() + 700;
    while (performance.now() < until); // nothing else runs meanwhile
    await eventually(() => expect(loop.worstMs).toBeGreaterThan(300), { everyMs: 1 });
    expect(checkLoop(loop.worstMs, 300)).toMatchObject({ name: 'loop', status: 'down' });
    await eventually(() => expect(loop.worstMs).toBeLessThan(300));
    loop.stop();
  });
});

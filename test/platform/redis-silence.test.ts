import { Redis } from 'ioredis';
import { FaultProxy } from '../../chaos/fault-proxy';
import { seededRandom } from '../../src/platform/random';
import { cutWhenSilent } from '../../src/platform/redis-silence';
import { eventually } from '../support/eventually';
import { startTestRedis, type TestRedis } from '../support/redis-server';

let server: TestRedis;
let link: FaultProxy;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());

beforeEach(async () => {
  link = await FaultProxy.open({ name: 'link', upstreamPort: server.port, random: seededRandom(1) });
  redis = new Redis(`redis://127.0.0.1:${link.port}`, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  redis.on('error', () => undefined);
});
afterEach(async () => {
  redis.disconnect();
  await link.close();
});

const closes = (): { count: () => number } => {
  let count = 0;
  redis.on('close', () => count++);
  return { count: () => count };
};

it('a subscriber whose other side is gone without a word subscribes again and hears what is published then', async () => {
  cutWhenSilent(redis, 500);
  const heard: string[] = [];
  redis.on('message', (_channel, message: string) => heard.push(message));
  await redis.subscribe('channel');
  link.halfOpen('accepting');
  const publisher = new Redis(server.url);
  let sent = 0;
  await eventually(
    async () => {
      await publisher.publish('channel', String(++sent));
      expect(heard.length).toBeGreaterThan(0);
    },
    { withinMs: 15_000, everyMs: 50 },
  );
  publisher.disconnect();
});

it('a connection that is accepted and says nothing is given up and tried again', async () => {
  link.hold('down');
  cutWhenSilent(redis, 500);
  const closed = closes();
  await eventually(() => expect(closed.count()).toBeGreaterThan(0), { withinMs: 15_000 });
  link.pass();
  await eventually(() => expect(redis.status).toBe('ready'), { withinMs: 15_000 });
});

it('leaves a connection alone that blocks for less, and one that is idle', async () => {
  cutWhenSilent(redis, 6_000);
  const closed = closes();
  await redis.ping();
  expect(await redis.xread('BLOCK', 2_500, 'STREAMS', 'nothing', '$')).toBeNull(); // longer than the pause between two questions
  expect(closed.count()).toBe(0);
});

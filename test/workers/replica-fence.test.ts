import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ManualClock } from '../../src/platform/clock';
import { Metrics } from '../../src/platform/metrics';
import { connectReplicated, type ReplicatedConnection } from '../../src/platform/redis-replicated';
import { startRedisServer, type RedisServer } from '../../src/platform/redis-server';
import { ReplicaBarrier } from '../../src/platform/replica-barrier';
import { ReplicaFence } from '../../workers/replica-fence';
import { eventually } from '../support/eventually';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const list = { tenant: TENANT, userId: 'ann', surface: 'home' };
const clock = new ManualClock(0);
let store: TestStore;
let dir: string;
let replica: RedisServer;
let replicated: ReplicatedConnection;
let fence: string;
let pending: string;

beforeAll(async () => {
  store = await openTestStore();
  dir = await mkdtemp(join(tmpdir(), 'beckon-replica-'));
  replica = await startRedisServer({ dir, settings: { replicaof: `127.0.0.1 ${store.server.port}`, 'repl-diskless-sync-delay': '0' } });
  replicated = await connectReplicated({ url: store.server.url, log: store.log, name: 'fence', replicas: 1, shared: store.redis });
  await eventually(async () => expect(await store.redis.info('replication')).toMatch(/state=online/));
  fence = store.keys.fence(TENANT, store.keys.shardOf(list));
  pending = store.keys.pending(TENANT, store.keys.shardOf(list));
});
afterAll(async () => {
  replicated.close();
  await replica.stop();
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

const fenceOf = (replicas: number): ReplicaFence =>
  new ReplicaFence({ replicas, replicated, redis: store.redis, keys: store.keys, clock, metrics: new Metrics() });
const profile = () => store.keys.profile(list);

it('is no fence, and writes nothing, where no replica is waited for', async () => {
  expect(await fenceOf(0).lets(list, 1)).toBe(true);
  expect(await fenceOf(0).isOpen(TENANT, 0)).toBe(true);
  expect(await store.redis.exists(fence)).toBe(0);
});

it('lets by what a replica has', async () => {
  await store.redis.hset(profile(), 'seq', 3);
  expect(await fenceOf(1).lets(list, 3)).toBe(true);
  expect(await store.redis.exists(fence, pending)).toBe(1);
});

it('holds up what was read from a server that is not the primary any more, and marks the list as behind', async () => {
  await expect(fenceOf(1).lets(list, 4)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await fenceOf(1).isOpen(TENANT, 0)).toBe(true);
  expect(await store.redis.zrange(pending, 0, -1)).toEqual(['ann\nhome']);
});

it('holds up what no replica has, without another wait for a second, until one has it', async () => {
  const held = fenceOf(1);
  const waits = jest.spyOn(replicated, 'confirmed');
  process.kill(replica.pid, 'SIGSTOP');
  try {
    const since = await store.redis.zscore(pending, 'ann\nhome');
    expect(await held.lets(list, 3)).toBe(false);
    expect(waits).toHaveBeenCalledTimes(1);
    expect(await held.lets(list, 3)).toBe(false);
    expect(await held.isOpen(TENANT, 0)).toBe(false); // of the same server
    expect(waits).toHaveBeenCalledTimes(1);
    expect(await store.redis.zscore(pending, 'ann\nhome')).toBe(since);
    clock.advance(1001);
    expect(await Promise.all([held.lets(list, 3), held.lets(list, 3), held.isOpen(TENANT, 0)])).toEqual([false, false, false]);
    expect(waits).toHaveBeenCalledTimes(2); // one asks for all
  } finally {
    process.kill(replica.pid, 'SIGCONT');
  }
  await eventually(async () => {
    clock.advance(1001);
    expect(await held.isOpen(TENANT, 0)).toBe(true);
  });
  expect(await held.lets(list, 3)).toBe(true);
});

it('a server that has become a replica since it was written to confirms nothing', async () => {
  const demoted = new Redis(replica.url);
  try {
    const barrier = new ReplicaBarrier({ redis: demoted, replicas: 1, withinMs: 1000 });
    await expect(barrier.after(() => Promise.resolve())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  } finally {
    demoted.disconnect();
  }
});

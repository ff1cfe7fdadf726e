import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metrics } from '../../src/platform/metrics';
import { connectReplicated, type ReplicatedConnection } from '../../src/platform/redis-replicated';
import { startRedisServer, type RedisServer } from '../../src/platform/redis-server';
import { replicaFence } from '../../workers/replica-fence';
import { eventually } from '../support/eventually';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const list = { tenant: TENANT, userId: 'ann', surface: 'home' };
const metrics = new Metrics();
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

const fenceOf = (replicas: number) => replicaFence({ replicas, replicated, redis: store.redis, keys: store.keys, metrics });

it('is no fence, and writes nothing, where no replica is waited for', async () => {
  await fenceOf(0)(list);
  expect(await store.redis.exists(fence)).toBe(0);
});

it('lets by what a replica has', async () => {
  await fenceOf(1)(list);
  expect(await store.redis.exists(fence, pending)).toBe(1);
});

it('holds up what no replica has, and marks the list as behind, from when it first was', async () => {
  process.kill(replica.pid, 'SIGSTOP');
  try {
    await expect(fenceOf(1)(list)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const since = await store.redis.zscore(pending, 'ann\nhome');
    expect(Number(since)).toBeGreaterThan(0);
    await expect(fenceOf(1)(list)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await store.redis.zscore(pending, 'ann\nhome')).toBe(since);
    expect(await metrics.registry.metrics()).toContain('beckon_lists_held_up_total 2');
  } finally {
    process.kill(replica.pid, 'SIGCONT');
  }
  await eventually(() => fenceOf(1)(list));
});

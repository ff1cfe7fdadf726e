import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShardArchive } from '../../src/behaviour/archive';
import { archiveShard, type ArchiveDeps } from '../../src/behaviour/archive-log';
import { systemClock } from '../../src/platform/clock';
import { readShardHistory } from '../../src/training/read-history';
import { TrainingEventsBuilder } from '../../src/training/training-events';
import { openTestStore, TENANT, type TestStore } from '../support/store';

let store: TestStore;
let archiveDir: string;
let deps: ArchiveDeps;
const shardOf = (userId: string) => store.keys.shardOf({ tenant: TENANT, userId });
const history = async (shard: number) => {
  const all: string[] = [];
  for await (const { id } of readShardHistory({ redis: store.redis, keys: store.keys, archiveDir }, TENANT, shard, new Map())) all.push(id);
  return all;
};

beforeAll(async () => {
  store = await openTestStore();
  archiveDir = await mkdtemp(join(tmpdir(), 'beckon-archive-'));
  deps = { redis: store.redis, keys: store.keys, clock: systemClock, archiveDir, retentionMs: 3_600_000 };
});
afterAll(async () => {
  await store.close();
  await rm(archiveDir, { recursive: true, force: true });
});

describe('archiveShard', () => {
  it('moves the log to files; history is the archive and what came after, each behaviour once', async () => {
    const shard = shardOf('ann');
    await store.record('ann', [
      { id: 'a1', type: 'view', itemId: 'x' },
      { id: 'a2', type: 'view', itemId: 'y' },
    ]);
    expect(await archiveShard(deps, TENANT, shard, { force: true })).toBe(2);
    await store.record('ann', [{ id: 'a3', type: 'view', itemId: 'z' }]);
    expect(await history(shard)).toEqual(['a1', 'a2', 'a3']);
    expect(await archiveShard(deps, TENANT, shard, { force: true })).toBe(1);
    expect(await archiveShard(deps, TENANT, shard, { force: true })).toBe(0);
    expect(await history(shard)).toEqual(['a1', 'a2', 'a3']);
  });

  it('waits until a file is worth writing', async () => {
    const [user, shard] = ['bob', shardOf('bob')];
    await store.record(user, [{ id: 'b1', type: 'view', itemId: 'x' }]);
    expect(await archiveShard(deps, TENANT, shard)).toBe(0);
    const later = { now: () => systemClock.now() + 700_000 };
    expect(await archiveShard({ ...deps, clock: later }, TENANT, shard)).toBe(1);
  });

  it('trims only what is archived and older than the retention', async () => {
    const [user, shard] = ['cid', shardOf('cid')];
    await store.record(user, [{ id: 'c1', type: 'view', itemId: 'x' }]);
    await archiveShard(deps, TENANT, shard, { force: true });
    await store.record(user, [{ id: 'c2', type: 'view', itemId: 'y' }]);
    const before = await history(shard);
    const muchLater = { now: () => systemClock.now() + 2 * 3_600_000 };
    const stream = store.keys.log(TENANT, shard);
    await archiveShard({ ...deps, clock: muchLater }, TENANT, shard);
    const ids = (await store.redis.xrange(stream, '-', '+')).map(
      ([, fields]) => (JSON.parse(fields[fields.indexOf('b') + 1]!) as { i: string }).i,
    );
    expect(ids).not.toContain('c1');
    expect(await history(shard)).toEqual(before);
  });

  it('repeats, and does not lose, what a crash left between the file and the acknowledgement', async () => {
    const [user, shard] = ['dan', shardOf('dan')];
    await archiveShard(deps, TENANT, shard, { force: true });
    await store.record(user, [{ id: 'd1', type: 'view', itemId: 'x' }]);
    // read by an archiver that died before it wrote its file
    await store.redis.xreadgroup('GROUP', 'archive', 'archiver', 'COUNT', 10, 'STREAMS', store.keys.log(TENANT, shard), '>');
    expect(await archiveShard(deps, TENANT, shard)).toBe(1);
    expect((await history(shard)).filter((id) => id === 'd1')).toEqual(['d1']);
  });

  it('drops a user from the files and leaves no half-written one', async () => {
    const [user, shard] = ['eve', shardOf('eve')];
    await store.record(user, [{ id: 'e1', type: 'view', itemId: 'x' }]);
    await archiveShard(deps, TENANT, shard, { force: true });
    const archive = ShardArchive.of(archiveDir, TENANT, shard);
    expect(await archive.drop(([, fields]) => fields[fields.indexOf('u') + 1] === user)).toBe(1);
    for await (const [, fields] of archive.read()) expect(fields).not.toContain(user);
    const files = await readdir(join(archiveDir, TENANT), { recursive: true });
    expect(files.filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('TrainingEventsBuilder', () => {
  const base = { tenant: TENANT, seq: 1, receivedAt: 0, previous: [], type: 'view' };

  it('orders by time, keeps the order of arrival in a tie, and leaves out what says nothing', () => {
    const builder = new TrainingEventsBuilder();
    builder.add({ ...base, id: '1', userId: 'u', itemId: 'late', at: 20, weight: 0.5 });
    builder.add({ ...base, id: '2', userId: 'v', itemId: 'early', at: 10, weight: -1 });
    builder.add({ ...base, id: '3', userId: 'u', itemId: 'tie', at: 20, weight: 1 });
    builder.add({ ...base, id: '4', userId: 'u', itemId: 'shown', at: 5, weight: 0 });
    builder.add({ ...base, id: '5', userId: 'u', type: 'search', at: 5, weight: 0 });
    const { items, itemIds, users, userIds, weights, times } = builder.build();
    expect([...items].map((item) => itemIds[item])).toEqual(['early', 'late', 'tie']);
    expect([...users].map((user) => userIds[user])).toEqual(['v', 'u', 'u']);
    expect([...weights]).toEqual([-1, 0.5, 1]);
    expect([...times]).toEqual([10, 20, 20]);
  });

  it('counts what was merged once, under the user who signed in', () => {
    const builder = new TrainingEventsBuilder();
    builder.add({ ...base, id: '1', userId: 'anon-1', itemId: 'a', at: 1, weight: 1 });
    builder.add({ ...base, id: 'merge:anon-1:1', userId: 'ann', itemId: 'a', at: 1, weight: 1, mergedFrom: 'anon-1' });
    const { users, userIds } = builder.build();
    expect([...users].map((user) => userIds[user])).toEqual(['ann']);
  });
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ShardArchive } from '../../src/behaviour/archive';
import { archiveUnderLease } from '../../src/behaviour/archive-log';
import { rewriteStream } from '../../src/behaviour/rewrite-stream.redis';
import { ManualClock, systemClock } from '../../src/platform/clock';
import type { StreamEntry } from '../../src/platform/stream-tail';
import { finishErasures } from '../../src/privacy/finish-erasures.redis';
import { RedisLists } from '../../src/push/lists.redis';
import { bodyOf } from '../support/lists';
import { TENANT } from '../support/store';
import { findTexts } from '../support/store-search';
import { openErasureBench, userOf, type ErasureBench } from './erasure-support';

const clock = new ManualClock(systemClock.now());
let bench: ErasureBench;

beforeAll(async () => {
  bench = await openErasureBench(clock);
});
afterAll(() => bench.close());
beforeEach(() => clock.advance(10));

const shardOf = (userId: string): number => bench.store.keys.shardOf(userOf(userId));
const folderOf = (userId: string): string => join(bench.archiveDir, TENANT, `shard-000${shardOf(userId)}`);
const traces = (userId: string): Promise<string[]> => findTexts(bench.store.redis, [userId], [bench.archiveDir, bench.store.server.dir]);
const stateOf = async (id: string) => (await bench.erasures.receipt(TENANT, id))!;

/** What an archiver has taken from the log and has not written yet. */
async function takenByArchiver(userId: string): Promise<StreamEntry[]> {
  const stream = bench.store.keys.log(TENANT, shardOf(userId));
  await bench.store.redis.xgroup('CREATE', stream, 'archive', '0', 'MKSTREAM').catch(() => undefined);
  const reply = (await bench.store.redis.xreadgroup('GROUP', 'archive', 'archiver', 'COUNT', 100, 'STREAMS', stream, '>')) as [
    string,
    StreamEntry[],
  ][];
  return [...reply[0]![1]];
}

describe('an archive run of another worker', () => {
  it('is waited for: the erasure goes on when it has ended, and finds what it wrote', async () => {
    const { store, deps, profiles } = bench;
    await store.record('bea-31c', [{ id: 'b1', type: 'view', itemId: 'pot' }]);
    const taken = await takenByArchiver('bea-31c');
    const receipt = await archiveUnderLease(deps, TENANT, shardOf('bea-31c'), async (archive) => {
      const asked = await profiles.erase(userOf('bea-31c'), 'user');
      await finishErasures(deps, TENANT);
      expect((await stateOf(asked.id)).number).toBeUndefined();
      await archive.write(taken); // after the erasure looked
      return asked;
    });
    expect((await traces('bea-31c')).some((where) => where.includes('unpacked'))).toBe(true);
    await bench.complete(receipt!.result);
    expect(await traces('bea-31c')).toEqual([]);
  });

  it('that was held up between its question and its renaming, while the erasure ran, brings nothing back', async () => {
    const { store, profiles } = bench;
    await store.record('cid-55e', [{ id: 'c1', type: 'view', itemId: 'pot' }]);
    const taken = await takenByArchiver('cid-55e');
    let written: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const isWritten = new Promise<void>((resolve) => (written = resolve));
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const guard = async (): Promise<void> => {
      written(); // the lease was asked for and held; then the process stood still for longer than it lasts
      await held;
    };
    const zombie = ShardArchive.of(bench.archiveDir, TENANT, shardOf('cid-55e'), guard).write(taken);
    const refused = expect(zombie).rejects.toMatchObject({ code: 'ENOENT' });
    await isWritten;
    await bench.complete(await profiles.erase(userOf('cid-55e'), 'user'));
    goOn();
    await refused;
    expect(await traces('cid-55e')).toEqual([]);
  });

  it('that has lost its lease before it wrote does not write', async () => {
    const { store, profiles, deps } = bench;
    await store.record('dan-90f', [{ id: 'd1', type: 'view', itemId: 'pot' }]);
    const taken = await takenByArchiver('dan-90f');
    const zombie = archiveUnderLease(deps, TENANT, shardOf('dan-90f'), async (archive) => {
      await store.redis.del(store.keys.archiveLease(TENANT, shardOf('dan-90f'))); // it stood still until the lease had run out
      await bench.complete(await profiles.erase(userOf('dan-90f'), 'user'));
      await archive.write(taken);
    });
    await expect(zombie).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await traces('dan-90f')).toEqual([]);
  });
});

describe('a process that is killed', () => {
  it('in the middle of rewriting a file of the archive leaves the file as it was; the next run removes the rest and goes on', async () => {
    const { store, profiles, archiveDir } = bench;
    await store.record('eve-17d', [{ id: 'e1', type: 'view', itemId: 'pot' }]);
    await store.record('eve-17d', [{ id: 'e2', type: 'view', itemId: 'cup' }]);
    await bench.archive();
    const before = await readdir(folderOf('eve-17d'));
    const child = fork(join(__dirname, 'kill-in-drop.cjs'), [archiveDir, TENANT, String(shardOf('eve-17d'))]);
    await once(child, 'message'); // its file is written beside its place
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await readdir(folderOf('eve-17d'))).filter((name) => name.endsWith('.part'))).toHaveLength(1);
    expect((await readdir(folderOf('eve-17d'))).filter((name) => !name.endsWith('.part'))).toEqual(before);
    await bench.complete(await profiles.erase(userOf('eve-17d'), 'user'));
    expect(await readdir(folderOf('eve-17d'))).toEqual(before);
    expect(await traces('eve-17d')).toEqual([]);
  });

  it('between two steps is gone on with by the next', async () => {
    const { store, profiles, deps } = bench;
    await store.record('fay-68a', [{ id: 'f1', type: 'view', itemId: 'pot' }]);
    const receipt = await profiles.erase(userOf('fay-68a'), 'operator');
    const dies = async (): Promise<never> => Promise.reject(new Error('killed'));
    const records = Object.assign(Object.create(deps.records) as typeof deps.records, { close: dies });
    await expect(finishErasures({ ...deps, records }, TENANT)).rejects.toThrow('killed');
    expect(await stateOf(receipt.id)).toMatchObject({ number: expect.any(Number) as number });
    await bench.complete(receipt);
    expect(await traces('fay-68a')).toEqual([]);
  });
});

describe('what is computed while somebody is erased', () => {
  it('is not stored: it has applied what the profile no longer holds', async () => {
    const { store, profiles } = bench;
    const lists = new RedisLists(store.redis, store.keys, () => 'e1');
    await store.record('gus-02b', [{ id: 'g1', type: 'view', itemId: 'pot' }]);
    const computed = bodyOf('gus-02b', ['cup'], { appliedThrough: 1 });
    await bench.complete(await profiles.erase(userOf('gus-02b'), 'user'));
    expect(await lists.replace(computed)).toBeUndefined();
    expect(await traces('gus-02b')).toEqual([]);
  });

  it('is not published, if it is a model that began before', async () => {
    const { store, profiles, models } = bench;
    await store.record('hal-44c', [{ id: 'h1', type: 'view', itemId: 'pot' }]);
    const began = await models.erasuresCleaned(TENANT);
    await bench.complete(await profiles.erase(userOf('hal-44c'), 'user'));
    const record = {
      model: 'factor',
      version: 'late',
      trainedAt: 1,
      events: 1,
      items: 1,
      fitSeconds: 0,
      sizeBytes: 1,
      positions: {},
    } as const;
    expect(await models.publish(TENANT, { ...record, erasures: began }, Buffer.from('hal'))).toBe('erased');
    await expect(models.load(TENANT, 'factor', 'late')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a screen that watches', () => {
  it('holds the erasure up, is let go, and the erasure is complete', async () => {
    const { store, profiles, deps } = bench;
    const { redis, keys } = store;
    const [user, ended] = [userOf('ida-73d'), [] as string[]];
    const gateway = store.connect('gateway');
    gateway.on('message', (_channel: string, userId: string) => ended.push(userId));
    await gateway.subscribe(keys.erasing(TENANT));
    await redis.zadd(keys.watches(user), Date.now() + 60_000, 'home\tg1'); // of the server's time
    await redis.zadd(keys.watched(TENANT, keys.shardOf(user)), Date.now() + 60_000, 'ida-73d\nhome');
    const receipt = await profiles.erase(user, 'user');
    await finishErasures(deps, TENANT);
    expect((await stateOf(receipt.id)).number).toBeUndefined();
    expect(ended).toContain('ida-73d');
    await redis.del(keys.watches(user)); // the gateway has let go
    await bench.complete(receipt);
    expect(await traces('ida-73d')).toEqual([]);
  });
});

describe('rewriteStream', () => {
  it('keeps ids, groups and the last id, takes over what comes meanwhile, and leaves no byte of what was deleted', async () => {
    const { redis } = bench.store;
    for (let n = 0; n < 1200; n++) await redis.xadd('s', `${n + 1}-0`, 'u', n % 3 === 0 ? `gone-${n}` : `stays-${n}`);
    await redis.xgroup('CREATE', 's', 'archive', '700-0');
    await redis.xdel('s', ...Array.from({ length: 400 }, (_, n) => `${n * 3 + 1}-0`));
    expect((await redis.dumpBuffer('s')).includes('gone-')).toBe(true); // what Redis says is deleted
    const before = await redis.xrange('s', '-', '+');
    await redis.xdel('s', '1200-0');
    await rewriteStream(redis, 's');
    expect((await redis.dumpBuffer('s')).includes('gone-')).toBe(false);
    expect(await redis.xrange('s', '-', '+')).toEqual(before.slice(0, -1));
    expect(await redis.xinfo('GROUPS', 's')).toEqual([expect.arrayContaining(['archive', 'last-delivered-id', '700-0'])]);
    await expect(redis.xadd('s', '1200-0', 'u', 'x')).rejects.toThrow('equal or smaller');
    await redis.xreadgroup('GROUP', 'archive', 'archiver', 'COUNT', 1, 'STREAMS', 's', '>');
    await expect(rewriteStream(redis, 's')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await redis.exists('s:rewriting')).toBe(0);
  });
});

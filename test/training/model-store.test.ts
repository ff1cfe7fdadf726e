import { LiveModels } from '../../src/training/live-models.redis';
import type { ModelRecord } from '../../src/training/model-store';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { openTestStore, TENANT, type TestStore } from '../support/store';

let store: TestStore;
let models: RedisModelStore;
const recordOf = (version: string): ModelRecord => ({
  model: 'factor',
  version,
  trainedAt: 1,
  events: 10,
  items: 3,
  fitSeconds: 0.1,
  sizeBytes: 4,
  positions: { log: '1-0' },
});

beforeAll(async () => {
  store = await openTestStore();
  models = new RedisModelStore(store.redis, store.keys);
});
afterAll(() => store.close());

describe('RedisModelStore', () => {
  it('gives back the bytes of a snapshot of several chunks', async () => {
    const bytes = Buffer.alloc(2_500_000, 'snapshot');
    await models.publish(TENANT, recordOf('v1'), bytes);
    expect((await models.load(TENANT, 'factor', 'v1')).equals(bytes)).toBe(true);
    expect((await models.live(TENANT)).get('factor')).toEqual(recordOf('v1'));
  });

  it('announces a swap to everyone who follows the live models, and changes the digest of lists', async () => {
    const live = new LiveModels({
      store: models,
      channels: store.listen('swaps'),
      keys: store.keys,
      tenants: [TENANT],
      settingsDigestOf: () => 's',
      log: store.log,
    });
    await live.open();
    const before = live.digestOf(TENANT);
    const swapped = new Promise<string | undefined>((resolve) => live.onSwap((_, versions) => resolve(versions.get('factor')?.version)));
    await models.publish(TENANT, recordOf('v2'), Buffer.from('two'));
    expect(await swapped).toBe('v2');
    expect(live.digestOf(TENANT)).not.toBe(before);
    live.close();
  });

  it('rolls back to a stored version and refuses one that is not stored', async () => {
    await models.rollback(TENANT, 'factor', 'v1', false);
    expect((await models.live(TENANT)).get('factor')!.version).toBe('v1');
    await expect(models.rollback(TENANT, 'factor', 'v9', false)).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'version' });
    await expect(models.load(TENANT, 'factor', 'v9')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('holds a version that was rolled back to against runs by the clock, until one that was asked for', async () => {
    const held = (version: string): ModelRecord => ({ ...recordOf(version), model: 'session-knn' });
    const live = async () => (await models.live(TENANT)).get('session-knn')!;
    await models.publish(TENANT, held('h1'), Buffer.from('one'));
    expect(await models.publish(TENANT, held('h2'), Buffer.from('two'))).toBe('live');
    expect(await models.rollback(TENANT, 'session-knn', 'h1', true)).toMatchObject({ version: 'h1', pinned: true });
    expect(await models.publish(TENANT, held('h3'), Buffer.from('three'))).toBe('held');
    expect(await live()).toMatchObject({ version: 'h1', pinned: true });
    expect((await models.versions(TENANT, 'session-knn'))[0]).toEqual(held('h3')); // kept, to be looked at
    await models.rollback(TENANT, 'session-knn', 'h1', false); // lets go
    expect(await models.publish(TENANT, held('h4'), Buffer.from('four'))).toBe('live');
    await models.rollback(TENANT, 'session-knn', 'h3', true);
    expect(await models.publish(TENANT, held('h5'), Buffer.from('five'), { releases: true })).toBe('live');
    expect(await live()).toEqual(held('h5'));
  });

  it('does not let a run that began earlier take the place of a later one', async () => {
    await models.publish(TENANT, { ...recordOf('s2'), model: 'popular' }, Buffer.from('two'));
    expect(await models.publish(TENANT, { ...recordOf('s1'), model: 'popular' }, Buffer.from('one'))).toBe('superseded');
    expect((await models.live(TENANT)).get('popular')!.version).toBe('s2');
  });

  it('reads records that earlier versions wrote, and deletes them by what they wrote', async () => {
    const versions = store.keys.modelVersions(TENANT, 'user-knn');
    const { model: _model, version: _version, ...withoutNames } = recordOf('o1');
    const old = JSON.stringify({ ofAnotherVersion: 1, model: 'user-knn', version: 'o1', ...withoutNames });
    await store.redis.lpush(versions, old);
    for (const version of ['o2', 'o3', 'o4']) await models.publish(TENANT, { ...recordOf(version), model: 'user-knn' }, Buffer.from('x'));
    expect((await models.versions(TENANT, 'user-knn')).map(({ version }) => version)).toEqual(['o4', 'o3', 'o2']);
  });

  it('keeps how the last run of each model ended', async () => {
    expect(await models.lastRuns(TENANT)).toEqual(new Map());
    await models.noteRun(TENANT, { model: 'factor', at: 5, outcome: 'failed', message: 'loss is NaN', version: 'v9' });
    await models.noteRun(TENANT, { model: 'factor', at: 6, outcome: 'held', message: 'a rollback holds version v1' });
    await models.noteRun(TENANT, { model: 'popular', at: 7, outcome: 'published', version: 'p1' });
    const runs = await models.lastRuns(TENANT);
    expect(runs.get('factor')).toEqual({ model: 'factor', at: 6, outcome: 'held', message: 'a rollback holds version v1' });
    expect(runs.size).toBe(2);
  });

  it('keeps the last few versions and the live one', async () => {
    for (const version of ['v3', 'v4', 'v5', 'v6']) await models.publish(TENANT, recordOf(version), Buffer.from(version));
    expect((await models.versions(TENANT, 'factor')).map(({ version }) => version)).toEqual(['v6', 'v5', 'v4']);
    await expect(models.load(TENANT, 'factor', 'v1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await models.load(TENANT, 'factor', 'v4')).toString()).toBe('v4');
  });
});

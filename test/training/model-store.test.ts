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
      subscriber: store.connect('swaps'),
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
    await models.rollback(TENANT, 'factor', 'v1');
    expect((await models.live(TENANT)).get('factor')!.version).toBe('v1');
    await expect(models.rollback(TENANT, 'factor', 'v9')).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'version' });
    await expect(models.load(TENANT, 'factor', 'v9')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps the last few versions and the live one', async () => {
    for (const version of ['v3', 'v4', 'v5', 'v6']) await models.publish(TENANT, recordOf(version), Buffer.from(version));
    expect((await models.versions(TENANT, 'factor')).map(({ version }) => version)).toEqual(['v6', 'v5', 'v4']);
    await expect(models.load(TENANT, 'factor', 'v1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await models.load(TENANT, 'factor', 'v4')).toString()).toBe('v4');
  });
});

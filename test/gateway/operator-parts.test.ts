import type { Redis } from 'ioredis';
import { checkParts } from '../../src/gateway/check-parts';
import { createModelOperations } from '../../src/gateway/model-operations';
import type { ModelName } from '../../src/push/recommendation-list';
import type { ModelRecord, ModelStore, TrainingRun } from '../../src/training/model-store';
import { eventually } from '../support/eventually';
import { openTestStore, type TestStore } from '../support/store';

describe('checkParts', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());
  const check = (connection: 'all' | 'some' | 'none' = 'all') =>
    checkParts({ redis: store.redis, feed: { connection }, workerNamePrefix: 'beckon-worker' });
  const statuses = async (connection?: 'some' | 'none') =>
    Object.fromEntries((await check(connection)).map(({ name, status }) => [name, status]));

  it('is degraded without a worker, and well with one', async () => {
    expect(await statuses()).toEqual({ store: 'ok', feed: 'ok', workers: 'degraded' });
    const worker: Redis = store.connect('beckon-worker-jobs');
    await eventually(async () => expect(await statuses()).toEqual({ store: 'ok', feed: 'ok', workers: 'ok' }));
    worker.disconnect();
  });

  it('is down without the feed, or without the store', async () => {
    expect(await statuses('none')).toMatchObject({ store: 'ok', feed: 'down' });
    expect(await statuses('some')).toMatchObject({ store: 'ok', feed: 'degraded' });
    await store.server.kill9();
    await eventually(async () => expect(await statuses()).toMatchObject({ store: 'down', workers: 'degraded' }));
    expect(JSON.stringify(await check())).not.toMatch(/127\.0\.0\.1|redis:\/\//);
    await store.server.restart();
    await eventually(async () => expect(await statuses()).toMatchObject({ store: 'ok' }));
  });
});

describe('checkParts with an account that may do little', () => {
  it('is only degraded where it may not ask who is connected', async () => {
    const store = await openTestStore();
    try {
      await store.redis.call('ACL', 'SETUSER', 'shop', 'on', '>secret', '~*', '+@all', '-client|list');
      const redis = store.connect('beckon-gateway');
      await redis.call('AUTH', 'shop', 'secret');
      expect(await checkParts({ redis, feed: { connection: 'all' }, workerNamePrefix: 'beckon-worker' })).toEqual([
        { name: 'store', status: 'ok' },
        { name: 'feed', status: 'ok' },
        { name: 'workers', status: 'degraded', message: 'not known: the store does not say who is connected' },
      ]);
    } finally {
      await store.close();
    }
  });
});

const TRAINED: readonly ModelName[] = [
  'popular',
  'user-knn',
  'session-knn',
  'item-knn',
  'transition',
  'ease',
  'ncf',
  'attention',
  'traits',
  'policy',
  'hybrid',
  'creatives',
];

describe('createModelOperations', () => {
  const record = (model: ModelName, version: string): ModelRecord => ({
    model,
    version,
    trainedAt: 5,
    events: 10,
    items: 3,
    fitSeconds: 0.5,
    sizeBytes: 100,
    positions: {},
  });
  const stored = [record('item-knn', 'v2'), { ...record('item-knn', 'v1'), backend: 'none', learntThrough: 4 } satisfies ModelRecord];
  const failed: TrainingRun = { model: 'popular', at: 9, outcome: 'failed', message: 'loss is NaN' };
  let live: ModelRecord = stored[1]!;
  const store: ModelStore = {
    publish: async () => 'live',
    live: async () => new Map([['item-knn', live]]),
    load: async () => Buffer.alloc(0),
    versions: async (_tenant, model) => (model === 'item-knn' ? stored : []),
    rollback: async (_tenant, _model, version, hold) => (live = { ...stored.find((one) => one.version === version)!, pinned: hold }),
    erasuresCleaned: async () => 0,
    dropBefore: async () => ({ versions: 0, stale: false }),
    noteRun: async () => undefined,
    lastRuns: async () => new Map([['popular', failed]]),
  };
  const asked: string[] = [];
  const operations = createModelOperations({
    store,
    trainer: {
      train: async (_tenant, models, cause) => {
        asked.push(cause);
        return models.map((model) => ({ id: `job-${model}`, model }));
      },
    },
    isEnabled: (_tenant, model) => model !== 'factor',
  });
  beforeEach(() => (live = stored[1]!));
  const shown = { model: 'item-knn', trainedAt: 5, events: 10, items: 3, fitSeconds: 0.5, sizeBytes: 100 };
  const first = { ...shown, version: 'v1', live: true, backend: 'none', learntThrough: 4 };

  it('lists the trained models that the tenant uses, with what serves and how the last run ended', async () => {
    const models = await operations.list('default');
    expect(models.map(({ name }) => name)).toEqual(TRAINED);
    expect(models.find(({ name }) => name === 'item-knn')).toEqual({ name: 'item-knn', pinned: false, live: first });
    expect(models.find(({ name }) => name === 'popular')).toEqual({ name: 'popular', pinned: false, lastRun: failed });
  });

  it('says which version serves, and whether a rollback holds it', async () => {
    expect(await operations.versions('default', 'item-knn')).toEqual([{ ...shown, version: 'v2', live: false }, first]);
    const rolledBack = { name: 'item-knn', live: { ...shown, version: 'v2', live: true } };
    expect(await operations.rollback('default', 'item-knn', 'v2', true)).toEqual({ ...rolledBack, pinned: true });
    expect(await operations.rollback('default', 'item-knn', 'v2', false)).toEqual({ ...rolledBack, pinned: false });
  });

  it('trains what is asked for once, or everything but what a rollback holds', async () => {
    expect(await operations.train('default', ['item-knn', 'item-knn'])).toEqual([{ id: 'job-item-knn', model: 'item-knn' }]);
    expect((await operations.train('default', undefined)).map(({ model }) => model)).toEqual(TRAINED);
    await operations.rollback('default', 'item-knn', 'v2', true);
    expect((await operations.train('default', undefined)).map(({ model }) => model)).not.toContain('item-knn');
    expect(await operations.train('default', ['item-knn'])).toHaveLength(1);
    expect(new Set(asked)).toEqual(new Set(['demand']));
  });

  it.each<[ModelName]>([['content-based'], ['factor']])('says what is trained when asked for %s', async (model) => {
    await expect(operations.train('default', ['item-knn', model])).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'models[1]',
      message: expect.stringMatching(
        /trained are POPULAR, USER_KNN, SESSION_KNN, ITEM_KNN, TRANSITION, EASE, NCF, ATTENTION, TRAITS, POLICY, HYBRID, CREATIVES$/,
      ) as string,
    });
  });
});

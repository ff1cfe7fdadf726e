import type { Redis } from 'ioredis';
import { checkParts } from '../../src/gateway/check-parts';
import { createModelOperations } from '../../src/gateway/model-operations';
import type { ModelName } from '../../src/push/recommendation-list';
import type { ModelRecord, ModelStore } from '../../src/training/model-store';
import { eventually } from '../support/eventually';
import { openTestStore, type TestStore } from '../support/store';

describe('checkParts', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());
  const check = (isConnected = true) => checkParts({ redis: store.redis, feed: { isConnected }, workerNamePrefix: 'beckon-worker' });
  const statuses = async (isConnected?: boolean) =>
    Object.fromEntries((await check(isConnected)).map(({ name, status }) => [name, status]));

  it('is degraded without a worker, and well with one', async () => {
    expect(await statuses()).toEqual({ store: 'ok', feed: 'ok', workers: 'degraded' });
    const worker: Redis = store.connect('beckon-worker-jobs');
    await eventually(async () => expect(await statuses()).toEqual({ store: 'ok', feed: 'ok', workers: 'ok' }));
    worker.disconnect();
  });

  it('is down without the feed, or without the store', async () => {
    expect(await statuses(false)).toMatchObject({ store: 'ok', feed: 'down' });
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
      expect(await checkParts({ redis, feed: { isConnected: true }, workerNamePrefix: 'beckon-worker' })).toEqual([
        { name: 'store', status: 'ok' },
        { name: 'feed', status: 'ok' },
        { name: 'workers', status: 'degraded', message: 'not known: the store does not say who is connected' },
      ]);
    } finally {
      await store.close();
    }
  });
});

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
  const stored = [record('item-knn', 'v2'), record('item-knn', 'v1')];
  const store: ModelStore = {
    publish: async () => undefined,
    live: async () => new Map([['item-knn', stored[1]!]]),
    load: async () => Buffer.alloc(0),
    versions: async (_tenant, model) => (model === 'item-knn' ? stored : []),
    rollback: async (_tenant, _model, version) => stored.find((candidate) => candidate.version === version)!,
  };
  const operations = createModelOperations({
    store,
    trainer: { train: async (_tenant, models) => models.map((model) => ({ id: `job-${model}`, model })) },
    isEnabled: (_tenant, model) => model !== 'factor',
  });
  const shown = { model: 'item-knn', trainedAt: 5, events: 10, fitSeconds: 0.5, sizeBytes: 100 };

  it('lists the trained models that the tenant uses, with what serves', async () => {
    const models = await operations.list('default');
    expect(models.map(({ name }) => name)).toEqual(['popular', 'user-knn', 'session-knn', 'item-knn', 'transition']);
    expect(models.find(({ name }) => name === 'item-knn')!.live).toEqual({ ...shown, version: 'v1', live: true });
    expect(models.find(({ name }) => name === 'popular')).toEqual({ name: 'popular' });
  });

  it('says which version serves', async () => {
    expect(await operations.versions('default', 'item-knn')).toEqual([
      { ...shown, version: 'v2', live: false },
      { ...shown, version: 'v1', live: true },
    ]);
    expect(await operations.rollback('default', 'item-knn', 'v2')).toEqual({ ...shown, version: 'v2', live: true });
  });

  it('trains what is asked for once, or everything', async () => {
    expect(await operations.train('default', ['item-knn', 'item-knn'])).toEqual([{ id: 'job-item-knn', model: 'item-knn' }]);
    expect(await operations.train('default', undefined)).toHaveLength(5);
  });

  it.each<[ModelName]>([['hybrid'], ['content-based'], ['factor']])('says what is trained when asked for %s', async (model) => {
    await expect(operations.train('default', ['item-knn', model])).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'models[1]',
      message: expect.stringMatching(/trained are POPULAR, USER_KNN, SESSION_KNN, ITEM_KNN, TRANSITION$/) as string,
    });
  });
});

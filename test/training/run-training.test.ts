import type { Snapshot } from '../../src/models/model';
import type { Item } from '../../src/catalogue/item';
import { readItems } from '../../src/catalogue/read-items.redis';
import { trainableModels, type TrainableModel } from '../../src/models/model-catalogue';
import { encodeSnapshot } from '../../src/models/snapshot-codec';
import { systemClock } from '../../src/platform/clock';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { runTraining, type TrainingRequest } from '../../src/training/run-training';
import type { RunResult } from '../../src/training/training-result';
import { openTestStore, TENANT, type TestStore } from '../support/store';
import { EVENTS, fillWithTastes, ITEMS } from './shop-of-tastes';

let store: TestStore;
let models: RedisModelStore;
const catalogue = (): Promise<Item[]> => readItems(store.redis, store.keys.items(TENANT));
const usage = () => ({ peakMemoryBytes: 1000, cpuSeconds: 2 });
const { factor, popular } = trainableModels({ factor: { dimensions: 12, epochs: 5 } });
const flat = trainableModels({ factor: { dimensions: 1, epochs: 1 } }).factor;

beforeAll(async () => {
  store = await openTestStore();
  models = new RedisModelStore(store.redis, store.keys);
  await fillWithTastes(store);
}, 60_000);
afterAll(() => store.close());

function train(model: TrainableModel, over: Partial<TrainingRequest> = {}): Promise<RunResult> {
  const { redis, keys, server } = store;
  const deps = { redis, keys, archiveDir: server.dir, store: models, catalogue, consent: { required: [] }, clock: systemClock, usage };
  return runTraining(deps, { tenant: TENANT, cause: 'schedule', model, fewestEvents: 1, check: 'auto', optionsDigest: 'abc', ...over });
}
const liveVersion = async (model: 'factor' | 'popular' | 'item-knn'): Promise<string | undefined> =>
  (await models.live(TENANT)).get(model)?.version;

describe('a retrain', () => {
  let first: RunResult;

  it('is taken unchecked when it is the first, without the newest behaviours, with its whole record', async () => {
    first = await train(factor);
    const { record } = first;
    expect(first).toMatchObject({ outcome: 'published', check: { decision: 'unchecked', reason: 'the first version', cases: 0 } });
    expect(record).toMatchObject({
      backend: 'none',
      layout: 1,
      optionsDigest: 'abc',
      ...usage(),
      events: 0.95 * EVENTS,
      items: ITEMS,
    });
    expect(record!.learntThrough!).toBeLessThan(record!.trainedAt);
    expect((await models.live(TENANT)).get('factor')).toEqual(record);
  });

  it('that is worse than the live version is never swapped in, and says so', async () => {
    const worse = await train(flat);
    expect(worse).toMatchObject({ outcome: 'rejected', check: { decision: 'rejected', against: first.version } });
    expect(worse.check!.cases).toBeGreaterThanOrEqual(200);
    expect(worse.check!.high!).toBeLessThan(0);
    expect(await liveVersion('factor')).toBe(first.version);
    expect((await models.versions(TENANT, 'factor')).map(({ version }) => version)).toEqual([first.version]);
  });

  it('that is worse is taken where the check is off', async () => {
    const worse = await train(flat, { check: 'off' });
    expect(worse).toMatchObject({ outcome: 'published', check: { decision: 'unchecked', reason: 'switched off by configuration' } });
    expect(worse.record!.events).toBe(EVENTS);
    await models.rollback(TENANT, 'factor', first.version!, false);
  });

  it('that is as good takes its place, with the comparison in its record', async () => {
    const again = await train(factor);
    expect(again).toMatchObject({ outcome: 'published', check: { decision: 'accepted', difference: 0, against: first.version } });
    expect(again.check!.ndcgLive).toBeGreaterThan(0.3);
    expect(await liveVersion('factor')).toBe(again.version);
  });

  it('leaves a version that was rolled back to, unless it was asked for', async () => {
    await models.rollback(TENANT, 'factor', first.version!, true);
    expect(await train(factor)).toEqual({ outcome: 'held', message: `a rollback holds version ${first.version}` });
    expect(await liveVersion('factor')).toBe(first.version);
    const asked = await train(factor, { cause: 'demand' });
    expect(asked).toMatchObject({ outcome: 'published' });
    expect((await models.live(TENANT)).get('factor')).toEqual(asked.record);
  });
});

it('a fit that went astray stops with a clear error, and the live snapshot stays', async () => {
  const before = await liveVersion('factor');
  const astray: TrainableModel = {
    ...factor,
    fit: async (events): Promise<Snapshot> => ({ ...(await flat.fit(events)), itemFactors: Float32Array.of(1, NaN) }),
  };
  await expect(train(astray, { cause: 'demand' })).rejects.toMatchObject({
    code: 'INTERNAL',
    retryable: false,
    message: 'factor: itemFactors[1] is not a number; the fit went astray and is not published',
  });
  expect(await liveVersion('factor')).toBe(before);
});

it('a live version that cannot be read is replaced, and the comparison says why there was none', async () => {
  const live = (await models.live(TENANT)).get('factor')!;
  const version = `${live.version}x`;
  const foreign = encodeSnapshot({ model: 'factor', version, trainedAt: 1, layout: 77 }, { items: [] });
  await models.publish(TENANT, { ...live, version }, foreign);
  const replaced = await train(factor, { cause: 'refused' });
  expect(replaced.check).toMatchObject({
    decision: 'unchecked',
    reason: 'the live version cannot be read: snapshot refused: layout 77 of model factor, this version reads layout 1',
    against: version,
  });
  expect(replaced.outcome).toBe('published');
});

it('a model that counts live learns everything, as its positions in the log say', async () => {
  const first = await train(popular);
  expect(first.record).toMatchObject({ events: EVENTS });
  const second = await train(popular);
  expect(second.record).toMatchObject({
    events: EVENTS,
    check: { decision: 'unchecked', reason: 'only 0 behaviours to predict that the live version has not learnt; 200 are needed' },
  });
  expect(Object.keys(second.record!.positions)).toHaveLength(store.keys.shards);
});

it('too little to learn from is said instead of trained', async () => {
  expect(await train(factor, { fewestEvents: 10_000, tenant: TENANT, cause: 'demand' })).toEqual({
    outcome: 'skipped',
    message: `too little to learn from: ${EVENTS} behaviours, 10000 are needed`,
  });
  expect(await train(factor, { tenant: 'somebody' })).toEqual({ outcome: 'skipped', message: 'nothing to learn from yet' });
});

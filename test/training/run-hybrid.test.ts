import type { Item } from '../../src/catalogue/item';
import { CONTENT_BASED_DEFAULTS } from '../../src/models/content-based/content-based';
import type { Snapshot } from '../../src/models/model';
import { trainableModels, type TrainableModel } from '../../src/models/model-catalogue';
import { encodeSnapshot } from '../../src/models/snapshot-codec';
import { systemClock } from '../../src/platform/clock';
import type { BlendCases } from '../../src/ranking/learnt-blend/blend-case';
import type { GateDecision } from '../../src/ranking/learnt-blend/gate-decision';
import { traitSettings } from '../../src/profile/traits/trait-settings';
import { singleModelBlend } from '../../src/ranking/learnt-blend/learnt-blend';
import { blendOf, decodeHybrid, encodeHybrid } from '../../src/training/hybrid-blends';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { runHybrid, type HybridDeps, type HybridRequest } from '../../src/training/run-hybrid';
import { openTestStore, TENANT, type TestStore } from '../support/store';
import { EVENTS, fillWithTastes } from './shop-of-tastes';

let store: TestStore;
let models: RedisModelStore;
beforeAll(async () => {
  store = await openTestStore();
  models = new RedisModelStore(store.redis, store.keys);
  await fillWithTastes(store);
}, 60_000);
afterAll(() => store.close());

const { factor, popular } = trainableModels({ factor: { dimensions: 12, epochs: 5 } });
const astray: TrainableModel = { ...factor, name: 'item-knn', fit: async (): Promise<Snapshot> => ({ table: Float32Array.of(NaN) }) };
const figures = { joined: true, gain: 0.3, low: 0.2, high: 0.4, margin: 0.0005, ndcgWith: 0.3, ndcgWithout: 0, cases: 9 };
const decision: GateDecision = { model: 'factor', override: 'auto', ...figures };
const item: Item = { id: 'i0', title: 'a thing', categories: [], tags: [], hidden: false, promoted: false, version: 1 };

let seen: BlendCases | undefined;
/** A learner that has made up its mind. */
const choosing =
  (model: 'factor' | 'popular'): HybridDeps['learn'] =>
  (cases) => {
    seen = cases;
    return { blend: singleModelBlend(model, 300), decisions: [decision], refinements: [], ndcg: 0.3, single: { model, ndcg: 0.3 } };
  };

function train(learn: HybridDeps['learn'], over: Partial<HybridRequest> = {}) {
  const usage = () => ({ peakMemoryBytes: 1, cpuSeconds: 1 });
  const notes: string[] = [];
  const consent = { required: [] };
  const deps = { redis: store.redis, keys: store.keys, archiveDir: store.server.dir, store: models, consent, clock: systemClock, usage };
  const request: HybridRequest = {
    tenant: TENANT,
    cause: 'schedule',
    models: [popular, factor, astray].map((model) => ({ model, fewestEvents: 1 })),
    contentOptions: CONTENT_BASED_DEFAULTS,
    rules: {},
    surfaces: ['home'],
    handSet: { weights: { factor: 1 }, fusion: 'min-max', candidatesPerModel: 300 },
    check: 'auto',
    optionsDigest: 'abc',
    ...over,
  };
  const result = runHybrid({ ...deps, catalogue: async () => [item], ...(learn && { learn }) }, request, {
    onNote: (line) => notes.push(line),
  });
  return result.then((run) => ({ run, notes }));
}

describe('a run of the hybrid', () => {
  it('that is worse than the weights in use is not taken', async () => {
    const { run } = await train(choosing('popular'));
    expect(run).toMatchObject({ outcome: 'rejected', check: { decision: 'rejected', against: 'the weights set by hand' } });
    expect((await models.live(TENANT)).has('hybrid')).toBe(false);
  });

  it('asks every model that could be fitted, and says which could not', async () => {
    const { run, notes } = await train(choosing('factor'));
    expect(seen!.layout.models).toEqual(['popular', 'factor', 'content-based']);
    expect(seen!.cases.length).toBeGreaterThanOrEqual(300);
    expect(notes).toEqual(['item-knn is not blended: item-knn: table[0] is not a number; the fit went astray and is not published']);
    expect(run).toMatchObject({ outcome: 'published', check: { decision: 'accepted' } });
    expect(run.record).toMatchObject({ model: 'hybrid', events: EVENTS, gate: [decision], backend: 'none', layout: 1 });
    const blends = decodeHybrid(await models.load(TENANT, 'hybrid', run.version!));
    expect(blendOf(blends, 'home')).toEqual(singleModelBlend('factor', 300));
  });

  it('that is worse than the blend in use is not taken', async () => {
    const live = (await models.live(TENANT)).get('hybrid')!;
    const { run } = await train(choosing('popular'));
    expect(run).toMatchObject({ outcome: 'rejected', check: { against: live.version } });
    expect((await models.live(TENANT)).get('hybrid')).toEqual(live);
  });

  it('asks no model that configuration keeps out, nor one with too little to learn from', async () => {
    const few = [popular, factor].map((model) => ({ model, fewestEvents: model === popular ? EVENTS : 1 }));
    await train(choosing('factor'), { models: few, rules: { 'content-based': 'never' } });
    expect(seen!.layout.models).toEqual(['factor']);
  });

  it('does not take the place of one that a rollback holds, and needs enough to predict', async () => {
    const { version } = (await models.live(TENANT)).get('hybrid')!;
    await models.rollback(TENANT, 'hybrid', version, true);
    expect((await train(choosing('factor'))).run).toEqual({ outcome: 'held', message: `a rollback holds version ${version}` });
    expect((await train(choosing('factor'), { tenant: 'somebody' })).run.outcome).toBe('skipped');
    const none = { models: [], rules: { 'content-based': 'never' }, cause: 'demand' } as const;
    expect((await train(undefined, none)).run).toEqual({ outcome: 'skipped', message: 'there is no model to blend' });
  });
});

it('learns by itself which model is worth asking', async () => {
  const { run } = await train(undefined, { cause: 'demand', models: [popular, factor].map((model) => ({ model, fewestEvents: 1 })) });
  expect(run).toMatchObject({ outcome: 'published', check: { decision: 'accepted' } });
  const joined = run.record!.gate!.filter((of) => of.joined).map(({ model }) => model);
  expect(joined[0]).toBe('factor');
  expect(run.record!.gate!.map(({ model }) => model).sort()).toEqual(['content-based', 'factor', 'popular']);
});

describe('where traits are learned', () => {
  const traits = traitSettings.parse({ enabled: true, attributes: ['taste'], sensitiveAttributes: ['gender'] });
  const hashOf = (user: number): string => store.keys.profile({ tenant: TENANT, userId: `u${user}` });
  const onlyPopular = { cause: 'demand', models: [{ model: popular, fewestEvents: 1 }], rules: { 'content-based': 'never' } } as const;
  beforeAll(async () => {
    // Two users of three declare their taste, which says much, and let it be used; all declare a gender that says it too, without consent to that.
    for (let user = 0; user < 200; user++) {
      const taste = `taste-${user % 5}`; // two of the ten
      await store.redis.hset(
        hashOf(user),
        'attributes',
        JSON.stringify({ gender: taste, ...(user % 3 > 0 && { taste }) }),
        'p:traits',
        '1',
      );
    }
  });

  it('what is popular among users of the same traits joins the blend, if it adds enough', async () => {
    const { run } = await train(undefined, { ...onlyPopular, traits });
    expect(run.record!.gate!.find(({ model }) => model === 'traits')).toMatchObject({ joined: true, override: 'auto' });
  });

  it('it is not asked where the operator or the users do not want it', async () => {
    await train(choosing('popular'), onlyPopular);
    expect(seen!.layout.models).toEqual(['popular']);
    await train(choosing('popular'), { ...onlyPopular, traits: { ...traits, attributes: [] } }); // consent to the sensitive one is lacking
    expect(seen!.layout.models).toEqual(['popular']);
    await train(choosing('popular'), { ...onlyPopular, traits, rules: { traits: 'never' }, models: onlyPopular.models });
    expect(seen!.layout.models).not.toContain('traits');
  });
});

describe('the snapshot of the hybrid', () => {
  const all = singleModelBlend('factor', 300);
  const home = singleModelBlend('popular', 50);

  it('gives back the blends', () => {
    const read = decodeHybrid(encodeHybrid({ all, bySurface: new Map([['home', home]]) }, 'v1', 1));
    expect([blendOf(read, 'home'), blendOf(read, 'cart')]).toEqual([home, all]);
  });

  it('is refused by name when it is of another layout or of another form', () => {
    const other = encodeSnapshot({ model: 'hybrid', version: 'v1', trainedAt: 1, layout: 9 }, { blends: '{}' });
    expect(() => decodeHybrid(other)).toThrow('snapshot refused: layout 9 of model hybrid, this version reads layout 1');
    const empty = encodeSnapshot({ model: 'hybrid', version: 'v1', trainedAt: 1 }, { blends: '{"bySurface":{}}' });
    expect(() => decodeHybrid(empty)).toThrow(/snapshot refused: blends\.all/);
  });
});

import { RedisCatalogue } from '../../src/catalogue/catalogue.redis';
import { readItems } from '../../src/catalogue/read-items.redis';
import { ItemIndex } from '../../src/models/item-index';
import { SparseScores } from '../../src/models/sparse-scores';
import { loadSegments } from '../../src/models/traits/segment-snapshot';
import { systemClock } from '../../src/platform/clock';
import { RedisConsentLedger } from '../../src/privacy/consent-ledger.redis';
import { newReceipt } from '../../src/privacy/erasure';
import { RedisProfiles } from '../../src/profile/profiles.redis';
import type { TraitEdit } from '../../src/profile/traits/trait-edit';
import { traitSettings, type TraitSettings } from '../../src/profile/traits/trait-settings';
import { RedisTraitStore } from '../../src/profile/traits/trait-store.redis';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { runTraits } from '../../src/training/run-traits';
import { openTestStore, TENANT, type TestStore } from '../support/store';

/** Even users view horror, odd ones drama. Users below DECLARED said which they are. */
const USERS = 100;
const DECLARED = 80;
const VIEWS = 6;
const ITEMS = 40;
const kind = (n: number): string => (n % 2 === 0 ? 'horror' : 'drama');
const range = (length: number): number[] => Array.from({ length }, (_, k) => k);
const user = (n: number) => ({ tenant: TENANT, userId: `u${n}` });

let store: TestStore;
let models: RedisModelStore;
let profiles: RedisProfiles;
let ledger: RedisConsentLedger;
const settings = traitSettings.parse({
  enabled: true,
  attributes: ['segment'],
  sensitiveAttributes: ['gender'],
  fewestBehaviours: 3,
  fewestUsers: 20,
});

beforeAll(async () => {
  store = await openTestStore();
  models = new RedisModelStore(store.redis, store.keys);
  ledger = new RedisConsentLedger({ redis: store.redis, keys: store.keys, recompute: store.recordDeps.recompute });
  profiles = new RedisProfiles({
    redis: store.redis,
    keys: store.keys,
    clock: systemClock,
    halfLivesOf: () => ({ shortHalfLifeMs: 1e8, longHalfLifeMs: 1e9 }),
    log: store.recordDeps.log,
    topicsOf: () => [],
    surfacesOf: () => ['home'],
    recompute: store.recordDeps.recompute,
    consents: ledger,
    archiveDir: '/nowhere',
    erasures: {
      begin: (_tenant, userIds, by) => Promise.resolve(newReceipt({ id: 'r1', requestedAt: 0, by, ids: userIds.length, dueAt: 0 })),
    },
  });
  const items = range(ITEMS).map((n) => ({ id: `i${n}`, title: `film ${n}`, categories: [kind(n)] }));
  await new RedisCatalogue(store.redis, store.keys).upsert(TENANT, items);
  await Promise.all(
    range(USERS).map((n) =>
      store.record(
        `u${n}`,
        range(VIEWS).map((k) => ({ type: 'view', itemId: `i${(2 * (n + 3 * k) + (n % 2)) % ITEMS}` })),
      ),
    ),
  );
}, 60_000);
afterAll(() => store.close());

function train(over: Partial<TraitSettings> = {}) {
  const usage = () => ({ peakMemoryBytes: 1, cpuSeconds: 1 });
  const consent = { required: [] };
  const deps = { redis: store.redis, keys: store.keys, archiveDir: store.server.dir, store: models, consent, clock: systemClock, usage };
  const catalogue = () => readItems(store.redis, store.keys.items(TENANT));
  return runTraits({ ...deps, catalogue }, { tenant: TENANT, cause: 'schedule', settings: { ...settings, ...over }, optionsDigest: 'abc' });
}
const edit = (n: number, traits: TraitEdit) => profiles.update(user(n), { traits });
const say = (n: number, purpose: string, granted: boolean) =>
  ledger.note(user(n), { purpose, granted, at: systemClock.now(), source: 'test', by: 'user' });
const grant = (n: number, purpose = 'traits') => say(n, purpose, true);
const withdraw = (n: number, purpose = 'traits') => say(n, purpose, false);
const traitsOf = async (n: number) => (await profiles.read(user(n))).learning?.traits ?? [];
const fieldsOf = async (n: number, prefix: string) =>
  Object.keys(await store.redis.hgetall(store.keys.profile(user(n)))).filter((field) => field.startsWith(prefix));

/** Everybody's fields and keys that were made by learning. */
async function traces(): Promise<string[]> {
  const keys = await store.redis.keys('*trait*');
  const fields = await Promise.all(range(USERS).map((n) => fieldsOf(n, 'x:')));
  return [...keys, ...fields.flat()];
}

describe('a run of the traits', () => {
  it('without anybody’s consent learns nothing, infers nothing and leaves nothing in the store', async () => {
    for (const n of range(DECLARED)) await profiles.update(user(n), { attributes: { segment: kind(n), gender: kind(n) } });
    expect(await train()).toMatchObject({ outcome: 'skipped', message: 'nobody has consented to being learned about' });
    expect(await traces()).toEqual([]);
    expect((await models.live(TENANT)).size).toBe(0);
  });

  it('infers of those who consented what they did not declare, says why, and of nobody else anything', async () => {
    for (const n of range(USERS - 5)) await grant(n);
    const { outcome, record } = await train();
    expect(outcome).toBe('published');
    expect(record!.traits!.map(({ attribute, value, users, auc, used }) => [attribute, value, users, auc, used])).toEqual([
      ['segment', 'drama', DECLARED, 1, true],
      ['segment', 'horror', DECLARED, 1, true],
    ]);
    const [trait] = await traitsOf(DECLARED);
    expect(trait).toMatchObject({ attribute: 'segment', value: 'horror', model: 'tree' });
    expect(trait!.path).toEqual([expect.stringMatching(/^viewed (6 × horror|0 × drama) in 30 days/)]);
    expect(await traitsOf(DECLARED + 1)).toMatchObject([{ value: 'drama' }]);
    expect(await traitsOf(0)).toEqual([]); // declared
    for (const n of range(5)) expect(await fieldsOf(USERS - 1 - n, 'x:')).toEqual([]); // did not consent
  });

  it('learns what is popular in each segment, of what members who consented did', async () => {
    const { version } = (await models.live(TENANT)).get('traits')!;
    const index = new ItemIndex();
    const scorer = loadSegments(await models.load(TENANT, 'traits', version), index);
    const scores = new SparseScores();
    scorer.score({ segments: [{ name: 'segment=drama', weight: 1 }] }, scores, 10);
    expect(new Set(scores.rows.map((row) => kind(Number(index.idAt(row).slice(1)))))).toEqual(new Set(['drama']));
    expect(scores.rows).toHaveLength(10);
  });

  it('never infers a sensitive attribute without the operator’s list and both consents', async () => {
    const n = DECLARED + 2;
    for (const other of range(DECLARED)) await grant(other, 'trait:gender');
    const gendersOf = async (m: number) => (await traitsOf(m)).filter(({ attribute }) => attribute === 'gender');
    await train();
    expect(await gendersOf(n)).toEqual([]); // consented to traits alone
    await grant(n, 'trait:gender');
    await train({ sensitiveAttributes: [] });
    expect(await gendersOf(n)).toEqual([]); // the operator does not list it
    await train();
    expect(await gendersOf(n)).toMatchObject([{ value: 'horror' }]);
    await withdraw(n, 'trait:gender');
    expect(await fieldsOf(n, 'x:')).toEqual(['x:segment']); // at once, and that one only
  });

  it('what was deleted may be inferred again; what was rejected may not, until it is reset', async () => {
    const n = DECLARED + 3;
    expect(await traitsOf(n)).toHaveLength(1);
    await edit(n, { kind: 'delete', attribute: 'segment' });
    expect(await fieldsOf(n, 'x:')).toEqual([]);
    await train();
    expect(await traitsOf(n)).toHaveLength(1);
    await edit(n, { kind: 'reject', attribute: 'segment' });
    expect(await fieldsOf(n, 'x:')).toEqual([]);
    await train();
    expect(await traitsOf(n)).toEqual([]);
    await edit(n, { kind: 'reset', attribute: 'segment' });
    await train();
    expect(await traitsOf(n)).toHaveLength(1);
  });

  it('consent that is withdrawn takes what was inferred with it, also while a run is writing', async () => {
    const n = DECLARED + 4;
    const before = await traitsOf(n);
    expect(before).toHaveLength(1);
    await withdraw(n);
    expect(await fieldsOf(n, 'x:')).toEqual([]);
    // A run that had read the consent before writes only now.
    const traits = new RedisTraitStore(store.redis, store.keys);
    expect(await traits.replace(user(n), before, before, [])).toBe(0);
    await profiles.erase(user(n + 1), 'user');
    expect(await traits.replace(user(n + 1), [], before, [])).toBe(0);
    expect(await store.redis.exists(store.keys.profile(user(n + 1)))).toBe(0);
    await train();
    expect(await fieldsOf(n, 'x:')).toEqual([]);
  });

  it('what the user declares afterwards is no longer inferred', async () => {
    const n = DECLARED + 6;
    expect(await traitsOf(n)).toHaveLength(1);
    await profiles.update(user(n), { attributes: { segment: 'drama' } });
    expect(await traitsOf(n)).toEqual([]);
  });

  it('where traits are switched off deletes all that was inferred', async () => {
    expect((await Promise.all(range(USERS).map((n) => fieldsOf(n, 'x:')))).flat().length).toBeGreaterThan(5);
    const { record } = await train({ enabled: false });
    expect(record).toMatchObject({ events: 0, items: 0, traits: [] });
    expect((await Promise.all(range(USERS).map((n) => fieldsOf(n, 'x:')))).flat()).toEqual([]);
  });
});

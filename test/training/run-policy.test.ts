import type { Snapshot } from '../../src/models/model';
import type { JudgedDecision } from '../../src/models/policy/decision';
import { fitPolicy } from '../../src/models/policy/fit-policy';
import { POLICY_DEFAULTS } from '../../src/models/policy/policy-options';
import { systemClock } from '../../src/platform/clock';
import { seededRandom } from '../../src/platform/random';
import { decodeDecision, encodeDecision, type StoredDecision } from '../../src/training/list-decisions';
import { RedisListDecisions } from '../../src/training/list-decisions.redis';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { runPolicy, type PolicyDeps, type PolicyRequest } from '../../src/training/run-policy';
import { openTestStore, TENANT, type TestStore } from '../support/store';
import { aSituation, loggedList } from '../models/policy/decisions';

const LISTS = 1500;
const USERS = 75;
const DAY = 86_400_000;

let store: TestStore;
let models: RedisModelStore;
let decisions: RedisListDecisions;

/** Of four candidates the one that the third feature marks is clicked; one list a user and day, each followed by another. */
beforeAll(async () => {
  store = await openTestStore();
  models = new RedisModelStore(store.redis, store.keys);
  decisions = new RedisListDecisions(store.redis, store.keys);
  await store.redis.hset(store.keys.items(TENANT), ...[0, 1, 2, 3].flatMap((n) => [`i${n}`, '{}']));
  const random = seededRandom(11);
  const start = Math.floor(systemClock.now()) - 22 * DAY;
  const behaviours = new Map<string, object[]>();
  for (let k = 0; k < LISTS; k++) {
    const good = Math.floor(random() * 4);
    const situation = aSituation([0, 1, 2, 3].map((c) => [255 - 10 * c, 200, c === good ? 255 : 0]));
    const { places, rule } = loggedList(situation, { size: 1, user: 0, random, earn: () => 0 });
    const itemIds = places.map(({ candidate }) => `i${candidate}`);
    const list: StoredDecision = { id: `list-${k}`, surface: 'home', ...situation, places, rule, itemIds };
    await decisions.append(TENANT, list);
    const at = start + Math.floor(k / USERS) * DAY + k;
    const seen = { recommendationId: list.id, itemId: itemIds[0]!, surface: 'home' };
    const own = behaviours.get(`u${k % USERS}`) ?? [];
    own.push({ ...seen, type: 'impression', at });
    if (places[0]!.candidate === good) own.push({ ...seen, type: 'click', at: at + 1000 });
    behaviours.set(`u${k % USERS}`, own);
  }
  await decisions.append(TENANT, { ...(await first()), id: 'never-seen' });
  for (const [userId, drafts] of behaviours) await store.record(userId, drafts);
}, 60_000);
afterAll(() => store.close());

async function first(): Promise<StoredDecision> {
  for await (const decision of decisions.read(TENANT)) return decision;
  throw new Error('none was kept');
}

let taught: readonly JudgedDecision[] = [];
function train(over: Partial<PolicyRequest> = {}, fit: PolicyDeps['fit'] = fitPolicy) {
  const usage = () => ({ peakMemoryBytes: 1, cpuSeconds: 1 });
  const deps = {
    redis: store.redis,
    keys: store.keys,
    archiveDir: store.server.dir,
    store: models,
    consent: { required: [] },
    clock: systemClock,
    usage,
    decisions,
    catalogue: async () => [],
  };
  const watched: PolicyDeps['fit'] = (lists, options) => fit((taught = lists), options);
  const options = { ...POLICY_DEFAULTS, epochs: 20, batch: 16, hidden: 6 };
  return runPolicy(
    { ...deps, fit: watched },
    { tenant: TENANT, cause: 'schedule', options, gate: 'auto', fewestLists: 100, optionsDigest: 'abc', ...over },
  );
}
/** The blend's own order. */
const untaught = (_lists: readonly JudgedDecision[], options: Parameters<typeof fitPolicy>[1]) => fitPolicy([], options);

describe('a list that explored', () => {
  it('is kept without its user, and comes back as it was', async () => {
    const decision = await first();
    expect(decision).toMatchObject({ id: 'list-0', surface: 'home', rule: { places: 0.4 } });
    expect(decodeDecision(encodeDecision(decision))).toEqual(decision);
    const [[, fields]] = (await store.redis.xrange(store.keys.decisions(TENANT), '-', '+', 'COUNT', 1)) as [[string, string[]]];
    expect(fields.join()).not.toMatch(/"u\d+"|userId/);
  });

  it('that another version wrote is passed over', async () => {
    await store.redis.xadd(store.keys.decisions(TENANT), '*', 'list', '{"id":1}');
    let lists = 0;
    for await (const decision of decisions.read(TENANT)) lists += Number(decision.id !== '');
    expect(lists).toBe(LISTS + 1);
  });
});

describe('a run of the policy', () => {
  it('does not go live where it would earn what was earned: the figures are in the run', async () => {
    const run = await train({}, untaught);
    expect(run).toMatchObject({ outcome: 'rejected', policyGate: { passed: false, overridden: false } });
    expect(run.message).toContain('does not beat');
    expect((await models.live(TENANT)).has('policy')).toBe(false);
  });

  it('goes live where the lower bound says that it earns more; lists that nobody saw teach nothing', async () => {
    const run = await train();
    expect(run.policyGate!.reason).toContain('beats that of');
    expect(run).toMatchObject({ outcome: 'published', policyGate: { passed: true } });
    const { policyGate } = (await models.live(TENANT)).get('policy')!;
    expect(policyGate!.gainLow).toBeGreaterThan(0);
    expect(policyGate!.effectiveSampleSize).toBeGreaterThan(100);
    // The last day's are left out: nobody can know yet who comes back.
    expect(taught).toHaveLength((3 / 5) * (LISTS - USERS));
    // A click brings 1, and .9 of the 2 for coming back the next day; leaving without one, −1.
    expect(new Set(taught.flatMap(({ rewards }) => [...rewards]))).toEqual(new Set([2.8, -1]));
  });

  it('is decided by configuration where that says so', async () => {
    const always = await train({ gate: 'always' }, untaught);
    expect(always).toMatchObject({ outcome: 'published', policyGate: { passed: true, overridden: true } });
    expect(always.policyGate!.reason).toContain('live by configuration, although');
    expect(await train({ gate: 'never' })).toEqual({ outcome: 'skipped', message: 'kept out by configuration' });
  });

  it('needs lists, gives way to a rollback, and refuses what went astray', async () => {
    expect((await train({ fewestLists: 856 })).message).toBe(
      'too little to learn from: 855 lists that explored and were seen, 856 are needed',
    );
    const astray = async () =>
      train({}, () => ({ ...untaught([], POLICY_DEFAULTS), parameters: Float64Array.of(NaN) }) as Snapshot as never);
    await expect(astray()).rejects.toThrow('policy: parameters[0] is not a number');
    const { version } = (await models.live(TENANT)).get('policy')!;
    await models.rollback(TENANT, 'policy', version, true);
    expect((await train()).outcome).toBe('held');
  });
});

import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parameterCount } from '../../src/models/policy/network';
import { POLICY_LAYOUT } from '../../src/models/policy/policy';
import { encodeSnapshot } from '../../src/models/snapshot-codec';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { Beckon, TENANT } from '../support/beckon';
import { eventually } from '../support/eventually';
import { ListWatcher } from '../support/list-watcher';
import { itemId, record, stockShop } from '../support/shop';

/** Users of four tastes: what a user meets is of one category, so that factor sees what comes next and popularity does not. */
const ITEMS = 120;
const TASTES = 4;
const USERS = 170;
const MET = 25;
const OFF = ['user-knn', 'session-knn', 'item-knn', 'transition', 'ease', 'ncf', 'attention', 'content-based'];

let beckon: Beckon;

beforeAll(async () => {
  const models = {
    ...Object.fromEntries(OFF.map((name) => [name, { enabled: false }])),
    factor: { options: { dimensions: 8, epochs: 5 } },
    popular: { gate: 'never' },
    // A policy is taken here whatever its gate finds, from one list on, and nobody is waited for to come back.
    policy: { gate: 'always', fewestEvents: 1, options: { returnMs: 1 } },
  };
  const surfaces = {
    home: { blend: { source: 'learnt', weights: { popular: 1, factor: 0.001 }, fusion: 'max' } },
    cart: { blend: { weights: { popular: 1 } } },
    exploring: { blend: { weights: { popular: 1 } }, size: 10, exploration: { places: 0.5, temperature: 10 } },
    ordered: { blend: { weights: { popular: 1 } }, policy: true },
  };
  const product = { blend: { weights: { popular: 1 } } };
  const traits = { enabled: true, attributes: ['taste'], fewestUsers: 20 };
  const tenantsFile = join(tmpdir(), `beckon-hybrid-${process.pid}.json`);
  await writeFile(
    tenantsFile,
    JSON.stringify({ tenants: { [TENANT]: { training: { everyMs: 0 }, models, surfaces: { ...surfaces, product }, traits } } }),
  );
  beckon = await Beckon.start({ env: { TENANTS_FILE: tenantsFile } });
  await stockShop(beckon.as('operator'), ITEMS);
  // What a worker asks for when it finds no version comes to nothing yet, and is over.
  for (const name of ['POPULAR', 'FACTOR', 'TRAITS', 'HYBRID']) expect((await ended(name, undefined)).lastRun!.outcome).toBe('SKIPPED');
  const start = Date.now() - 3_600_000;
  for (let user = 0; user < USERS; user++) {
    const items = Array.from({ length: MET }, (_, step) => ({
      type: 'purchase',
      itemId: itemId((TASTES * ((user * 7 + step * 11) % (ITEMS / TASTES)) + user) % ITEMS),
      at: new Date(start + (step * USERS + user) * 100).toISOString(),
    }));
    await record(beckon.as(`u-${user}`), items);
  }
}, 120_000);
afterAll(() => beckon?.stop());

const tested = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 90_000);

interface State {
  readonly name: string;
  readonly live: {
    readonly version: string;
    readonly gate: readonly { readonly model: string; readonly joined: boolean; readonly overridden: boolean }[] | null;
    readonly check: { readonly decision: string };
  } | null;
  readonly lastRun: { readonly at: string; readonly outcome: string; readonly message: string | null } | null;
}
const stateOf = async (name: string): Promise<State> => {
  const { models } = await beckon
    .as('operator')
    .request<{ models: State[] }>(
      '{ models { name live { version gate { model joined overridden } check { decision } } lastRun { at outcome message } } }',
    );
  return models.find((state) => state.name === name)!;
};
const ended = (name: string, since: string | undefined): Promise<State> =>
  eventually(
    async () => {
      const state = await stateOf(name);
      if (state.lastRun === null || state.lastRun.at === since) throw new Error(`no run of ${name} has ended`);
      return state;
    },
    { withinMs: 60_000, everyMs: 100 },
  );
async function train(models: readonly string[]): Promise<State> {
  const before = await Promise.all(models.map(async (name) => (await stateOf(name)).lastRun?.at));
  await beckon.as('operator').request('mutation Train($models: [ModelName!]) { trainModels(models: $models) { jobs { id } } }', { models });
  const states = await Promise.all(models.map((name, k) => ended(name, before[k])));
  return states.at(-1)!;
}
const sourcesOf = async (userId: string, surface: string): Promise<Set<string>> => {
  const query =
    'query List($userId: ID, $surface: String) { recommendations(userId: $userId, surface: $surface) { items { sources { model share } } } }';
  const { recommendations } = await beckon
    .as('operator')
    .request<{ recommendations: { items: { sources: { model: string; share: number }[] }[] } }>(query, { userId, surface });
  return new Set(
    recommendations.items.slice(0, 3).flatMap(({ sources }) => sources.filter(({ share }) => share > 0.5).map(({ model }) => model)),
  );
};

describe('the hybrid', () => {
  tested('learns which models to ask, shows why, and serves: watched lists are made anew', async () => {
    await train(['POPULAR', 'FACTOR']);
    const screen = new ListWatcher('u-1', beckon.as('u-1'));
    await screen.until(({ list }) => list.fallback.level === 0);
    expect(await sourcesOf('u-2', 'home')).toEqual(new Set(['POPULAR'])); // as the weights say
    const { live, lastRun } = await train(['HYBRID']);
    expect(lastRun).toMatchObject({ outcome: 'PUBLISHED' });
    expect(live).toMatchObject({ check: { decision: 'ACCEPTED' }, gate: [{ model: 'FACTOR', joined: true, overridden: false }] });
    await screen.until(({ cause }) => cause.kind === 'MODELS', { what: 'a list made anew for a new version' });
    await eventually(async () => expect(await sourcesOf('u-2', 'home')).toEqual(new Set(['FACTOR'])));
    await screen.stop();
  });

  tested('leaves a surface alone whose weights an operator has given', async () => {
    expect(await sourcesOf('u-2', 'cart')).toEqual(new Set(['POPULAR']));
  });

  tested('is in use again after a restart of the worker', async () => {
    await beckon.worker.restart();
    expect(await sourcesOf('u-3', 'home')).toEqual(new Set(['FACTOR']));
  });

  tested('of another layout is refused by name and learnt again, while the one before serves', async () => {
    const store = new RedisModelStore(beckon.redis, beckon.keys);
    const { lastRun } = await stateOf('HYBRID');
    const held = (await store.live(TENANT)).get('hybrid')!;
    const version = `${held.version}-old`;
    await store.publish(
      TENANT,
      { ...held, version },
      encodeSnapshot({ model: 'hybrid', version, trainedAt: 1, layout: 0 }, { blends: '{}' }),
    );
    const { live } = await ended('HYBRID', lastRun?.at);
    expect(live!.version > version).toBe(true);
    expect(beckon.worker.lines.join('\n')).toContain('snapshot refused: layout 0 of model hybrid, this version reads layout 1');
    expect(await sourcesOf('u-4', 'home')).toEqual(new Set(['FACTOR']));
  });
});

describe('traits, where the tenant learns them', () => {
  const TRAITS = '{ profile { traits { attribute value probability model path } traitConsents } }';
  interface Shown {
    readonly traits: readonly {
      readonly attribute: string;
      readonly value: string;
      readonly probability: number;
      readonly path: readonly string[];
    }[];
    readonly traitConsents: readonly string[];
  }
  const shownTo = async (userId: string): Promise<Shown> => (await beckon.as(userId).request<{ profile: Shown }>(TRAITS)).profile;
  const consents = (userId: string, granted: boolean): Promise<unknown> =>
    beckon
      .as(userId)
      .request(`mutation { setConsent(input: { purpose: "traits", granted: ${granted}, source: "test" }) { consent { permitted } } }`);
  const declares = (userId: string, taste: string): Promise<unknown> =>
    beckon.as(userId).request('mutation D($a: [ProfileAttributeInput!]) { updateProfile(input: { attributes: $a }) { profile { seq } } }', {
      a: [{ name: 'taste', value: taste }],
    });
  const fieldsOf = async (userId: string): Promise<string[]> =>
    Object.keys(await beckon.redis.hgetall(beckon.keys.profile({ tenant: TENANT, userId }))).filter((field) => field.startsWith('x:'));
  const tasteOf = (user: number): string => `taste-${user % TASTES}`;
  const DECLARED = 120;

  beforeAll(async () => {
    for (let user = 0; user < DECLARED + 2; user++) await consents(`u-${user}`, true);
    for (let user = 0; user < DECLARED; user++) await declares(`u-${user}`, tasteOf(user));
  }, 60_000);

  tested('are shown to the user with the tree’s path, and to nobody who did not consent', async () => {
    const { live, lastRun } = await train(['TRAITS']);
    expect([lastRun!.outcome, live]).toEqual(['PUBLISHED', expect.anything()]);
    const { traits } = await shownTo(`u-${DECLARED}`);
    expect(traits).toMatchObject([{ attribute: 'taste', value: tasteOf(DECLARED), model: 'TREE' }]);
    expect(traits[0]!.path[0]).toMatch(/^bought \d+ × \w+ in 30 days \((at least|fewer than) \d+\)$|of what was bought in 30 days is/);
    expect(await fieldsOf(`u-${DECLARED}`)).toEqual(['x:taste']);
    expect(await shownTo(`u-${DECLARED + 2}`)).toEqual({ traits: [], traitConsents: [] });
    expect(await fieldsOf(`u-${DECLARED + 2}`)).toEqual([]);
    const query = '{ modelVersions(model: TRAITS, first: 1) { traits { attribute value users auc used } } }';
    const { modelVersions } = await beckon.as('operator').request<{ modelVersions: { traits: { auc: number; used: boolean }[] }[] }>(query);
    expect(modelVersions[0]!.traits).toHaveLength(TASTES);
    expect(modelVersions[0]!.traits.every(({ auc, used }) => auc > 0.95 && used)).toBe(true);
  });

  tested('make the first list of somebody new what is popular among people who declared the same', async () => {
    await consents('newcomer', true);
    await declares('newcomer', tasteOf(1));
    const query = '{ recommendations(surface: "home") { fallback { name } items { itemId } } }';
    const list = await eventually(async () => {
      const { recommendations } = await beckon
        .as('newcomer')
        .request<{ recommendations: { fallback: { name: string }; items: { itemId: string }[] } }>(query);
      expect(recommendations.fallback.name).toBe('popular_in_segment');
      return recommendations;
    });
    expect(list.items.slice(0, 5).every(({ itemId }) => Number(itemId.slice(-3)) % TASTES === 1)).toBe(true);
  });

  tested('are gone as soon as consent is withdrawn, and are not learned again', async () => {
    const userId = `u-${DECLARED + 1}`;
    expect(await fieldsOf(userId)).toEqual(['x:taste']);
    await consents(userId, false);
    expect(await fieldsOf(userId)).toEqual([]);
    await train(['TRAITS']);
    expect((await shownTo(userId)).traits).toEqual([]);
  });
});

interface ProposedList {
  readonly recommendationId: string;
  readonly items: readonly { readonly itemId: string; readonly flags: readonly string[]; readonly propensity: number | null }[];
}
/** The list of a new user of a surface after one view, as it is pushed to who watches. */
async function pushedTo(userId: string, surface: string): Promise<ProposedList> {
  const { seq } = (await record(beckon.as(userId), [{ type: 'view', itemId: itemId(1) }])).users[0]!;
  const watch = beckon.as(userId).subscribe<{ recommendations: { appliedThrough: number; list: ProposedList } }>(
    `subscription($surface: String!) { recommendations(surface: $surface) {
      appliedThrough list { recommendationId items { itemId flags propensity } } } }`,
    { surface },
  );
  for await (const { recommendations } of watch) {
    if (recommendations.appliedThrough < seq) continue;
    await watch.return?.(undefined);
    return recommendations.list;
  }
  throw new Error('the subscription ended');
}
const stored = async (userId: string, surface: string): Promise<string> =>
  (await beckon.redis.hget(beckon.keys.list({ tenant: TENANT, userId }, surface), 'body'))!;

const workerMetrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${beckon.worker.port}/metrics`)).text();

describe('the policy', () => {
  tested('draws places within the budget of the surface, labels them, and says every chance on the pushed list', async () => {
    const lists = await Promise.all(Array.from({ length: 8 }, (_, k) => pushedTo(`p-${k}`, 'exploring')));
    const items = lists.flatMap((list) => list.items);
    const explored = items.filter(({ flags }) => flags.includes('EXPLORED'));
    expect(explored.length).toBeGreaterThan(0);
    expect(explored.length).toBeLessThan(0.7 * items.length);
    for (const { flags, propensity } of items) {
      expect(propensity).toBeGreaterThan(0);
      if (flags.includes('EXPLORED')) expect(propensity).toBeLessThan(0.5);
      else expect(propensity).toBeGreaterThanOrEqual(0.5);
    }
    expect(await workerMetrics()).toMatch(/beckon_explored_places_total\{.*surface="exploring"\} \d/);
  });

  tested('leaves a surface that does neither as it was, to the byte', async () => {
    const { items } = await pushedTo('p-cart', 'cart');
    for (const item of items) expect(item).toMatchObject({ flags: [], propensity: null });
    expect(await stored('p-cart', 'cart')).not.toContain('propensity');
    expect(await workerMetrics()).not.toMatch(/beckon_explored_places_total\{.*surface="cart"/);
  });

  tested('learns from lists that explored and what came of them, and shows what its gate found', async () => {
    for (let k = 0; k < 5; k++) {
      const { recommendationId, items } = await pushedTo(`l-${k}`, 'exploring');
      const seen = { itemId: items[0]!.itemId, recommendationId };
      await record(beckon.as(`l-${k}`), [
        { type: 'impression', ...seen },
        { type: 'click', ...seen },
      ]);
    }
    expect((await train(['POLICY'])).lastRun).toMatchObject({ outcome: 'PUBLISHED' });
    const query = '{ modelVersions(model: POLICY) { policyGate { passed overridden reason gain cases } } }';
    expect(await beckon.as('operator').request(query)).toMatchObject({
      modelVersions: [
        { policyGate: { passed: true, overridden: true, reason: expect.stringContaining('live by configuration') as string } },
      ],
    });
  });

  tested('orders the surfaces that want it, and no other', async () => {
    // A policy that wants the opposite of the blend takes the place of whatever was learnt.
    const store = new RedisModelStore(beckon.redis, beckon.keys);
    const held = (await store.live(TENANT)).get('policy')!;
    const version = `${held.version}-contrary`;
    const snapshot = { hidden: 1, prior: -6, parameters: new Float64Array(parameterCount(1)), baseline: new Float64Array(1), decisions: 0 };
    await store.publish(
      TENANT,
      { ...held, version },
      encodeSnapshot({ model: 'policy', version, trainedAt: held.trainedAt, layout: POLICY_LAYOUT }, snapshot),
    );
    const idsIn = async (surface: string): Promise<string[]> =>
      (await pushedTo(`o-${randomUUID()}`, surface)).items.map((item) => item.itemId);
    const plain = await idsIn('cart');
    await eventually(async () => {
      const ordered = await pushedTo(`o-${randomUUID()}`, 'ordered');
      expect(ordered.items.map(({ propensity }) => propensity)).toEqual(ordered.items.map(() => null));
      expect(ordered.items[0]!.itemId).not.toBe(plain[0]);
      expect(plain).not.toEqual(ordered.items.map((item) => item.itemId));
    });
    expect(await idsIn('cart')).toEqual(plain);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '../../src/cli/api-client';
import { readListBody } from '../../src/push/is-list-body';
import type { ListBody } from '../../src/push/recommendation-list';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { decodeSnapshot } from '../../src/models/snapshot-codec';
import { TRAINING_QUEUE } from '../../src/training/training-queue.bullmq';
import { readBacklog } from '../../src/cli/read-queues.bullmq';
import { Beckon } from '../support/beckon';
import { eventually } from '../support/eventually';
import { itemId, record, upsert } from '../support/shop';

const OFF = ['session-knn', 'transition', 'factor', 'ease', 'ncf', 'attention', 'hybrid', 'policy'];
const COUNTING = ['popular', 'item-knn', 'user-knn'];
/** One for each model, where the tenant uses it. */
const SURFACES = {
  home: { model: 'user-knn', size: 10 },
  product: { model: 'item-knn', size: 10 },
  cart: { model: 'popular', size: 10, exploration: { places: 0.5, temperature: 10 } },
};
/** One tenant for each way of each switch, with the models that tell the two apart: each costs a process for each training. */
const TENANTS = {
  open: { models: COUNTING },
  floored: { models: COUNTING, privacy: { minUsers: 3 } },
  noisy: { models: ['item-knn'], privacy: { noise: { epsilon: 1 } } },
  faintlyNoisy: { models: ['item-knn'], privacy: { noise: { epsilon: 1000, delta: 0.01, itemsOfUser: 2 } } },
  asking: { models: ['popular'], privacy: { consent: { required: ['training', 'experiments'] } } },
  trying: { models: ['popular'], content: { creatives: 'bandit' } },
};
type Tenant = keyof typeof TENANTS;
const modelsOf = (used: readonly string[]): object =>
  Object.fromEntries([...OFF, ...COUNTING].map((name) => [name, { enabled: used.includes(name) }]));
const surfacesOf = (used: readonly string[]): object =>
  Object.fromEntries(
    Object.entries(SURFACES).map(([name, { model, ...own }]) => [
      name,
      { ...own, blend: { weights: { [used.includes(model) ? model : used[0]!]: 1 } } },
    ]),
  );

/** A training process has the lowest priority: a busy machine lets it wait. */
const PATIENTLY = { withinMs: 120_000, everyMs: 50 };

let beckon: Beckon;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beckon-switches-'));
  const tenantsFile = join(folder, 'tenants.json');
  const tenants = Object.fromEntries(
    Object.entries(TENANTS).map(([name, { models, ...own }]) => [
      name,
      { training: { everyMs: 0 }, models: modelsOf(models), surfaces: surfacesOf(models), ...own },
    ]),
  );
  await writeFile(tenantsFile, JSON.stringify({ tenants }));
  beckon = await Beckon.start({ env: { TENANTS_FILE: tenantsFile } });
  await beckon.worker.stop(); // a worker that starts trains what has no version: let it find something to learn from
  for (const tenant of Object.keys(TENANTS) as Tenant[]) {
    await upsert(
      as(tenant),
      Array.from({ length: 20 }, (_, n) => ({ id: itemId(n), title: `thing ${n}`, categories: ['garden'], price: 5, currency: 'EUR' })),
    );
    // Five had the first two things; one alone had the third, with the first.
    for (const user of ['a', 'b', 'c', 'd', 'e']) await buy(tenant, user, 0, 1);
    await buy(tenant, 'alone', 0, 2);
    await buy(tenant, 'reader', 0);
  }
  await beckon.worker.restart();
  for (const tenant of Object.keys(TENANTS) as Tenant[]) if (tenant !== 'asking') await untilTrained(tenant, TENANTS[tenant].models);
}, PATIENTLY.withinMs * 2);
afterAll(async () => {
  await beckon?.stop();
  await rm(folder, { recursive: true, force: true });
});

const as = (tenant: Tenant, userId = 'operator'): ApiClient => beckon.as(userId, { tenant });
const buy = (tenant: Tenant, userId: string, ...items: number[]): Promise<unknown> =>
  record(
    as(tenant, userId),
    items.map((n) => ({ type: 'purchase', itemId: itemId(n) })),
  );
const say = (tenant: Tenant, userId: string, purpose: string, granted: boolean): Promise<unknown> =>
  as(tenant, userId).request(
    'mutation Say($input: SetConsentInput!) { setConsent(input: $input) { consent { permitted entry { granted } } } }',
    { input: { purpose, granted, source: 'test' } },
  );
const tested = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), PATIENTLY.withinMs * 2);

const nameOf = (model: string): string => model.toUpperCase().replace('-', '_');
async function versionsOf(tenant: Tenant, models: readonly string[]): Promise<string[]> {
  const state = await as(tenant).request<{ models: { name: string; live: { version: string } | null }[] }>(
    '{ models { name live { version } } }',
  );
  return state.models.flatMap(({ name, live }) => (models.map(nameOf).includes(name) && live ? [live.version] : []));
}
/** Resolves when the worker has other versions of these models in use than those of `before`. */
const untilTrained = (tenant: Tenant, models: readonly string[], before: readonly string[] = []): Promise<void> =>
  eventually(async () => {
    const versions = await versionsOf(tenant, models);
    expect(versions).toHaveLength(models.length);
    for (const version of versions) {
      expect(before).not.toContain(version);
      expect(beckon.worker.lines.some((line) => line.includes(version) && line.includes('model in use'))).toBe(true);
    }
  }, PATIENTLY);
/** The run that a worker asks for at its start may come twice: the next version is to be of a run that began later. */
const untilNothingTrains = (): Promise<void> =>
  eventually(async () => {
    const { queues } = await readBacklog(beckon.redis, beckon.keys, { tenant: 'open', queueShards: 1 });
    expect(queues.find(({ name }) => name === TRAINING_QUEUE)).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
  }, PATIENTLY);
async function train(tenant: Tenant, model: string): Promise<void> {
  await untilNothingTrains();
  const before = await versionsOf(tenant, [model]);
  await as(tenant).request('mutation Train($models: [ModelName!]) { trainModels(models: $models) { jobs { id } } }', {
    models: [nameOf(model)],
  });
  await untilTrained(tenant, [model], before);
}

interface Named {
  readonly itemId: string;
  readonly sources: readonly { readonly model: string; readonly share: number }[];
}
const namedBy = (items: readonly Named[], model: string): string[] =>
  items
    .filter(({ sources }) => sources.some((source) => source.model === model && source.share > 0))
    .map((item) => item.itemId)
    .sort();
const idsOf = (...items: number[]): string[] => items.map(itemId);

/** More than there are, at most 50, and another number each time: a gateway gives the answer to the same question again for a second. */
const ofAll = (): number => 21 + (asked++ % 30);
let asked = 0;
async function popular(tenant: Tenant): Promise<string[]> {
  const { popularItems } = await as(tenant).request<{ popularItems: Named[] }>(
    'query Popular($first: Int!) { popularItems(first: $first) { itemId sources { model share } } }',
    { first: ofAll() },
  );
  return popularItems.map((item) => item.itemId).sort();
}
async function related(tenant: Tenant): Promise<string[]> {
  const { relatedItems } = await as(tenant).request<{ relatedItems: Named[] }>(
    'query Related($item: ID!, $first: Int!) { relatedItems(item: $item, first: $first) { itemId sources { model share } } }',
    { item: itemId(0), first: ofAll() },
  );
  return namedBy(relatedItems, 'ITEM_KNN');
}
/** What the reader’s list has from people who had the same. */
async function fromNeighbours(tenant: Tenant): Promise<string[]> {
  const { recommendations } = await as(tenant, 'reader').request<{ recommendations: { items: Named[] } }>(
    '{ recommendations(surface: "home") { items { itemId sources { model share } } } }',
  );
  return namedBy(recommendations.items, 'USER_KNN');
}

describe('noise on co-counts', () => {
  const countsOf = async (tenant: Tenant): Promise<unknown> => {
    const store = new RedisModelStore(beckon.redis, beckon.keys);
    const { version } = (await store.live(tenant)).get('item-knn')!;
    const { snapshot } = decodeSnapshot(await store.load(tenant, 'item-knn', version), { model: 'item-knn', layout: 1 });
    return [snapshot['pairs'], snapshot['counts']];
  };

  tested('off: two runs on the same history store the same counts; on: no two, and no count is the true one', async () => {
    const again = async (tenant: Tenant): Promise<[unknown, unknown]> => {
      const first = await countsOf(tenant);
      await train(tenant, 'item-knn');
      return [first, await countsOf(tenant)];
    };
    const [plainly, noisily] = [await again('open'), await again('faintlyNoisy')];
    expect(plainly[1]).toEqual(plainly[0]);
    expect(noisily[1]).not.toEqual(noisily[0]);
    const [pairs, counts] = (await countsOf('faintlyNoisy')) as [Float32Array, Float32Array];
    for (const count of [...pairs, ...counts]) expect(count === 0 || !Number.isInteger(count)).toBe(true);
    expect(await related('faintlyNoisy')).toEqual(idsOf(1)); // one person’s pair is below the threshold
  });

  tested('on, and strong, leaves six people no pair at all', async () => {
    expect(await related('noisy')).toEqual([]);
  });
});

describe('a floor of three users', () => {
  tested('off: what one person alone had is counted, goes with things, and is taken from a neighbour', async () => {
    expect(await popular('open')).toEqual(idsOf(0, 1, 2));
    expect(await related('open')).toEqual(idsOf(1, 2));
    expect(await fromNeighbours('open')).toEqual(idsOf(1, 2));
    await buy('open', 'newcomer', 3);
    await eventually(async () => expect(await popular('open')).toEqual(idsOf(0, 1, 2, 3))); // at once
  });

  tested('on: none of it, and nothing is counted between two trainings either', async () => {
    expect(await popular('floored')).toEqual(idsOf(0, 1));
    expect(await related('floored')).toEqual(idsOf(1));
    expect(await fromNeighbours('floored')).toEqual(idsOf(1));
    for (const user of ['f', 'g', 'h']) await buy('floored', user, 3);
    expect(await popular('floored')).toEqual(idsOf(0, 1));
    await train('floored', 'popular'); // three had it now
    expect(await popular('floored')).toEqual(idsOf(0, 1, 3));
  });
});

describe('consent to training', () => {
  tested('that is withdrawn keeps what is done out of live counts at once, and all that was done out of the next training', async () => {
    await buy('open', 'later', 5);
    await eventually(async () => expect(await popular('open')).toContain(itemId(5)));
    await say('open', 'later', 'training', false);
    await buy('open', 'later', 6);
    await buy('open', 'newcomer', 7);
    await eventually(async () => expect(await popular('open')).toContain(itemId(7))); // the log was read so far
    expect(await popular('open')).not.toContain(itemId(6));
    await train('open', 'popular');
    expect(await popular('open')).toEqual(idsOf(0, 1, 2, 3, 7));
    await say('open', 'later', 'training', true);
    await train('open', 'popular');
    expect(await popular('open')).toEqual(idsOf(0, 1, 2, 3, 5, 7)); // what was done meanwhile stays out
  });

  tested('where it is required, is given before anything counts', async () => {
    expect(await popular('asking')).toEqual([]);
    await say('asking', 'willing', 'training', true);
    await buy('asking', 'willing', 6);
    await eventually(async () => expect(await popular('asking')).toEqual(idsOf(6)));
    await say('asking', 'alone', 'training', true);
    await train('asking', 'popular');
    expect(await popular('asking')).toEqual(idsOf(0, 2, 6)); // what one had done before is hers to give
  });
});

describe('consent to experiments', () => {
  const listOf = async (tenant: Tenant, userId: string): Promise<ListBody> => {
    await as(tenant, userId).request('{ recommendations(surface: "cart") { items { itemId } } }');
    return readListBody((await beckon.redis.hget(beckon.keys.list({ tenant, userId }, 'cart'), 'body'))!);
  };
  /** Whether places were drawn, and how many lists are kept for learning by then. */
  const tried = async (tenant: Tenant, userId: string): Promise<{ drawn: boolean; worded: boolean; kept: number }> => {
    const { items } = await listOf(tenant, userId);
    const drawn = items.some(({ propensity }) => typeof propensity === 'number' && propensity < 1);
    const worded = items.some(({ creative }) => creative !== undefined);
    return { drawn, worded, kept: await beckon.redis.xlen(beckon.keys.decisions(tenant)) };
  };

  tested('that is withdrawn leaves nothing drawn, chosen or kept; granted again, all three', async () => {
    await buy('trying', 'early', 3, 4, 5, 6, 7);
    await eventually(async () => expect(await popular('trying')).toHaveLength(8));
    await buy('trying', 'wary', 0);
    await say('trying', 'wary', 'experiments', false);
    expect(await tried('trying', 'wary')).toEqual({ drawn: false, worded: false, kept: 0 });
    expect(await tried('trying', 'reader')).toMatchObject({ drawn: true, worded: true });
    await eventually(async () => expect(await beckon.redis.xlen(beckon.keys.decisions('trying'))).toBe(1));
    await say('trying', 'wary', 'experiments', true);
    expect(await tried('trying', 'wary')).toMatchObject({ drawn: true, worded: true });
  });

  tested('where it is required, is given before anything is tried', async () => {
    expect(await tried('asking', 'reader')).toMatchObject({ drawn: false, kept: 0 });
    await say('asking', 'reader', 'experiments', true);
    expect(await tried('asking', 'reader')).toMatchObject({ drawn: true });
  });
});

describe('the ledger', () => {
  tested('has every consent, that to traits too; the export shows all of it, and erasure leaves none', async () => {
    for (const granted of [true, false]) await say('open', 'tess', 'traits', granted);
    await say('open', 'tess', 'experiments', false);
    const { profileExport } = await as('open', 'tess').request<{ profileExport: { consents: object[] } }>(
      '{ profileExport { consents { purpose granted by } } }',
    );
    expect(profileExport.consents).toEqual([
      { purpose: 'traits', granted: true, by: 'USER' },
      { purpose: 'traits', granted: false, by: 'USER' },
      { purpose: 'experiments', granted: false, by: 'USER' },
    ]);
    await as('open', 'tess').request('mutation { eraseProfile { receipt { id } } }');
    const { consent } = { consent: beckon.keys.consent({ tenant: 'open', userId: 'tess' }) };
    await eventually(async () => expect(await beckon.redis.exists(consent)).toBe(0), { withinMs: 30_000, everyMs: 100 });
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { COMPUTED_VECTORS } from '../../src/catalogue/features/extract-features';
import { decodeItem } from '../../src/catalogue/stored-item';
import type { Item } from '../../src/catalogue/item';
import { createApiClient, type ApiClient } from '../../src/cli/api-client';
import { Beckon } from '../support/beckon';
import { eventually } from '../support/eventually';

/** Red and blue things with nothing to tell them apart but their pictures; who buys red buys red. The switch is on for one tenant, off for another. */
const ITEMS = 16;
const USERS = 24;
const TENANTS = ['on', 'off'] as const;
const UNUSED = ['popular', 'user-knn', 'session-knn', 'item-knn', 'transition', 'ease', 'ncf', 'attention', 'content-based', 'hybrid'];
const folder = mkdtempSync(join(tmpdir(), 'beckon-modalities-'));
const clients: ApiClient[] = [];
let beckon: Beckon;

const kindOf = (k: number): string => (k % 2 === 0 ? 'red' : 'blue');
const as = (tenant: string, userId: string): ApiClient => {
  const headers = { 'x-beckon-user': userId, 'x-beckon-tenant': tenant };
  const client = createApiClient({ url: `http://127.0.0.1:${beckon.gateway.port}/graphql`, headers, timeoutMs: 20_000 });
  clients.push(client);
  return client;
};
const put = (tenant: string, items: readonly object[]): Promise<unknown> =>
  as(tenant, 'operator').request(
    'mutation Put($items: [ItemInput!]!) { upsertItems(items: $items) { items { id } rejections { message } } }',
    { items },
  );
const thing = (id: string, imageSource: string): object => ({ id, title: '·', imageSource });
const itemOf = async (tenant: string, id: string): Promise<Item> => decodeItem((await beckon.redis.hget(beckon.keys.items(tenant), id))!);
const buy = (tenant: string, userId: string, items: readonly number[]): Promise<unknown> =>
  as(tenant, userId).request(
    'mutation Buy($behaviours: [BehaviourInput!]!) { recordBehaviours(behaviours: $behaviours) { rejections { message } } }',
    {
      behaviours: items.map((k) => ({ type: 'purchase', itemId: `i${k}`, quantity: 1, price: 1 })),
    },
  );
interface Listed {
  readonly item: { readonly id: string };
  readonly sources: readonly { readonly model: string }[];
}
/** What somebody is shown who has bought two red things and was never seen before. */
let strangers = 0;
async function listOfStranger(tenant: string): Promise<readonly Listed[]> {
  const userId = `stranger-${strangers++}`;
  await buy(tenant, userId, [0, 2]);
  const query = '{ recommendations { items { item { id } sources { model } } } }';
  return (await as(tenant, userId).request<{ recommendations: { items: Listed[] } }>(query)).recommendations.items;
}
const idsOf = (list: readonly Listed[]): string[] => list.map(({ item }) => item.id);

beforeAll(async () => {
  const uploads = join(folder, 'uploads');
  await mkdir(uploads);
  for (const [k, background] of ['#d01818', '#1818d0', '#c02010', '#1020c0'].entries()) {
    await sharp({ create: { width: 32, height: 32, channels: 3, background } })
      .png()
      .toFile(join(uploads, `${kindOf(k)}-${k >> 1}.png`));
  }
  await writeFile(join(uploads, 'broken.png'), Buffer.from('89504e470d0a1a0a0000', 'hex'));
  const common = {
    training: { everyMs: 0 },
    surfaces: { home: { blend: { weights: { factor: 1 } }, fallback: ['hybrid'] } },
  };
  const models = (fuse: boolean): object => ({
    ...Object.fromEntries(UNUSED.map((name) => [name, { enabled: false }])),
    factor: { options: { dimensions: 6, epochs: 8, ...(fuse && { fuse }) }, check: 'off' },
  });
  const tenants = { on: { ...common, models: models(true), features: { image: true } }, off: { ...common, models: models(false) } };
  const file = join(folder, 'tenants.json');
  await writeFile(file, JSON.stringify({ tenants }));
  beckon = await Beckon.start({ env: { TENANTS_FILE: file, MEDIA_DIR: uploads } });
  for (const tenant of TENANTS) {
    await put(
      tenant,
      Array.from({ length: ITEMS }, (_, k) => thing(`i${k}`, `upload:${kindOf(k)}-${(k >> 1) % 2}.png`)),
    );
    for (let user = 0; user < USERS; user++) {
      const own = Array.from({ length: ITEMS / 2 }, (_, n) => 2 * n + (user % 2)).filter((_, n) => n !== user % (ITEMS / 2));
      await buy(tenant, `u${user}`, own);
    }
  }
}, 120_000);
afterAll(async () => {
  await Promise.allSettled(clients.map((client) => client.close()));
  await beckon?.stop();
  rmSync(folder, { recursive: true });
});

const tested = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 240_000);

async function train(tenant: string): Promise<void> {
  const operator = as(tenant, 'operator');
  const lastRun = async (): Promise<{ at: string; outcome: string } | null> =>
    (await operator.request<{ models: { lastRun: { at: string; outcome: string } | null }[] }>('{ models { lastRun { at outcome } } }'))
      .models[0]!.lastRun;
  const before = (await lastRun())?.at;
  await operator.request('mutation { trainModels(models: [FACTOR]) { jobs { id } } }');
  await eventually(
    async () => {
      const run = await lastRun();
      if (run === null || run.at === before || run.outcome !== 'PUBLISHED') throw new Error('not trained yet');
    },
    { withinMs: 120_000, everyMs: 100 },
  );
}

describe('an item that is new and has nothing but a picture', () => {
  tested('is described where that is on, and trained with', async () => {
    await eventually(async () => {
      for (let k = 0; k < ITEMS; k++) expect((await itemOf('on', `i${k}`)).vectors?.[COMPUTED_VECTORS.image]).toHaveLength(106);
    }, { withinMs: 60_000, everyMs: 100 }); // prettier-ignore
    expect((await itemOf('off', 'i0')).vectors).toBeUndefined();
    for (const tenant of TENANTS) await train(tenant);
    for (const tenant of TENANTS) await eventually(async () => expect(idsOf(await listOfStranger(tenant))).toContain('i4'));
  });

  tested('has a place in the list of those who like such pictures, without any training; off, it has none', async () => {
    for (const tenant of TENANTS) await put(tenant, [thing('new-red', 'upload:red-0.png'), thing('new-blue', 'upload:blue-0.png')]);
    const list = await eventually(async () => {
      const current = await listOfStranger('on');
      expect(idsOf(current)).toContain('new-red');
      return current;
    }, { withinMs: 20_000, everyMs: 50 }); // prettier-ignore
    expect(list.find(({ item }) => item.id === 'new-red')!.sources).toEqual([{ model: 'FACTOR' }]);
    const places = idsOf(list);
    expect(places.includes('new-blue') ? places.indexOf('new-blue') : Infinity).toBeGreaterThan(places.indexOf('new-red'));
    expect(idsOf(await listOfStranger('off'))).not.toContain('new-red');
    expect(idsOf(await listOfStranger('off'))).toContain('i4');
  });

  tested('has it again after a restart of the worker, and none while it is hidden', async () => {
    await beckon.worker.restart();
    expect(idsOf(await listOfStranger('on'))).toContain('new-red');
    await as('on', 'operator').request('mutation { hideItems(ids: ["new-red"]) { items { id } } }');
    await eventually(async () => expect(idsOf(await listOfStranger('on'))).not.toContain('new-red'));
  });

  tested('whose picture is broken is refused, counted, and harms nothing', async () => {
    await put('on', [thing('bad', 'upload:broken.png'), thing('lost', 'upload:../tenants.json')]);
    await eventually(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${beckon.worker.port}/metrics`)).text();
      expect(metrics).toContain('beckon_features_total{tenant="on",kind="image",outcome="broken"} 1');
      expect(metrics).toContain('beckon_features_total{tenant="on",kind="image",outcome="not_allowed"} 1');
      expect(metrics).not.toContain('beckon_features_total{tenant="off"');
    }, { withinMs: 20_000, everyMs: 100 }); // prettier-ignore
    expect((await itemOf('on', 'bad')).vectors).toBeUndefined();
    expect(idsOf(await listOfStranger('on'))).toContain('i4');
  });
});

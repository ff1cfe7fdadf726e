import { RedisCatalogue } from '../../../src/catalogue/catalogue.redis';
import { FeatureStore, type FeatureRecord } from '../../../src/catalogue/features/feature-store.redis';
import { openTestStore, type TestStore } from '../../support/store';

let opened: TestStore;
let catalogue: RedisCatalogue;
let store: FeatureStore;
let tenants = 0;
const newTenant = (): string => `t${++tenants}`;
const put = (tenant: string, ...ids: string[]): Promise<unknown> =>
  catalogue.upsert(
    tenant,
    ids.map((id) => ({ id, title: id })),
  );

beforeAll(async () => {
  opened = await openTestStore();
  catalogue = new RedisCatalogue(opened.redis, opened.keys);
  store = new FeatureStore(opened.redis, opened.keys);
});
afterAll(() => opened.close());

/** The items of each page that is shown, in order of their ids. */
async function pagesOf(tenant: string): Promise<string[][]> {
  const pages: string[][] = [];
  await store.followChanges(tenant, async (items) => void pages.push(items.map(({ id }) => id).sort()));
  return pages;
}

describe('changes', () => {
  it('are every item first, then each that has changed, then nothing', async () => {
    const tenant = newTenant();
    expect(await pagesOf(tenant)).toEqual([]);
    await put(tenant, 'a', 'b');
    expect(await pagesOf(tenant)).toEqual([['a', 'b']]);
    await put(tenant, 'b', 'c');
    await put(tenant, 'b');
    expect(await pagesOf(tenant)).toEqual([['b', 'c']]);
    expect(await pagesOf(tenant)).toEqual([]);
  });

  it('are shown again where their page was not done with', async () => {
    const tenant = newTenant();
    await put(tenant, 'a');
    await pagesOf(tenant);
    await put(tenant, 'b');
    await expect(store.followChanges(tenant, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await pagesOf(tenant)).toEqual([['b']]);
  });

  it('are every item again where some were trimmed before they were seen', async () => {
    const tenant = newTenant();
    await put(tenant, 'a', 'b');
    await pagesOf(tenant);
    await put(tenant, 'c');
    await put(tenant, 'd');
    await opened.redis.xtrim(opened.keys.itemChanges(tenant), 'MAXLEN', 1);
    expect(await pagesOf(tenant)).toEqual([['a', 'b', 'c', 'd']]);
  });
});

it('keeps what came of a file, by item and kind', async () => {
  const tenant = newTenant();
  const record: FeatureRecord = { source: 'upload:a', state: '1', extractor: 'e', digest: 'd', vector: [1, 0.5] };
  await store.write(tenant, 'a', 'image', record);
  expect(await store.read(tenant, 'a', 'image')).toEqual(record);
  expect(await store.read(tenant, 'a', 'audio')).toBeUndefined();
  await store.remove(tenant, 'a', 'image');
  expect(await store.read(tenant, 'a', 'image')).toBeUndefined();
});

describe('mergeVectors', () => {
  const itemOf = async (tenant: string) => (await catalogue.patch(tenant, [{ id: 'a' }])).items[0]!;

  it('sets and takes away vectors by name, and leaves the rest', async () => {
    const tenant = newTenant();
    await catalogue.upsert(tenant, [{ id: 'a', title: 'A', price: 3, vectors: { own: [1] } }]);
    await catalogue.mergeVectors(tenant, 'a', { computed: [2, 3] });
    expect(await itemOf(tenant)).toMatchObject({ price: 3, vectors: { own: [1], computed: [2, 3] } });
    await catalogue.mergeVectors(tenant, 'a', { computed: null, own: null });
    expect((await itemOf(tenant)).vectors).toBeUndefined();
  });

  it('loses nothing when others change the item at the same moment, and needs no item', async () => {
    const tenant = newTenant();
    await put(tenant, 'a');
    await Promise.all([
      catalogue.mergeVectors(tenant, 'a', { x: [1] }),
      catalogue.mergeVectors(tenant, 'a', { y: [2] }),
      catalogue.patch(tenant, [{ id: 'a', price: 9 }]),
    ]);
    expect(await itemOf(tenant)).toMatchObject({ price: 9, vectors: { x: [1], y: [2] } });
    await expect(catalogue.mergeVectors(tenant, 'none', { x: [1] })).resolves.toBeUndefined();
  });
});

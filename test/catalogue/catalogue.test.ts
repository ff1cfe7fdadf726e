import { CatalogueMirror } from '../../src/catalogue/catalogue-mirror.redis';
import { RedisCatalogue } from '../../src/catalogue/catalogue.redis';
import { topicsOf, unavailability, type Item } from '../../src/catalogue/item';
import { eventually } from '../support/eventually';
import { openTestStore, type TestStore } from '../support/store';

let store: TestStore;
let catalogue: RedisCatalogue;
let tenants = 0;
const mirrors: CatalogueMirror[] = [];
const newTenant = () => `t${++tenants}`;
const mirrorOf = async (tenant: string) => {
  const mirror = await CatalogueMirror.open({
    redis: store.redis,
    blocking: store.connect('mirror'),
    keys: store.keys,
    tenant,
    log: store.log,
  });
  mirrors.push(mirror);
  return mirror;
};

beforeAll(async () => {
  store = await openTestStore();
  catalogue = new RedisCatalogue(store.redis, store.keys);
});
afterAll(async () => {
  await Promise.all(mirrors.map((mirror) => mirror.close()));
  await store.close();
});

describe('RedisCatalogue', () => {
  it('stores items with defaults and rising versions', async () => {
    const { items, rejected } = await catalogue.upsert(newTenant(), [
      { id: 'a', title: 'A' },
      { id: 'b', title: 'B', categories: ['garden'], price: 3, currency: 'EUR', expiresAt: '2030-01-01T00:00:00Z' },
    ]);
    expect(rejected).toEqual([]);
    expect(items).toEqual([
      { id: 'a', title: 'A', categories: [], tags: [], hidden: false, promoted: false, version: 1 },
      {
        id: 'b',
        title: 'B',
        categories: ['garden'],
        tags: [],
        hidden: false,
        promoted: false,
        price: 3,
        currency: 'EUR',
        expiresAt: Date.UTC(2030, 0),
        version: 2,
      },
    ]);
  });

  it.each([
    ['no title', { id: 'a' }, 'title'],
    ['an id with a space', { id: 'a b', title: 'A' }, 'id'],
    ['a negative price', { id: 'a', title: 'A', price: -1 }, 'price'],
    ['a price that is no number', { id: 'a', title: 'A', price: NaN }, 'price'],
    ['a currency that is none', { id: 'a', title: 'A', currency: 'euro' }, 'currency'],
    ['a script as image', { id: 'a', title: 'A', imageUrl: 'javascript:alert(1)' }, 'imageUrl'],
    ['33 tags', { id: 'a', title: 'A', tags: Array.from({ length: 33 }, (_, n) => `t${n}`) }, 'tags'],
    ['a time that is none', { id: 'a', title: 'A', expiresAt: 'soon' }, 'expiresAt'],
    ['infinity in a vector', { id: 'a', title: 'A', vectors: { text: [1, Infinity] } }, 'vectors.text.1'],
    ['nothing at all', null, 'item'],
  ])('rejects %s by index, names the field, and keeps the others', async (_, bad, field) => {
    const { items, rejected } = await catalogue.upsert(newTenant(), [{ id: 'x', title: 'X' }, bad]);
    expect(items.map(({ id }) => id)).toEqual(['x']);
    expect(rejected).toMatchObject([{ index: 1, code: 'INVALID_VALUE', field }]);
  });

  it.each<[unknown, number | undefined]>([
    [Date.UTC(2030, 0), Date.UTC(2030, 0)],
    ['2030-01-01', Date.UTC(2030, 0)],
    ['2030-01-01T02:00:00.5+02:00', Date.UTC(2030, 0, 1, 0, 0, 0, 500)],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
    [253_402_300_799_999, 253_402_300_799_999],
    [253_402_300_800_000, undefined], // the year 10000
    [-62_135_596_800_000, -62_135_596_800_000], // the beginning of the year 1
    [-62_135_596_800_001, undefined],
    [1e300, undefined],
    [NaN, undefined],
    [Infinity, undefined],
    ['0000-12-31', undefined],
    ['2030-01-01T00:00:00', undefined], // no zone
    ['2030-02-30T00:00:00Z', undefined],
    ['1 January 2030', undefined],
    ['2030', undefined],
    ['', undefined],
    [true, undefined],
  ])('reads the time %p as %p', async (publishedAt, expected) => {
    const { items, rejected } = await catalogue.upsert(newTenant(), [{ id: 'a', title: 'A', publishedAt }]);
    const field = 'publishedAt';
    const message = expect.stringContaining('must be an ISO 8601 time, of the years 1 to 9999') as string;
    expect(items.map((item) => item.publishedAt)).toEqual(expected === undefined ? [] : [expected]);
    expect(rejected).toMatchObject(expected === undefined ? [{ index: 0, code: 'INVALID_VALUE', field, message }] : []);
  });

  it('patches what is given, removes what is null, and refuses items that are not there', async () => {
    const tenant = newTenant();
    await catalogue.upsert(tenant, [{ id: 'a', title: 'A', price: 5, stock: 3, tags: ['old'] }]);
    const { items, rejected } = await catalogue.patch(tenant, [
      { id: 'a', price: 4, stock: null },
      { id: 'nope', price: 1 },
    ]);
    expect(items).toEqual([{ id: 'a', title: 'A', price: 4, tags: ['old'], categories: [], hidden: false, promoted: false, version: 2 }]);
    expect(rejected).toMatchObject([{ index: 1, code: 'NOT_FOUND', field: 'id' }]);
  });

  it('loses no patch when two change the same item at the same moment', async () => {
    const tenant = newTenant();
    await catalogue.upsert(tenant, [{ id: 'a', title: 'A' }]);
    await Promise.all([catalogue.patch(tenant, [{ id: 'a', price: 1 }]), catalogue.patch(tenant, [{ id: 'a', stock: 2 }])]);
    const mirror = await mirrorOf(tenant);
    expect(mirror.get('a')).toMatchObject({ price: 1, stock: 2 });
  });
});

describe('CatalogueMirror', () => {
  it('holds what was there and follows every change', async () => {
    const tenant = newTenant();
    await catalogue.upsert(tenant, [{ id: 'a', title: 'A' }]);
    const mirror = await mirrorOf(tenant);
    const changes: string[] = [];
    mirror.onChange((item, before) => changes.push(`${item.id} ${before?.hidden ?? '-'}→${item.hidden}`));
    await catalogue.setHidden(tenant, ['a'], true);
    await catalogue.upsert(tenant, [{ id: 'b', title: 'B' }]);
    await eventually(() => expect(changes).toEqual(['a false→true', 'b -→false']));
    expect(mirror.size).toBe(2);
    expect([mirror.windowOf('a'), mirror.windowOf('b'), mirror.windowOf('c')]).toEqual([
      { id: 'a', until: -Infinity },
      { id: 'b', until: Infinity },
      undefined,
    ]);
  });

  it('is right again after its connections were broken', async () => {
    const tenant = newTenant();
    const mirror = await mirrorOf(tenant);
    const killer = store.connect('killer');
    await killer.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await eventually(() => catalogue.upsert(tenant, [{ id: 'late', title: 'Late' }]));
    await eventually(() => expect(mirror.get('late')).toMatchObject({ title: 'Late' }));
  });
});

describe('an item', () => {
  const item: Item = {
    id: 'a',
    title: 'A',
    categories: ['garden', 'garden/pots'],
    tags: ['clay'],
    hidden: false,
    promoted: false,
    version: 1,
  };

  it.each<[string, Partial<Item>, string | undefined]>([
    ['as it is', {}, undefined],
    ['with stock', { stock: 1 }, undefined],
    ['without stock', { stock: 0 }, 'sold_out'],
    ['hidden', { hidden: true }, 'hidden'],
    ['that ends now', { expiresAt: 1000 }, 'expired'],
    ['that ends later', { expiresAt: 1001 }, undefined],
  ])('%s is available or says why not', (_, change, expected) => {
    expect(unavailability({ ...item, ...change }, 1000)).toBe(expected);
  });

  it('has its categories and tags as topics', () => {
    expect(topicsOf(item)).toEqual(['c:garden', 'c:garden/pots', 't:clay']);
  });
});

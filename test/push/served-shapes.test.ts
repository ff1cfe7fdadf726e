import { ManualClock } from '../../src/platform/clock';
import { AskedShapes, TellShapes } from '../../src/push/served-shapes.redis';
import { foremost, ServedShapes } from '../../src/push/served-shapes';
import { eventually } from '../support/eventually';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const shape = (document: string, surface = 'home') => ({ surface, document, variables: {}, first: 10, scopes: [] });

describe('the shapes that a gateway serves', () => {
  it('are those of its subscriptions, while there are any', () => {
    const shapes = new ServedShapes('c');
    const first = shapes.hold(TENANT, shape('a'), 3);
    const second = shapes.hold(TENANT, shape('a'), 3);
    shapes.hold(TENANT, shape('b'), 2);
    expect(second).toMatchObject({ id: first.id, pieces: 3 });
    expect(shapes.most(TENANT, 2).map(({ shape: { document }, count }) => [document, count])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    first.release();
    second.release();
    expect(shapes.most(TENANT, 2).map(({ shape: { document } }) => document)).toEqual(['b']);
    expect(shapes.most('nobody', 2)).toEqual([]);
  });

  it('come first by count, then by id, so many of each surface', () => {
    const counted = (id: string, count: number, surface?: string) => ({ id, shape: shape(id, surface), count });
    const all = [counted('c', 1), counted('b', 5), counted('a', 5), counted('z', 1, 'cart')];
    expect(foremost(all, 2).map(({ id }) => id)).toEqual(['a', 'b', 'z']);
  });
});

describe('workers', () => {
  let store: TestStore;
  const clock = new ManualClock(1000);
  const closing: { close(): void }[] = [];
  beforeAll(async () => (store = await openTestStore()));
  afterAll(async () => {
    closing.forEach((part) => part.close());
    await store.close();
  });

  const gateway = (name: string): ServedShapes => {
    const shapes = new ServedShapes('c');
    const { redis, keys, log } = store;
    closing.push(new TellShapes({ redis, keys, clock, log, shapes, gateway: name, most: 2, everyMs: 20 }));
    return shapes;
  };
  const worker = async (most: number): Promise<AskedShapes> => {
    const { redis, keys, log } = store;
    const asked = new AskedShapes({ redis, keys, clock, log, tenants: [TENANT], most, everyMs: 20 });
    closing.push(asked);
    await asked.open();
    return asked;
  };

  it('know what all gateways together serve most, and forget a gateway that has not spoken for a minute', async () => {
    const [one, two] = [gateway('one'), gateway('two')];
    for (const document of ['a', 'b', 'b']) one.hold(TENANT, shape(document), 1);
    for (const document of ['a', 'a', 'c']) two.hold(TENANT, shape(document), 1);
    const asked = await worker(2);
    const known = () => asked.of(TENANT, 'home').served.map(({ shape: { document }, count }) => [document, count]);
    await eventually(() =>
      expect(known()).toEqual([
        ['a', 3],
        ['b', 2],
      ]),
    );
    expect((await worker(0)).of(TENANT, 'home')).toEqual({ served: [], suffice: false });
    closing.splice(0).forEach((part) => part.close()); // the gateways are gone
    clock.advance(61_000);
    const later = await worker(2);
    expect(later.of(TENANT, 'home').served).toEqual([]);
    expect(await store.redis.hlen(store.keys.servedShapes(TENANT))).toBe(0);
  });

  it('know of which surfaces no gateway needs lists whole, or has in the last minute', async () => {
    const [one, two] = [gateway('three'), gateway('four')];
    one.hold(TENANT, shape('a'), 1);
    one.hold(TENANT, shape('a', 'cart'), 1);
    two.noteWhole(TENANT, 'cart', clock.now());
    two.noteWhole(TENANT, 'search', clock.now());
    const asked = await worker(2);
    const suffice = () => ['home', 'cart', 'search'].map((surface) => asked.of(TENANT, surface).suffice);
    await eventually(() => expect(suffice()).toEqual([true, false, false]));
    const noted = clock.now();
    await eventually(() => {
      clock.advance(1000); // in steps, so that the gateways go on saying what they serve
      expect(suffice()).toEqual([true, true, false]); // of `search` nothing is prepared
    });
    expect(clock.now() - noted).toBeGreaterThan(60_000);
  });

  it('announce lists whole while there is a gateway that can read no others', async () => {
    gateway('five').hold(TENANT, shape('a'), 1);
    const asked = await worker(2);
    await eventually(() => expect(asked.of(TENANT, 'home').suffice).toBe(true));
    await store.redis.hset(store.keys.servedShapes(TENANT), 'older', JSON.stringify({ until: clock.now() + 1000, served: [] }));
    await eventually(() => expect(asked.of(TENANT, 'home').suffice).toBe(false));
  });
});

import type { BehaviourDraft, RecordOutcome } from '../../src/behaviour/outcome';
import type { Item } from '../../src/catalogue/item';
import { simulateCatalogue, type DemoItem } from '../../src/simulator/catalogue';
import { simulateHistory } from '../../src/simulator/history';
import { liveSessions } from '../../src/simulator/live-sessions';
import { seasonOf } from '../../src/simulator/season';
import { seedDemo } from '../../src/simulator/seed-demo';
import type { SimulatedBehaviour } from '../../src/simulator/visit';
import { simulateShoppers } from '../../src/simulator/shopper';
import { SHELVES } from '../../src/simulator/taxonomy';

const endAt = Date.UTC(2025, 5, 15);
const shop = simulateCatalogue(7, 1_000, endAt);
const history = simulateHistory(shop, { seed: 7, users: 500, days: 120, endAt });
const itemOf = new Map(shop.items.map((item) => [item.item.id, item]));
const shoppers = new Map(simulateShoppers(shop, 7, 500).map((shopper) => [shopper.userId, shopper]));
const views = history.filter(({ type }) => type === 'view');
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
const viewed = ({ itemId }: SimulatedBehaviour): DemoItem => itemOf.get(itemId!)!;

describe('simulateCatalogue', () => {
  it('is the same for the same seed and different for another', () => {
    expect(simulateCatalogue(7, 300)).toEqual(simulateCatalogue(7, 300));
    expect(simulateCatalogue(8, 300)).not.toEqual(simulateCatalogue(7, 300));
  });

  it('gives every item a unique id and title, two levels of category, tags, text, a price and a seller', () => {
    expect(shop.items).toHaveLength(1_000);
    expect(new Set(shop.items.map(({ item }) => item.id)).size).toBe(1_000);
    expect(new Set(shop.items.map(({ item }) => item.title)).size).toBe(1_000);
    for (const { item } of shop.items) {
      const [department, shelf, ...more] = item.categories!;
      expect(shelf!.startsWith(`${department!}/`)).toBe(true);
      expect(more).toEqual([]);
      expect(item.price).toBeGreaterThanOrEqual(1);
      expect(item.currency).toBe('EUR');
      expect(item.text).toContain(item.title);
      expect(item.sellerId).toMatch(/^seller-\d+$/);
    }
  });

  it('has prices whose logarithm has the median and the spread of the shelf', () => {
    const big = simulateCatalogue(1, 20_000);
    for (const shelf of SHELVES.filter(({ medianPrice }) => medianPrice > 30)) {
      const logs = big.byCategory.get(shelf.category)!.map(({ item }) => Math.log(item.price));
      const centre = mean(logs);
      expect(Math.abs(centre - Math.log(shelf.medianPrice))).toBeLessThan(0.12);
      expect(Math.abs(Math.sqrt(mean(logs.map((log) => (log - centre) ** 2))) - shelf.sigma)).toBeLessThan(0.08);
    }
  });
});

describe('simulateHistory', () => {
  it('is the same for the same seed, in time order, with unique ids, and ends when it should', () => {
    expect(simulateHistory(shop, { seed: 7, users: 500, days: 120, endAt })).toEqual(history);
    expect(history.length).toBeGreaterThan(10_000);
    expect(new Set(history.map(({ id }) => id)).size).toBe(history.length);
    for (let k = 1; k < history.length; k++) expect(history[k]!.at).toBeGreaterThanOrEqual(history[k - 1]!.at);
    expect(history.at(-1)!.at).toBeLessThanOrEqual(endAt);
    expect(history[0]!.at).toBeGreaterThanOrEqual(endAt - 120 * 86_400_000);
    expect(new Set(history.map(({ userId }) => userId)).size).toBe(500);
  });

  it('narrows like a funnel: views > carts > purchases, and nothing is bought without having been viewed', () => {
    const count = (type: string): number => history.filter((behaviour) => behaviour.type === type).length;
    expect(count('view')).toBeGreaterThan(3 * count('add_to_cart'));
    expect(count('add_to_cart')).toBeGreaterThan(count('purchase'));
    expect(count('purchase')).toBeGreaterThan(500);
    const seen = new Set<string>();
    for (const { type, userId, itemId } of history) {
      if (type === 'view') seen.add(`${userId} ${itemId!}`);
      if (type === 'purchase') expect(seen.has(`${userId} ${itemId!}`)).toBe(true);
    }
  });

  it('shows tastes that can be learnt: favourite shelves get many times what chance would give', () => {
    const share = mean(
      views.map((view) => Number(shoppers.get(view.userId)!.favourites.some(({ category }) => category === viewed(view).shelf.category))),
    );
    const chance = mean([...shoppers.values()].map(({ favourites }) => favourites.length / SHELVES.length));
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeGreaterThan(6 * chance);
  });

  it('prefers the favourite brand and prices near one’s own level', () => {
    const brandShare = mean(views.map((view) => Number(viewed(view).brand === shoppers.get(view.userId)!.brand)));
    expect(brandShare).toBeGreaterThan(1.3 * 0.1);
    const distance = mean(views.map((view) => Math.abs(viewed(view).priceZ - shoppers.get(view.userId)!.priceZ)));
    const byChance = mean(
      views.map((view, k) => Math.abs(viewed(views[(k * 7_919) % views.length]!).priceZ - shoppers.get(view.userId)!.priceZ)),
    );
    expect(distance).toBeLessThan(0.85 * byChance);
  });

  it('is skewed: a tenth of the items gets more than a quarter of the views', () => {
    const counts = new Map<string, number>();
    for (const { itemId } of views) counts.set(itemId!, (counts.get(itemId!) ?? 0) + 1);
    const top = [...counts.values()].sort((a, b) => b - a).slice(0, 100);
    expect(top.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0.25 * views.length);
  });

  it('has transitions: companions follow their item far more often than chance, the first companion most', () => {
    const followed = [0, 0, 0];
    let pairs = 0;
    for (const userId of shoppers.keys()) {
      const own = views.filter((view) => view.userId === userId);
      for (let k = 1; k < own.length; k++) {
        pairs++;
        const place = shop.companions.get(own[k - 1]!.itemId!)!.findIndex(({ item }) => item.id === own[k]!.itemId);
        if (place >= 0) followed[place]!++;
      }
    }
    expect(followed[0]! + followed[1]! + followed[2]!).toBeGreaterThan(0.15 * pairs); // by chance 3 of 1,000
    expect(followed[0]!).toBeGreaterThan(followed[2]!);
  });

  it('picks the first places of a list more often than the last', () => {
    const at = (position: number): number => views.filter((view) => view.surface === 'category' && view.position === position).length;
    expect(at(1)).toBeGreaterThan(1.5 * at(8));
    expect(at(8)).toBeGreaterThan(0);
  });

  it('never shows an item before it was published', () => {
    expect(history.filter((behaviour) => behaviour.itemId && viewed(behaviour).item.publishedAt! > behaviour.at)).toEqual([]);
  });
});

describe('seasonOf', () => {
  it('is 2 in the best month, ½ half a year away, 1 without a season', () => {
    expect(seasonOf('garden/seeds', Date.UTC(2025, 2, 10))).toBe(2);
    expect(seasonOf('garden/seeds', Date.UTC(2025, 8, 10))).toBeCloseTo(0.5);
    expect(seasonOf('kitchen/knives', endAt)).toBe(1);
  });
});

describe('liveSessions', () => {
  const take = (count: number): SimulatedBehaviour[] => {
    const taken: SimulatedBehaviour[] = [];
    for (const behaviour of liveSessions(shop, { seed: 3, users: 50, startAt: endAt, sessionsPerSecond: 2 })) {
      taken.push(behaviour);
      if (taken.length === count) break;
    }
    return taken;
  };

  it('goes on without end, deterministic, in time order, with unique ids and visits interleaved', () => {
    const taken = take(2_000);
    expect(take(2_000)).toEqual(taken);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(2_000);
    for (let k = 1; k < taken.length; k++) expect(taken[k]!.at).toBeGreaterThanOrEqual(taken[k - 1]!.at);
    const switches = taken.filter(({ userId }, k) => k > 0 && userId !== taken[k - 1]!.userId).length;
    expect(switches).toBeGreaterThan(1_000);
  });
});

describe('seedDemo', () => {
  it('sends catalogue and history through the ports, in order, and reports progress up to the total', async () => {
    const items: unknown[] = [];
    const drafts: BehaviourDraft[] = [];
    const progress: [number, number][] = [];
    const outcome = await seedDemo(
      {
        catalogue: { upsert: async (_tenant, batch) => (items.push(...batch), { items: batch as Item[], rejected: [] }) },
        record: async (_tenant, batch): Promise<RecordOutcome> => {
          drafts.push(...batch);
          return {
            recorded: batch.map(({ id, userId }, index) => ({ index, id: String(id), userId, status: 'accepted', seq: 1 })),
            rejected: [],
            users: [],
          };
        },
      },
      { tenant: 'demo', seed: 7, now: endAt, items: 300, users: 40, days: 30, onProgress: (done, total) => progress.push([done, total]) },
    );
    expect(items).toHaveLength(320); // with bundles
    expect(outcome).toEqual({ items: 320, behaviours: drafts.length, duplicates: 0 });
    expect(drafts.some((draft) => 'position' in draft)).toBe(false);
    expect(progress.at(-1)).toEqual([320 + drafts.length, 320 + drafts.length]);
  });

  it('fails loudly when the store refuses what it simulates', async () => {
    const refusal = { index: 0, code: 'INVALID_VALUE' as const, field: 'price', message: 'must be a number' };
    const seeding = seedDemo(
      {
        catalogue: { upsert: async () => ({ items: [], rejected: [refusal] }) },
        record: async () => ({ recorded: [], rejected: [], users: [] }),
      },
      { tenant: 'demo', seed: 7, now: endAt, items: 10, users: 1, days: 30 },
    );
    await expect(seeding).rejects.toThrow('the demo shop was refused: price: must be a number');
  });
});

import { CalibratedList, categoryShares } from '../../src/ranking/calibration';
import { calibrationDivergence } from '../../src/evaluation/metrics/calibration';
import { seededRandom } from '../../src/platform/random';
import { PlaceTerms, placeTermsOf } from '../../src/ranking/place-terms';
import { ListFilling } from '../../src/ranking/list-filling';
import { rank } from '../../src/ranking/rank';
import { aCatalogue, anItem, aProfile, aSurface, fixedScorer, indexOf, near, NOW, recentOf, someModels } from './fixtures';

describe('categoryShares', () => {
  it('gives each item its weight, split evenly over its categories', () => {
    const shares = categoryShares([
      { categories: ['a'], weight: 2 },
      { categories: ['a', 'b'], weight: 1 },
      { categories: [], weight: 9 },
      { categories: ['c'], weight: 0 },
    ]);
    expect(Object.fromEntries(shares)).toEqual({ a: near(2.5 / 3), b: near(0.5 / 3) });
  });
  it('is empty where nothing has a category', () => expect(categoryShares([{ categories: [], weight: 1 }]).size).toBe(0));
});

describe('CalibratedList', () => {
  const wanted = new Map([
    ['drama', 0.5],
    ['comedy', 0.5],
  ]);
  const drama = anItem('d', { categories: ['drama'] });
  const comedy = anItem('c', { categories: ['comedy'] });
  const foreign = anItem('f', { categories: ['war'] });

  it('is Steck’s divergence, by hand', () => {
    const list = new CalibratedList(wanted);
    expect(list.divergence).toBeCloseTo(-Math.log(0.01), 12);
    list.take(drama);
    // q̃(drama) = .99 + .005, q̃(comedy) = .005
    expect(list.divergence).toBeCloseTo(0.5 * Math.log(0.5 / 0.995) + 0.5 * Math.log(0.5 / 0.005), 12);
    expect(list.divergenceWith(comedy)).toBeCloseTo(0, 12);
    // With something foreign: q̃(drama) = .99/2 + .005, q̃(comedy) = .005
    expect(list.divergenceWith(foreign)).toBeCloseTo(0.5 * Math.log(0.5 / 0.5) + 0.5 * Math.log(0.5 / 0.005), 12);
    expect(list.divergenceWith(anItem('n'))).toBe(list.divergence);
  });

  it('agrees with the metric on random lists, place by place', () => {
    const random = seededRandom(7);
    const names = ['a', 'b', 'c', 'd', 'e'];
    const rows = Array.from({ length: 30 }, () => names.flatMap((_, k) => (random() < 0.3 ? [k] : [])));
    const items = rows.map((own, k) => anItem(`i${k}`, { categories: own.map((number) => names[number]!) }));
    const history = [0, 1, 2, 3, 4, 5].map((row) => ({ row, weight: random() }));
    const list = new CalibratedList(categoryShares(history.map(({ row, weight }) => ({ categories: items[row]!.categories, weight }))));
    const taken: number[] = [];
    for (let row = 6; row < 30; row++) {
      expect(list.divergenceWith(items[row]!)).toBeCloseTo(calibrationDivergence(history, [...taken, row], rows)!, 9);
      list.take(items[row]!);
      taken.push(row);
    }
  });

  it('has nothing to be calibrated to without a history', () => expect(() => new CalibratedList(new Map())).toThrow(RangeError));
});

describe('the calibration of a list', () => {
  const items = [
    anItem('h1', { categories: ['drama'] }),
    anItem('h2', { categories: ['comedy'] }),
    anItem('d1', { categories: ['drama'] }),
    anItem('d2', { categories: ['drama'] }),
    anItem('c1', { categories: ['comedy'] }),
  ];
  const index = indexOf(items.map(({ id }) => id));
  const itemKnn = fixedScorer('item-knn', index, { d1: 10, d2: 9, c1: 6 });
  const profile = aProfile({ recent: recentOf({ itemId: 'h1' }, { itemId: 'h2' }) });
  const ids = (weight: number): string[] =>
    rank({
      ...{ profile, models: someModels(index, [itemKnn]), catalogue: aCatalogue(items), now: NOW },
      surface: aSurface({ size: 2, calibration: { weight } }),
    }).items.map(({ itemId }) => itemId);

  it('gives half of two places to the category that is half of the history', () => {
    // d1 first at any weight. Then d2: .9 (1 − c) − 2.31 c… c1: .6 (1 − c) − 0: c1 wins from c = .3 / (.3 + 2.31) on.
    expect(ids(0)).toEqual(['d1', 'd2']);
    expect(ids(0.1)).toEqual(['d1', 'd2']);
    expect(ids(0.2)).toEqual(['d1', 'c1']);
    expect(ids(1)).toEqual(['d1', 'c1']);
  });

  it('orders what it chose by relevance: the divergence of a list is that of a set', () => {
    // Alone, x is the nearest to half and half, so it is chosen first; but it is the least relevant of the three.
    const three = [...items, anItem('x', { categories: ['drama', 'comedy'] })];
    const all = indexOf(three.map(({ id }) => id));
    const list = (promotedSlots: number[], promoted: string): string[] =>
      rank({
        ...{ profile, models: someModels(all, [fixedScorer('item-knn', all, { d1: 10, c1: 8, x: 5 })]), now: NOW },
        catalogue: aCatalogue(three.map((item) => ({ ...item, promoted: item.id === promoted }))),
        surface: aSurface({ size: 3, calibration: { weight: 0.9 }, rules: { promotedSlots } }),
      }).items.map(({ itemId }) => itemId);
    expect(list([], '')).toEqual(['d1', 'c1', 'x']);
    expect(list([1], 'c1')).toEqual(['c1', 'd1', 'x']); // a promoted slot keeps what it has
  });

  it('is the same list, byte for byte, at 0 as without it, and makes no terms', () => {
    const surface = aSurface({ size: 2 });
    const query = { history: [{ row: 0, weight: 1, at: NOW }], index, catalogue: aCatalogue(items) };
    expect(placeTermsOf(surface, query)).toBeUndefined();
    expect(placeTermsOf(aSurface({ calibration: { weight: 0.5 } }), { ...query, history: [] })).toBeUndefined();
  });

  it('is never larger at a higher weight: of the first place always, of whole lists in the mean', () => {
    const random = seededRandom(11);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const weights = [0, 0.1, 0.3, 0.6, 0.9, 1];
    const means = weights.map(() => 0);
    for (let round = 0; round < 60; round++) {
      const wanted = categoryShares(names.map((category) => ({ categories: [category], weight: random() })));
      const pool = Array.from({ length: 40 }, (_, k) => ({
        item: anItem(`i${k}`, { categories: names.filter(() => random() < 0.35) }),
        score: 1 - k / 50,
        shares: [],
      })).filter(({ item }) => item.categories.length > 0);
      for (const size of [1, 10]) {
        const divergences = weights.map((weight) => {
          const surface = aSurface({ size, calibration: { weight } });
          const list = new ListFilling(surface, [], new PlaceTerms(surface, new CalibratedList(wanted), undefined));
          list.fill('hybrid', pool);
          const reached = new CalibratedList(wanted);
          for (const { item } of list.chosen) reached.take(item);
          return reached.divergence;
        });
        if (size === 1) divergences.slice(1).forEach((divergence, k) => expect(divergence).toBeLessThanOrEqual(divergences[k]! + 1e-12));
        else divergences.forEach((divergence, k) => (means[k]! += divergence));
      }
    }
    means.slice(1).forEach((mean, k) => expect(mean).toBeLessThanOrEqual(means[k]! + 1e-9));
    expect(means.at(-1)!).toBeLessThan(means[0]! / 2);
  });
});

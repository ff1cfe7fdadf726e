import { ItemIndex } from '../../src/models/item-index';
import { itemKnn, type ItemKnnOptions } from '../../src/models/item-knn/item-knn';
import { seededRandom } from '../../src/platform/random';
import { queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const plain: ItemKnnOptions = {
  ...itemKnn.defaults,
  k: 10,
  nearestOf: 'profile',
  shrink: 0,
  normExponent: 0.5,
  window: 30,
  pairDecay: 1,
  profileDecay: 0.5,
  profileItems: 10,
  keep: 40,
  mostPairs: 1_000,
};

function fitted(tuples: readonly EventTuple[], options: Partial<ItemKnnOptions> = {}) {
  const index = new ItemIndex();
  const all = { ...plain, ...options };
  return { index, scorer: itemKnn.scorer(itemKnn.fit(trainingEvents(tuples), all), index, all) };
}

function scores(tuples: readonly EventTuple[], options: Partial<ItemKnnOptions>, history: readonly (string | readonly [string, number])[]) {
  const { index, scorer } = fitted(tuples, options);
  return scoresOf(scorer, index, queryOf(index, history));
}

// n: a 3, b 2, c 1; pairs: ab 2, ac 1, bc 0
const events: EventTuple[] = [
  ['u', 'a'],
  ['u', 'b'],
  ['v', 'b'],
  ['v', 'a'],
  ['w', 'a'],
  ['w', 'c'],
];

describe('item-knn', () => {
  it('is the cosine of binary columns when nothing is shrunk', () => {
    const result = scores(events, {}, ['a']);
    expect(result['b']).toBeCloseTo(2 / Math.sqrt(3 * 2), 6);
    expect(result['c']).toBeCloseTo(1 / Math.sqrt(3 * 1), 6);
  });

  it('adds the shrinkage to the product of norms', () => {
    expect(scores(events, { shrink: 4 }, ['a'])['b']).toBeCloseTo(2 / (Math.sqrt(6) + 4), 6);
  });

  it('raises the product of counts to the norm exponent', () => {
    expect(scores(events, { normExponent: 0.25 }, ['a'])['c']).toBeCloseTo(1 / 3 ** 0.25, 6);
  });

  it('gives score to the k nearest only', () => {
    expect(Object.keys(scores(events, { k: 1 }, ['a']))).toEqual(['b']);
  });

  it('takes score from the k nearest of the candidate where it is told to', () => {
    // a is nearest to b (2 / √6) and to c (1 / √3); the nearest of a is b
    const one = (history: string) => scores(events, { k: 1, nearestOf: 'candidate' }, [history]);
    expect(one('a')).toEqual({ b: expect.closeTo(2 / Math.sqrt(6), 6) as number, c: expect.closeTo(1 / Math.sqrt(3), 6) as number });
    expect(one('b')).toEqual({ a: expect.closeTo(2 / Math.sqrt(6), 6) as number });
    expect(one('c')).toEqual({});
  });

  it('breaks a tie for the last place near a candidate by the lower row', () => {
    const tied: EventTuple[] = ['x', 'y', 'z'].flatMap((item, u): EventTuple[] => [
      [`u${u}`, item],
      [`u${u}`, 'all'],
    ]);
    const from = (item: string) => scores(tied, { k: 2, nearestOf: 'candidate' }, [item]);
    expect([from('x'), from('y'), from('z')].map((given) => 'all' in given)).toEqual([true, true, false]);
  });

  it('changes those by one behaviour, without a fit, too', () => {
    const { index, scorer } = fitted(events, { k: 1, nearestOf: 'candidate' });
    expect(scoresOf(scorer, index, queryOf(index, ['c']))).toEqual({});
    for (const _ of [1, 2, 3]) scorer.observe({ row: index.intern('new'), weight: 1, at: 0, previous: [index.intern('c')] });
    expect(scoresOf(scorer, index, queryOf(index, ['c']))).toHaveProperty('new');
    expect(scoresOf(scorer, index, queryOf(index, ['a']))).toHaveProperty('b');
  });

  it('sums over the profile with weight · profileDecay^r', () => {
    const result = scores(events, {}, ['c', ['b', 0.5]]);
    expect(result['a']).toBeCloseTo(1 / Math.sqrt(3) + 0.5 * 0.5 * (2 / Math.sqrt(6)), 6);
  });

  it('counts two items d apart as pairDecay^(d − 1), and none beyond the window', () => {
    const chain: EventTuple[] = [
      ['u', 'a'],
      ['u', 'b'],
      ['u', 'c'],
    ];
    expect(scores(chain, { pairDecay: 0.5 }, ['a'])).toEqual({ b: 1, c: 0.5 });
    expect(scores(chain, { window: 1 }, ['a'])).toEqual({ b: 1 });
  });

  it('counts all pairs of a user in a window beyond that of live behaviours', () => {
    const long = Array.from({ length: 41 }, (_, k): EventTuple => ['u', `i${k}`]);
    const onlyFirst = (options: Partial<ItemKnnOptions>) => scores(long, { k: 50, keep: 50, ...options }, ['i0']);
    expect(onlyFirst({ window: 30 })).not.toHaveProperty('i40');
    expect(onlyFirst({ window: 100 })['i40']).toBeCloseTo(1, 6);
    expect(onlyFirst({ window: 39 })).not.toHaveProperty('i40');
    expect(onlyFirst({ window: 40, pairDecay: 0.9 })['i40']).toBeCloseTo(0.9 ** 39, 6);
  });

  it('gives the same counts by the pair and by the replay where no item comes again', () => {
    const random = seededRandom(4);
    const shuffled = Array.from({ length: 12 }, (_, u) => {
      const items = Array.from({ length: 20 }, (__, i) => [random(), i] as const).sort(([a], [b]) => a - b);
      return items.slice(0, 3 + u).map(([, i]): EventTuple => [`u${u}`, `i${i}`]);
    }).flat();
    const [replayed, counted] = [30, 31].map((window) =>
      itemKnn.fit(trainingEvents(shuffled), { ...plain, window, pairDecay: 0.7, keep: 100 }),
    );
    expect(counted!.counts).toEqual(replayed!.counts);
    expect(counted!.indptr).toEqual(replayed!.indptr);
    replayed!.pairs.forEach((pair, k) => expect(counted!.pairs[k]).toBeCloseTo(pair, 5));
  });

  it('learns live on top of all pairs', () => {
    const { index, scorer } = fitted(events, { window: 100 });
    scorer.observe({ row: index.intern('b'), weight: 1, at: 0, previous: [index.intern('c')] });
    expect(scoresOf(scorer, index, queryOf(index, ['c']))['b']).toBeCloseTo(1 / Math.sqrt(1 * 3), 6);
  });

  it('counts a user once for an item and a pair, however often they come back', () => {
    expect(scores([...events, ['u', 'b'], ['u', 'a']], {}, ['a'])).toEqual(scores(events, {}, ['a']));
  });

  it('changes neighbours by one behaviour, without a fit', () => {
    const { index, scorer } = fitted(events);
    expect(scoresOf(scorer, index, queryOf(index, ['c']))).not.toHaveProperty('b');
    scorer.observe({ row: index.intern('b'), weight: 1, at: 0, previous: [index.intern('c')] });
    expect(scoresOf(scorer, index, queryOf(index, ['c']))['b']).toBeCloseTo(1 / Math.sqrt(1 * 3), 6);
    scorer.observe({ row: index.intern('new'), weight: 1, at: 0, previous: [index.intern('c')] });
    expect(scoresOf(scorer, index, queryOf(index, ['c']))['new']).toBeCloseTo(1, 6);
  });

  it('lets a stronger newcomer push the weakest out of a list that is full', () => {
    const { index, scorer } = fitted(events, { k: 1 });
    expect(Object.keys(scoresOf(scorer, index, queryOf(index, ['c'])))).toEqual(['a']);
    scorer.observe({ row: index.intern('new'), weight: 1, at: 0, previous: [index.intern('c')] });
    expect(Object.keys(scoresOf(scorer, index, queryOf(index, ['c'])))).toEqual(['new']);
  });

  it('explains a score by the items that pulled it up; the amounts sum to the score', () => {
    const { index, scorer } = fitted(events);
    const query = queryOf(index, ['c', 'b']);
    const pulls = scorer.explain(query, index.intern('a'), 5);
    expect(pulls.map(({ row }) => index.idAt(row))).toEqual(['c', 'b']);
    expect(pulls[0]!.amount + pulls[1]!.amount).toBeCloseTo(scoresOf(scorer, index, query)['a']!, 6);
  });
});

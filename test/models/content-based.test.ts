import type { Item } from '../../src/catalogue/item';
import { CONTENT_BASED_DEFAULTS, ContentBasedScorer, type ContentBasedOptions } from '../../src/models/content-based/content-based';
import { tokenize } from '../../src/catalogue/features/tokenize';
import { ItemIndex } from '../../src/models/item-index';
import { queryOf, scoresOf } from './training-events';

const item = (id: string, parts: Partial<Item>): Item => ({
  id,
  title: '',
  categories: [],
  tags: [],
  hidden: false,
  promoted: false,
  version: 1,
  ...parts,
});

function scorerOf(items: readonly Item[], options: Partial<ContentBasedOptions> = {}) {
  const index = new ItemIndex();
  const scorer = new ContentBasedScorer(index, { ...CONTENT_BASED_DEFAULTS, ...options });
  for (const each of items) scorer.put(each);
  const scores = (...history: string[]): Record<string, number> => scoresOf(scorer, index, queryOf(index, history));
  return { index, scorer, scores };
}

describe('tokenize', () => {
  it.each([
    ['Red, rosy  POTS!', ['red', 'rosy', 'pots']],
    ['Crème brûlée 2.0', ['creme', 'brulee']],
    ['a b', []],
    ['花盆红色', ['花盆', '盆红', '红色']],
    ['', []],
  ])('%s', (text, tokens) => {
    expect(tokenize(text)).toEqual(tokens);
  });
});

describe('content-based', () => {
  it('is the TF-IDF cosine of the words when there is nothing else', () => {
    // 3 items; "pot" in two, "red" and "blue" in one each; all counts alike, so weights are the idfs.
    const { scores } = scorerOf([item('a', { title: 'red pot' }), item('b', { title: 'blue pot' }), item('c', { title: 'lamp' })]);
    const [rare, common] = [Math.log(4 / 1), Math.log(4 / 2)];
    const result = scores('a');
    expect(result['a']).toBeCloseTo(1, 6);
    expect(result['b']).toBeCloseTo(common ** 2 / (rare ** 2 + common ** 2), 6);
    expect(result['c'] ?? 0).toBe(0);
  });

  it('is the cosine of topics when there are only those', () => {
    const { scores } = scorerOf([
      item('a', { categories: ['x'] }),
      item('b', { categories: ['x'], tags: ['t'] }),
      item('c', { tags: ['u'] }),
    ]);
    const [x, t] = [Math.log(4 / 2), Math.log(4 / 1)];
    expect(scores('a')['b']).toBeCloseTo(x / Math.sqrt(x * x + t * t), 6);
  });

  it('knows closeness of prices of the same currency', () => {
    const priced = (id: string, price: number, currency = 'EUR') => item(id, { categories: ['x'], price, currency });
    const { scores } = scorerOf([priced('a', 10), priced('near', 10 * Math.exp(0.5)), priced('other', 10, 'USD')], { priceWeight: 1 });
    const result = scores('a');
    expect(result['near']).toBeCloseTo((1 + Math.exp(-1)) / 2, 6); // topics 1, price e^(−.5/.5)
    expect(result['other']).toBeCloseTo(1, 6); // no price to compare: topics alone
  });

  it('compares supplied vectors by cosine, each modality by itself, and passes over missing ones', () => {
    const { scores } = scorerOf([
      item('a', { vectors: { image: [1, 0], text: [0, 1] } }),
      item('both', { vectors: { image: [1, 1], text: [0, 3] } }),
      item('image', { vectors: { image: [3, 4] } }),
      item('zero', { vectors: { image: [0, 0] } }),
      item('long', { vectors: { image: [1, 0, 0] } }),
    ]);
    const result = scores('a');
    expect(result['both']).toBeCloseTo((Math.SQRT1_2 + 1) / 2, 6);
    expect(result['image']).toBeCloseTo(0.6, 6);
    expect(result['zero'] ?? 0).toBe(0);
    expect(result['long'] ?? 0).toBe(0);
  });

  it('weighs the profile by recency', () => {
    const { scores } = scorerOf([
      item('a', { categories: ['x'] }),
      item('b', { categories: ['y'] }),
      item('likeA', { categories: ['x'] }),
      item('likeB', { categories: ['y'] }),
    ]);
    const result = scores('a', 'b');
    expect(result['likeA']! / result['likeB']!).toBeCloseTo(1 / 0.9, 6);
  });

  it('recommends an item that nobody has touched as soon as it is put, and forgets one as soon as it is removed', () => {
    const { scorer, scores } = scorerOf([item('a', { title: 'garden pot', categories: ['garden'] })]);
    expect(scores('a')['new']).toBeUndefined();
    scorer.put(item('new', { title: 'garden gnome', categories: ['garden'] }));
    expect(scores('a')['new']).toBeGreaterThan(0);
    scorer.remove('new');
    expect(scores('a')['new']).toBeUndefined();
    expect(() => scorer.remove('never there')).not.toThrow();
  });

  it('puts a newcomer among the candidates though older items of its terms are stronger', () => {
    const old = Array.from({ length: 50 }, (_, k) => item(`old${k}`, { title: 'pot' }));
    const { scorer, scores } = scorerOf(old, { mostChampions: 5, rescored: 5 });
    scorer.put(item('new', { title: 'a pot among many other words of which each is weak' }));
    expect(scores('old3')['new']).toBeGreaterThan(0);
  });

  it('follows changes: the index after any changes is as one made afresh', () => {
    const final = [
      item('a', { title: 'red pot', price: 5 }),
      item('b', { title: 'green pot', tags: ['sale'], vectors: { image: [1, 2] } }),
      item('c', { title: 'red lamp' }),
    ];
    const changed = scorerOf([
      item('a', { title: 'blue lamp', tags: ['sale'] }),
      item('b', { title: 'red', vectors: { image: [5, 1] } }),
      item('c', { title: 'x y z' }),
      item('d', { title: 'red pot' }),
    ]);
    changed.scorer.remove('d');
    for (const each of final) changed.scorer.put(each);
    const fresh = scorerOf(final);
    for (const id of ['a', 'b', 'c']) {
      const [actual, expected] = [changed.scores(id), fresh.scores(id)];
      expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
      for (const [other, score] of Object.entries(expected)) expect(actual[other]).toBeCloseTo(score, 6);
    }
  });

  it('explains a score by the profile items that are alike, most alike first', () => {
    const { index, scorer } = scorerOf([
      item('a', { categories: ['x'] }),
      item('b', { categories: ['x'], tags: ['t'] }),
      item('c', { tags: ['u'] }),
      item('target', { categories: ['x'], tags: ['t'] }),
    ]);
    const pulls = scorer.explain(queryOf(index, ['c', 'a', 'b']), index.intern('target'), 5);
    expect(pulls.map(({ row }) => index.idAt(row))).toEqual(['b', 'a']);
    expect(scorer.explain(queryOf(index, ['a']), index.intern('nowhere'), 5)).toEqual([]);
  });

  it('says nothing for an empty or unknown profile', () => {
    const { scores } = scorerOf([item('a', { title: 'pot' })]);
    expect(scores()).toEqual({});
    expect(scores('unknown')).toEqual({});
  });

  it('finds near vectors among more than it may look at', () => {
    const angle = (k: number) => [Math.cos(k / 300), Math.sin(k / 300)];
    const items = Array.from({ length: 600 }, (_, k) => item(`i${k}`, { vectors: { image: angle(k) } }));
    const { scores } = scorerOf(items, { vectorScan: 200, rescored: 50 });
    const result = scores('i300');
    const best = Object.keys(result).sort((a, b) => result[b]! - result[a]!)[0];
    expect(best).toBe('i300');
  });
});

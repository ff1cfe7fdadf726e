import { FeatureReader, jaccard, MmrPool, similarity, type ItemFeatures } from '../../src/ranking/mmr';
import { anItem } from './fixtures';

const always = (): boolean => true;
const topics = (...numbers: number[]): ItemFeatures => ({ topics: numbers, vectors: undefined });

describe('jaccard', () => {
  it.each([
    [[1, 2, 3], [2, 3, 4], 0.5], // 2 of 4
    [[1], [1], 1],
    [[1], [2], 0],
    [[], [], 0],
    [[], [5], 0],
  ])('of %j and %j is %d', (a, b, expected) => expect(jaccard(a, b)).toBe(expected));
});

describe('similarity', () => {
  const reader = new FeatureReader();
  it('is the mean of topics and of every modality that both have', () => {
    const a = reader.read(anItem('a', { categories: ['x'], tags: ['s'], vectors: { text: [1, 0], image: [1, 1] } }));
    const b = reader.read(anItem('b', { categories: ['x'], vectors: { text: [0, 1], sound: [1, 1] } }));
    expect(similarity(a, b)).toBeCloseTo((0.5 + 0) / 2, 10); // topics 1 of 2, text at right angles
    expect(similarity(b, a)).toBe(similarity(a, b));
    expect(similarity(a, a)).toBeCloseTo(1, 10);
  });
  it('counts opposite vectors as different, not as less than that', () => {
    const a = reader.read(anItem('a', { vectors: { text: [1, 0] } }));
    const b = reader.read(anItem('b', { vectors: { text: [-1, 0] } }));
    expect(similarity(a, b)).toBe(0);
  });
  it('does not compare vectors of different lengths', () => {
    const a = reader.read(anItem('a', { vectors: { text: [1, 0] } }));
    const b = reader.read(anItem('b', { vectors: { text: [1] } }));
    expect(similarity(a, b)).toBe(0);
  });
  it('is 0 with nothing to compare', () => expect(similarity(topics(), topics())).toBe(0));
  it('tells a category from a tag of the same name', () => {
    expect(similarity(reader.read(anItem('a', { categories: ['x'] })), reader.read(anItem('b', { tags: ['x'] })))).toBe(0);
  });
});

describe('MmrPool', () => {
  const entries = [
    { name: 'pot 1', relevance: 1, features: topics(1, 2) },
    { name: 'pot 2', relevance: 0.9, features: topics(1, 2) },
    { name: 'spade', relevance: 0.6, features: topics(1, 3) },
    { name: 'lamp', relevance: 0.5, features: topics(9) },
  ];
  const order = (lambda: number, chosen: ItemFeatures[] = []): string[] => {
    const pool = new MmrPool(entries, lambda, chosen);
    return entries.map(() => pool.take(always)!.name);
  };

  it('chooses by λ · relevance − (1 − λ) · likeness to the most alike chosen', () => {
    // λ = ½. First pot 1: .5. Then pot 2: .45 − .5 = −.05; spade: .3 − ⅙ = .133; lamp: .25 → lamp.
    // Then pot 2: −.05; spade: .133 → spade, and pot 2 last.
    expect(order(0.5)).toEqual(['pot 1', 'lamp', 'spade', 'pot 2']);
  });
  it('is the order of relevance at λ = 1', () => expect(order(1)).toEqual(['pot 1', 'pot 2', 'spade', 'lamp']));
  it('keeps ties in the given order at λ = 0', () => expect(order(0).slice(0, 2)).toEqual(['pot 1', 'lamp']));
  it('counts what was chosen before', () => expect(order(0.5, [topics(1, 2)])[0]).toBe('lamp')); // pot 1: .5 − .5
  it('takes only what is admitted, and nothing twice', () => {
    const pool = new MmrPool(entries, 0.5, []);
    expect(pool.take(({ name }) => name === 'spade')!.name).toBe('spade');
    expect(pool.take(({ name }) => name === 'spade')).toBeUndefined();
  });
});

import { topicCountsOf, wordsOf } from '../../../src/catalogue/features/item-terms';
import { learnTermSpace, TermProjector } from '../../../src/catalogue/features/term-space';

const terms = (...names: string[]): Map<string, number> => new Map(names.map((name) => [name, 1]));

describe('a term space', () => {
  const space = learnTermSpace([terms('pot', 'clay'), terms('pot', 'clay'), terms('lamp', 'rare'), terms('lamp')], 8);
  const projector = new TermProjector(space);

  it('knows terms that two items share, with their rarity', () => {
    expect(space.vocabulary).toEqual(['clay', 'lamp', 'pot']);
    expect([...space.idf].map((idf) => idf.toFixed(4))).toEqual(Array(3).fill(Math.log(5 / 2).toFixed(4)));
  });

  it('gives what it knows of an item, of length 1', () => {
    expect([...projector.project(terms('pot', 'clay', 'new'))!].map((v) => v.toFixed(4))).toEqual(['0.7071', '0.0000', '0.7071']);
  });

  it('gives nothing for an item of unknown terms, and for none', () => {
    expect(projector.project(terms('rare'))).toBeUndefined();
    expect(projector.project(terms())).toBeUndefined();
  });

  it('of nothing has no dimensions', () => {
    expect(learnTermSpace([], 8)).toMatchObject({ vocabulary: [], dimensions: 0 });
  });

  it('brings together, cut short, what never stands side by side but in the same company', () => {
    const cut = learnTermSpace([terms('pot', 'clay'), terms('jug', 'clay'), terms('pot', 'clay'), terms('jug', 'clay'), terms('lamp', 'bulb'), terms('lamp', 'bulb')], 2); // prettier-ignore
    const read = new TermProjector(cut);
    const [pot, jug, lamp] = ['pot', 'jug', 'lamp'].map((term) => read.project(terms(term))!);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
    expect(dot(pot!, jug!)).toBeGreaterThan(0.1);
    expect(Math.abs(dot(pot!, lamp!))).toBeLessThan(1e-6);
  });
});

it('counts words of the title three times, and each topic once', () => {
  const item = { title: 'Clay pot', text: 'A pot', categories: ['garden'], tags: ['clay', 'clay'] };
  expect(Object.fromEntries(wordsOf(item))).toEqual({ clay: 3, pot: 4 });
  expect(Object.fromEntries(topicCountsOf(item))).toEqual({ 'c:garden': 1, 't:clay': 1 });
});

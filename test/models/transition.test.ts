import { ItemIndex } from '../../src/models/item-index';
import { transition, type TransitionOptions } from '../../src/models/transition/transition';
import { queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const plain: TransitionOptions = { window: 3, linkDecay: 1, smoothing: 0, profileDecay: 0.5, profileItems: 10, keep: 10 };

function scores(
  tuples: readonly EventTuple[],
  options: Partial<TransitionOptions>,
  history: readonly (string | readonly [string, number])[],
) {
  const index = new ItemIndex();
  const all = { ...plain, ...options };
  const scorer = transition.scorer(transition.fit(trainingEvents(tuples), all), index, all);
  return { scores: scoresOf(scorer, index, queryOf(index, history)), scorer, index };
}

// u: a b c — links a→b, b→c, a→c
const abc: EventTuple[] = [
  ['u', 'a'],
  ['u', 'b'],
  ['u', 'c'],
];

describe('transition', () => {
  it('gives p(i → j) = count(i → j) / out(i), ordered', () => {
    expect(scores(abc, {}, ['a']).scores).toEqual({ b: 0.5, c: 0.5 });
    expect(scores(abc, {}, ['b']).scores).toEqual({ c: 1 });
    expect(scores(abc, {}, ['c']).scores).toEqual({});
  });

  it('counts a link over distance d as linkDecay^(d − 1)', () => {
    const { scores: result } = scores(abc, { linkDecay: 0.5 }, ['a']);
    expect(result['b']).toBeCloseTo(1 / 1.5, 6);
    expect(result['c']).toBeCloseTo(0.5 / 1.5, 6);
  });

  it('links no farther than the window', () => {
    expect(scores(abc, { window: 1 }, ['a']).scores).toEqual({ b: 1 });
  });

  it('adds the smoothing to the outgoing total', () => {
    expect(scores(abc, { smoothing: 2 }, ['a']).scores).toEqual({ b: 1 / 4, c: 1 / 4 });
  });

  it('sums over the profile with weight · profileDecay^r', () => {
    // b newest: 1 · p(b → c) = 1; a next: ½ · .8 · (½, ½)
    const { scores: result } = scores(abc, {}, ['b', ['a', 0.8]]);
    expect(result['c']).toBeCloseTo(1 + 0.5 * 0.8 * 0.5, 6);
    expect(result['b']).toBeCloseTo(0.5 * 0.8 * 0.5, 6);
  });

  it('looks at no more than profileItems', () => {
    expect(scores(abc, { profileItems: 1 }, ['c', 'a']).scores).toEqual({});
  });

  it('counts by the weight of what came after', () => {
    const { scores: result } = scores([...abc.slice(0, 2), ['u', 'c', 0.25]], { smoothing: 0 }, ['a']);
    expect(result['b']).toBeCloseTo(1 / 1.25, 6);
    expect(result['c']).toBeCloseTo(0.25 / 1.25, 6);
  });

  it('links a repeated item from others, never from itself, and brings it to the front', () => {
    // b a a c — a→a is none; before c: a, b
    const result = scores(
      [
        ['u', 'b'],
        ['u', 'a'],
        ['u', 'a'],
        ['u', 'c'],
      ],
      { window: 1 },
      ['a'],
    );
    expect(result.scores).toEqual({ c: 1 });
    expect(
      scores(
        [
          ['u', 'b'],
          ['u', 'a'],
          ['u', 'b'],
          ['u', 'c'],
        ],
        { window: 1 },
        ['b'],
      ).scores,
    ).toEqual({ a: 0.5, c: 0.5 });
  });

  it('explains a score by the items that pulled it up, strongest first; the amounts sum to the score', () => {
    const { scorer, index, scores: result } = scores(abc, {}, ['b', 'a']);
    const pulls = scorer.explain(queryOf(index, ['b', 'a']), index.intern('c'), 5);
    expect(pulls.map(({ row }) => index.idAt(row))).toEqual(['b', 'a']);
    expect(pulls.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(result['c']!, 6);
    expect(scorer.explain(queryOf(index, ['b', 'a']), index.intern('c'), 1)).toHaveLength(1);
    expect(scorer.explain(queryOf(index, ['c']), index.intern('a'), 5)).toEqual([]);
  });

  it('keeps the most frequent successors when a row is cut', () => {
    const many = Array.from({ length: 30 }, (_, k): EventTuple[] => [
      [`u${k}`, 'a'],
      [`u${k}`, k < 12 ? 'often' : `rare${k}`],
    ]).flat();
    const { scores: result } = scores(many, { keep: 3 }, ['a']);
    expect(Object.keys(result)).toHaveLength(3);
    expect(result['often']).toBeCloseTo(12 / 30, 6);
  });
});

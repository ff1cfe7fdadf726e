import { ItemIndex } from '../../src/models/item-index';
import { cosine } from '../../src/models/cosine';
import { userKnn, type UserKnnOptions } from '../../src/models/user-knn/user-knn';
import { queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const plain: UserKnnOptions = {
  ...userKnn.defaults,
  ...{ k: 10, shrink: 0, profileDecay: 1, profileItems: 60, mostUsers: 100, mostItems: 100, mostPostings: 100 },
};

function scores(tuples: readonly EventTuple[], options: Partial<UserKnnOptions>, history: readonly (string | readonly [string, number])[]) {
  const index = new ItemIndex();
  const all = { ...plain, ...options };
  const scorer = userKnn.scorer(userKnn.fit(trainingEvents(tuples), all), index, all)!;
  return scoresOf(scorer, index, queryOf(index, history));
}

describe('cosine', () => {
  it('of the first worked example of the source article is .9715, not .8333 (DESIGN §6)', () => {
    expect(cosine([4, 5, 4, 3], [5, 4, 3, 2])).toBeCloseTo(58 / (Math.sqrt(66) * Math.sqrt(54)), 12);
    expect(cosine([4, 5, 4, 3], [5, 4, 3, 2])).toBeCloseTo(0.9715, 4);
  });

  it('is 1 for the same direction, 0 for orthogonal and zero vectors, −1 for opposite ones', () => {
    expect(cosine([1, 2], [2, 4])).toBeCloseTo(1, 12);
    expect(cosine([1, 0], [0, 1])).toBe(0);
    expect(cosine([0, 0], [1, 1])).toBe(0);
    expect(cosine([1, -1], [-1, 1])).toBeCloseTo(-1, 12);
  });

  it('is refused for vectors of different lengths', () => {
    expect(() => cosine([1], [1, 2])).toThrow(RangeError);
  });
});

describe('user-knn', () => {
  it('scores by the article: the one neighbour of its example has similarity .9715', () => {
    // Ratings 5 4 3 2 as strengths of 5, and one more item of the neighbour's.
    const neighbour: EventTuple[] = [
      ['j', 'p', 1],
      ['j', 'q', 0.8],
      ['j', 'r', 0.6],
      ['j', 's', 0.4],
    ];
    const history = [
      ['p', 0.8],
      ['q', 1],
      ['r', 0.8],
      ['s', 0.6],
    ] as const;
    const similarity = cosine([4, 5, 4, 3], [5, 4, 3, 2]);
    const result = scores(neighbour, {}, history);
    expect(result['p']).toBeCloseTo(similarity * 1, 6);
    expect(result['s']).toBeCloseTo(similarity * 0.4, 6);
  });

  // v: a b · w: a c c′ · the live user has a and b
  const events: EventTuple[] = [
    ['v', 'a'],
    ['v', 'b'],
    ['v', 'd', 0.5],
    ['w', 'a'],
    ['w', 'c'],
  ];

  it('sums similarity · weight over the neighbours', () => {
    const v = 2 / (Math.sqrt(2) * Math.sqrt(2.25));
    const w = 1 / (Math.sqrt(2) * Math.sqrt(2));
    const result = scores(events, {}, ['b', 'a']);
    expect(result['d']).toBeCloseTo(v * 0.5, 6);
    expect(result['c']).toBeCloseTo(w, 6);
    expect(result['a']).toBeCloseTo(v + w, 6);
  });

  it("takes the k nearest, most similar first (not the least similar, as the article's sample does)", () => {
    expect(Object.keys(scores(events, { k: 1 }, ['b', 'a'])).sort()).toEqual(['a', 'b', 'd']);
  });

  it('weighs the live user by weight · profileDecay^r', () => {
    // x = (b: 1, a: ½ · .5)
    const [b, a] = [1, 0.25];
    const w = a / (Math.sqrt(b * b + a * a) * Math.sqrt(2));
    expect(scores(events, { profileDecay: 0.5 }, ['b', ['a', 0.5]])['c']).toBeCloseTo(w, 6);
  });

  it('adds the shrinkage to the product of norms', () => {
    expect(scores(events, { shrink: 3 }, ['b', 'a'])['c']).toBeCloseTo(1 / (Math.sqrt(2) * Math.sqrt(2) + 3), 6);
  });

  it("compares an item's most recently active users only, and prefers them on ties", () => {
    expect(Object.keys(scores(events, { mostPostings: 1 }, ['a'])).sort()).toEqual(['a', 'c']);
    expect(
      Object.keys(
        scores(
          [
            ['v', 'a'],
            ['v', 'b'],
            ['w', 'a'],
            ['w', 'c'],
          ],
          { k: 1 },
          ['a'],
        ),
      ).sort(),
    ).toEqual(['a', 'c']);
  });

  it('keeps the strongest weight of a user on an item, and the newest items and users', () => {
    expect(
      scores(
        [
          ['v', 'a', 0.9],
          ['v', 'b'],
          ['v', 'a', 0.3],
        ],
        {},
        ['b'],
      )['a'],
    ).toBeCloseTo((1 / Math.sqrt(1.81)) * 0.9, 6);
    expect(Object.keys(scores(events, { mostItems: 2 }, ['b'])).sort()).toEqual(['b', 'd']);
    expect(scores(events, { mostUsers: 1 }, ['b'])).toEqual({});
  });
});

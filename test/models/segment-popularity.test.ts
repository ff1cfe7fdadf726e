import { ItemIndex } from '../../src/models/item-index';
import type { TrainingEvents } from '../../src/models/model';
import { SparseScores } from '../../src/models/sparse-scores';
import { fitSegments, SegmentScorer, type Membership } from '../../src/models/traits/segment-popularity';
import { encodeSegments, loadSegments } from '../../src/models/traits/segment-snapshot';

/** Users 0–3 had a; 2–4 had b; user 4 also disliked c. */
const HAD: readonly (readonly [user: number, item: number, weight: number])[] = [
  [0, 0, 1],
  [1, 0, 1],
  [1, 0, 0.5], // again
  [2, 0, 1],
  [3, 0, 1],
  [2, 1, 1],
  [3, 1, 1],
  [4, 1, 1],
  [4, 2, -1],
];
const events: TrainingEvents = {
  userIds: ['u0', 'u1', 'u2', 'u3', 'u4'],
  itemIds: ['a', 'b', 'c'],
  users: Int32Array.from(HAD, ([user]) => user),
  items: Int32Array.from(HAD, ([, item]) => item),
  weights: Float32Array.from(HAD, ([, , weight]) => weight),
  times: Float64Array.from(HAD, (_, k) => k),
};
const options = { prior: 2, fewestMembers: 2, fewestHad: 1, longest: 10 };
const old = (weight = 1): Membership => ({ segment: 'age=old', weight });
const members: readonly (readonly Membership[])[] = [[], [], [old()], [old(0.5)], [old(), { segment: 'rare=yes', weight: 1 }]];

const scored = (scorer: SegmentScorer, segments: { name: string; weight: number }[]): number[] => {
  const scores = new SparseScores();
  scorer.score({ segments }, scores, 10);
  return [0, 1, 2].map((row) => scores.get(row));
};

describe('popularity within segments', () => {
  const snapshot = fitSegments(events, members, options);

  it('is the share of the members who had an item, drawn towards that of everybody', () => {
    expect(snapshot.segments).toEqual(['age=old']); // the other has one member
    // Of members 1 + .5 + 1 = 2.5: b 2.5, a 1.5. Of 5 users: a 4, b 3. With a prior of two users.
    const scores = scored(new SegmentScorer(snapshot, new ItemIndex()), [{ name: 'age=old', weight: 1 }]);
    expect(scores).toEqual([expect.closeTo((1.5 + 2 * 0.8) / 4.5, 6), expect.closeTo((2.5 + 2 * 0.6) / 4.5, 6), 0]);
  });

  it('of several segments is their mean by how surely the user is in each; of none it is nothing', () => {
    const two = fitSegments(
      events,
      members.map((own, user) => (user < 2 ? [{ segment: 'age=young', weight: 1 }] : own)),
      options,
    );
    const scorer = new SegmentScorer(two, new ItemIndex());
    const old = scored(scorer, [{ name: 'age=old', weight: 1 }]);
    const young = scored(scorer, [{ name: 'age=young', weight: 0.3 }]);
    const both = scored(scorer, [
      { name: 'age=old', weight: 0.9 },
      { name: 'age=young', weight: 0.3 },
      { name: 'unknown', weight: 1 },
    ]);
    expect(both).toEqual([0, 1, 2].map((row) => expect.closeTo(0.75 * old[row]! + 0.25 * young[row]!, 6) as number));
    expect(scored(scorer, [])).toEqual([0, 0, 0]);
  });

  it('leaves out an item that too few members had, and keeps the best', () => {
    expect([...fitSegments(events, members, { ...options, fewestHad: 3 }).items]).toEqual([1]);
    expect([...fitSegments(events, members, { ...options, longest: 1 }).items]).toEqual([1]);
  });

  it('is the same after it was stored', () => {
    const loaded = loadSegments(encodeSegments(snapshot, 'v1', 1), new ItemIndex());
    const segments = [{ name: 'age=old', weight: 1 }];
    expect(scored(loaded, segments)).toEqual(scored(new SegmentScorer(snapshot, new ItemIndex()), segments));
  });

  it('of no events is empty', () => {
    const none = {
      ...events,
      userIds: [],
      users: new Int32Array(),
      items: new Int32Array(),
      weights: new Float32Array(),
      times: new Float64Array(),
    };
    expect(fitSegments(none, [], options).segments).toEqual([]);
  });
});

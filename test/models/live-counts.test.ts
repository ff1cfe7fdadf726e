import { ItemIndex } from '../../src/models/item-index';
import { itemKnn } from '../../src/models/item-knn/item-knn';
import type { ObservedBehaviour } from '../../src/models/model';
import { popular } from '../../src/models/popular/popular';
import { RecentItems } from '../../src/models/recent-items';
import { transition } from '../../src/models/transition/transition';
import { seededRandom } from '../../src/platform/random';
import { queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const random = seededRandom(7);
const tuples = Array.from({ length: 600 }, (_, k): EventTuple => [
  `u${Math.floor(random() * 12)}`,
  `i${Math.floor(random() * 40)}`,
  1,
  k * 60_000,
]);
const all = trainingEvents(tuples);
const CUT = 400;

/** What the ingest hands to live models for events from `from` on. */
function behaviours(index: ItemIndex, from: number): ObservedBehaviour[] {
  const recent = new RecentItems(all.userIds.length, 30);
  return tuples.flatMap(([, item, weight, at], k) => {
    const user = all.users[k]!;
    const previous = [...recent.of(user)];
    const row = index.intern(item);
    recent.push(user, row);
    return k < from ? [] : [{ row, weight: weight!, at: at!, previous }];
  });
}

const live = [
  ['transition', transition],
  ['item-knn', itemKnn],
  ['popular', popular],
] as const;

describe.each(live)('%s', (_, model) => {
  const fitted = (events: ReturnType<typeof trainingEvents>, index: ItemIndex) => {
    if (model === transition) return transition.scorer(transition.fit(events, transition.defaults), index, transition.defaults);
    if (model === itemKnn) return itemKnn.scorer(itemKnn.fit(events, itemKnn.defaults), index, itemKnn.defaults);
    return popular.scorer(popular.fit(events, popular.defaults), index, popular.defaults);
  };

  it.each([0, CUT])('fitted on the first %i events and told of the rest, scores as if fitted on all', (cut) => {
    const index = new ItemIndex();
    const scorer = fitted(trainingEvents(tuples.slice(0, cut)), index);
    for (const behaviour of behaviours(index, cut)) scorer.observe(behaviour);
    const refitIndex = new ItemIndex();
    const refit = fitted(all, refitIndex);
    const query = ['i3', 'i1', 'i4', 'i15', 'i9'];
    const expected = scoresOf(refit, refitIndex, queryOf(refitIndex, query));
    const actual = scoresOf(scorer, index, queryOf(index, query));
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    for (const [item, score] of Object.entries(expected)) expect(actual[item]).toBeCloseTo(score, 5);
  });

  it('learns nothing from a negative behaviour', () => {
    const index = new ItemIndex();
    const scorer = fitted(all, index);
    const before = scoresOf(scorer, index, queryOf(index, ['i1', 'i2']));
    scorer.observe({ row: index.intern('i3'), weight: -0.5, at: 1e9, previous: [index.intern('i1')] });
    expect(scoresOf(scorer, index, queryOf(index, ['i1', 'i2']))).toEqual(before);
  });
});

it.each([
  ['transition', transition.scorer(undefined, new ItemIndex(), transition.defaults)],
  ['item-knn', itemKnn.scorer(undefined, new ItemIndex(), itemKnn.defaults)],
])('%s: more evidence for a pair never lowers its score', (_, scorer) => {
  const index = new ItemIndex();
  const [a, b] = [index.intern('a'), index.intern('b')];
  for (let n = 0; n < 50; n++) scorer.observe({ row: index.intern(`noise${n % 5}`), weight: 1, at: n, previous: [a] });
  let last = 0;
  for (let n = 0; n < 30; n++) {
    scorer.observe({ row: b, weight: 1, at: n, previous: [a] });
    const score = scoresOf(scorer, index, queryOf(index, ['a']))['b']!;
    expect(score).toBeGreaterThan(last);
    last = score;
  }
});

it('item-knn keeps lists that are read between behaviours as right as lists that are not', () => {
  const [readIndex, index] = [new ItemIndex(), new ItemIndex()];
  const options = { ...itemKnn.defaults, k: 5 };
  const read = itemKnn.scorer(undefined, readIndex, options);
  const unread = itemKnn.scorer(undefined, index, options);
  for (const behaviour of behaviours(readIndex, 0)) {
    read.observe(behaviour);
    scoresOf(read, readIndex, { history: behaviour.previous.map((row) => ({ row, weight: 1, at: 0 })), seen: [], now: 0 });
  }
  for (const behaviour of behaviours(index, 0)) unread.observe(behaviour);
  const last = tuples.at(-1)![1];
  // The list of the item itself is made anew; those of others may lag by the norms of items they did not meet.
  expect(scoresOf(read, readIndex, queryOf(readIndex, [last]))).toEqual(scoresOf(unread, index, queryOf(index, [last])));
});

import { newItems, ndcgByChance, popularSoFar, popularWith } from '../../src/evaluation/new-items';
import { toEventTable } from '../../src/evaluation/event-table';
import { SparseScores } from '../../src/models/sparse-scores';

/** Ten items a … j appear in this order; then one more behaviour on each of the last two. */
const behaviours = [...'abcdefghij'].map((itemId, k) => ({ userId: k % 2 === 0 ? 'u' : 'v', itemId, type: 'view', at: k * 1000 }));
const table = toEventTable([
  ...behaviours,
  { userId: 'u', itemId: 'j', type: 'view', at: 20_000 },
  { userId: 'u', itemId: 'j', type: 'view', at: 21_000 },
  { userId: 'v', itemId: 'i', type: 'view', at: 22_000 },
  { userId: 'w', itemId: 'j', type: 'view', at: 23_000 },
]);
const idsOf = (rows: readonly number[]): string => rows.map((row) => table.itemIds[row]).join('');

describe('the newest tenth of the items', () => {
  const split = newItems(table, 'test');
  const cases = [...split.cases()];

  it('is not learnt from, nor is what came after its first', () => {
    expect(idsOf(split.withheld)).toBe('j');
    expect(idsOf([...split.fit.items])).toBe('abcdefghi');
  });

  it('is asked for with each behaviour on it, but not again nor of somebody without a past', () => {
    expect(cases.map(({ user, targets }) => [table.userIds[user], idsOf(targets)])).toEqual([
      ['v', 'j'],
      ['u', 'j'],
    ]);
    expect(idsOf(cases[1]!.query.seen)).toBe('igeca');
    expect([...split.hadBefore]).toEqual([0, 1]);
  });

  it('has been had so often before', () => {
    const ranker = popularSoFar(table, split);
    const j = table.itemIds.indexOf('j');
    expect(cases.map(({ query }) => ranker.score(query).get(j))).toEqual([0, 1]);
  });

  it('counts together with what a model says of it', () => {
    const j = table.itemIds.indexOf('j');
    const scores = new SparseScores(split.candidates);
    scores.add(j, 0.25);
    const content = { model: 'content-based', fitSeconds: 0, score: () => scores } as const;
    const ranker = popularWith(content, popularSoFar(table, split), split);
    // ln(1 + 0) and ln(1 + 1), and 1 for the best of the withheld items
    expect(cases.map(({ query }) => ranker.score(query).get(j))).toEqual([1, 1 + Math.LN2]);
  });
});

it('chooses on the tenth before, in a world without the last', () => {
  const split = newItems(table, 'valid');
  expect(idsOf(split.withheld)).toBe('i');
  expect([...split.cases()].map(({ user, given }) => [table.userIds[user], idsOf(given!)])).toEqual([
    ['u', 'i'],
    ['v', 'i'],
  ]);
  expect(idsOf([...split.fit.items])).toBe('abcdefgh');
});

it('chance gives every place the same share', () => {
  expect(ndcgByChance(4, 2)).toBeCloseTo((1 + 1 / Math.log2(3)) / 4, 12);
  expect(ndcgByChance(1, 10)).toBe(1);
});

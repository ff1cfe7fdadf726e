import { calibrationDivergence } from '../../src/evaluation/metrics/calibration';
import { coverageOfCounts, gini } from '../../src/evaluation/metrics/concentration';
import { intraListDiversity } from '../../src/evaluation/metrics/intra-list-diversity';
import { novelty, selfInformation } from '../../src/evaluation/metrics/novelty';
import { rowCategories } from '../../src/evaluation/metrics/row-categories';
import { toEventTable } from '../../src/evaluation/event-table';
import { ItemIndex } from '../../src/models/item-index';

describe('concentration', () => {
  it.each([
    ['all alike', [3, 3, 3, 3], 0],
    ['all on one of four', [0, 0, 8, 0], 1],
    // ascending 0, 1, 1, 2: (−3·0 − 1·1 + 1·1 + 3·2) / (3 · 4)
    ['0, 1, 1, 2 in any order', [1, 2, 0, 1], 6 / 12],
    ['one item', [7], 0],
    ['nothing recommended', [0, 0], 0],
    ['no items', [], 0],
  ])('Gini: %s', (_, counts, expected) => expect(gini(counts)).toBeCloseTo(expected, 12));

  it('is a matter of shares, not of numbers, and rises when the rich get more', () => {
    expect(gini([10, 20, 0, 10])).toBeCloseTo(gini([1, 2, 0, 1]), 12);
    expect(gini([0, 1, 1, 3])).toBeGreaterThan(gini([0, 1, 1, 2]));
  });

  it('covers what was recommended at all', () => {
    expect(coverageOfCounts([0, 5, 1, 0])).toBe(0.5);
    expect(coverageOfCounts([])).toBe(0);
  });
});

describe('novelty', () => {
  const behaviour = (
    userId: string,
    itemId: string,
    at: number,
  ): object & { userId: string; itemId: string; type: string; at: number } => ({
    userId,
    itemId,
    type: 'view',
    at,
  });
  const table = toEventTable([behaviour('u', 'a', 1), behaviour('v', 'a', 2), behaviour('u', 'a', 3), behaviour('u', 'b', 4)]);
  table.index.intern('c'); // nobody had it

  it('is the mean surprise in bits, a user counted once an item', () => {
    const information = selfInformation(table, table.index, 3);
    // two users: p(a) = 3/4, p(b) = 2/4, p(c) = 1/4
    expect(Array.from(information)).toEqual([-Math.log2(3 / 4), 1, 2]);
    expect(novelty([1, 2], information)).toBe(1.5);
    expect(novelty([], information)).toBe(0);
  });

  it('leaves out rows beyond the candidates', () => expect(selfInformation(table, table.index, 1)).toHaveLength(1));

  it('goes by the rows of the index, which need not be those of the fit', () => {
    const index = new ItemIndex();
    for (const id of ['c', 'b', 'a']) index.intern(id);
    expect(Array.from(selfInformation(table, index, 3))).toEqual([2, 1, -Math.log2(3 / 4)]);
  });
});

describe('metrics by category', () => {
  const index = new ItemIndex();
  for (const id of ['pot', 'spade', 'lamp', 'unknown', 'mixed']) index.intern(id);
  const categories = rowCategories(
    [
      { id: 'pot', categories: ['garden', 'pots', 'garden'] },
      { id: 'spade', categories: ['garden'] },
      { id: 'lamp', categories: ['light'] },
      { id: 'mixed', categories: ['garden', 'light'] },
      { id: 'nowhere', categories: ['garden'] },
    ],
    index,
  );
  const [pot, spade, lamp, unknown, mixed] = [0, 1, 2, 3, 4];

  it('numbers the distinct categories of each row', () => expect(categories).toEqual([[0, 1], [0], [2], [], [0, 2]]));

  it.each([
    ['pot and spade share one of two', [pot, spade], 1 - 1 / 2],
    ['spade and lamp share none', [spade, lamp], 1],
    ['three: (1/2 + 0 + 0) / 3', [pot, spade, lamp], 1 - 1 / 6],
    ['the same category', [spade, spade], 0],
    ['items that tell none are left out', [pot, unknown, spade], 0.5],
  ])('intra-list diversity: %s', (_, list, expected) => expect(intraListDiversity(list, categories)).toBeCloseTo(expected, 12));

  it('says nothing of the diversity of fewer than two', () => expect(intraListDiversity([pot, unknown], categories)).toBeUndefined());

  const history = (...rows: number[]): { row: number; weight: number }[] => rows.map((row) => ({ row, weight: 1 }));

  it.each([
    ['the same shares', history(spade, lamp), [mixed], 0],
    ['none in common', history(spade), [lamp], -Math.log(0.01)],
    ['a list that tells nothing', history(spade), [unknown], -Math.log(0.01)],
    // p = garden 3/4, light 1/4; q = garden 1
    [
      'garden twice as a whole, once by half',
      history(spade, mixed),
      [spade],
      0.75 * Math.log(0.75 / (0.99 + 0.0075)) + 0.25 * Math.log(0.25 / 0.0025),
    ],
    [
      'weights count',
      [
        { row: spade, weight: 3 },
        { row: lamp, weight: 1 },
        { row: pot, weight: -1 },
      ],
      [spade, spade, spade, lamp],
      0,
    ],
  ])('calibration: %s', (_, asked, list, expected) => expect(calibrationDivergence(asked, list, categories)).toBeCloseTo(expected, 12));

  it('says nothing of the calibration to a history without categories', () =>
    expect(calibrationDivergence(history(unknown), [pot], categories)).toBeUndefined());
});

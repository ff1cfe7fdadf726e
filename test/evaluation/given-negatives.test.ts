import { toEventTable, type EventTable } from '../../src/evaluation/event-table';
import { givenNegatives } from '../../src/evaluation/given-negatives';
import { rankCases } from '../../src/evaluation/evaluate-split';
import type { Ranker } from '../../src/evaluation/rankers';
import { ItemIndex } from '../../src/models/item-index';
import { SparseScores } from '../../src/models/sparse-scores';

/** Items i0 … i299; u has i0 … i4, v has i5 alone, w i6 and i7. */
function someTable(): EventTable {
  const index = new ItemIndex();
  for (let k = 0; k < 300; k++) index.intern(`i${k}`);
  const had: Readonly<Record<string, readonly number[]>> = { u: [0, 1, 2, 3, 4], v: [5], w: [6, 7] };
  const rows = Object.entries(had).flatMap(([userId, items]) =>
    items.map((item, k) => ({ userId, itemId: `i${item}`, type: 'rate', at: k * 1000 })),
  );
  return toEventTable(rows, index);
}

const questions = [
  { userId: 'u', heldOut: 'i10', negatives: ['i11', 'i12', 'i13'] },
  { userId: 'v', heldOut: 'i20', negatives: ['i21', 'i0'] },
  { userId: 'nobody', heldOut: 'i20', negatives: ['i21'] },
];

/** Gives i12 more than i10, and i10 as much as i11; nothing to others but i299, which is not asked for. */
function partial(table: EventTable): Ranker {
  const scores = new SparseScores();
  for (const [id, score] of [
    ['i12', 3],
    ['i10', 2],
    ['i11', 2],
    ['i299', 9],
  ] as const)
    scores.set(table.index.rowOf(id)!, score);
  return { model: 'popular', fitSeconds: 0, score: () => scores };
}

describe('leave-one-out with given negatives', () => {
  it('ranks the held-out item among itself and its negatives, ties half, and what has no score together at the bottom', () => {
    const table = someTable();
    const split = givenNegatives(table, questions, 'test');
    const run = rankCases(split, [partial(table)], 10).runs[0]!;
    expect(split.caseCount).toBe(2);
    expect(split.fit.items).toHaveLength(8);
    // u: i12 above, i11 as good; v: none of the three has a score, so two others tie with it
    expect(run.cases.map(({ ranks, ranked }) => [ranks, ranked])).toEqual([
      [[1.5], 4],
      [[1], 3],
    ]);
  });

  it('asks with everything that the user had, newest first', () => {
    const table = someTable();
    const [first] = givenNegatives(table, questions, 'test').cases();
    expect(first!.query.history.map(({ row }) => row)).toEqual([4, 3, 2, 1, 0]);
    expect(first!.query.now).toBe(5000);
  });

  it('for choosing draws one event a user who has two, and 99 items that they never had, always the same', () => {
    const split = givenNegatives(someTable(), questions, 'valid');
    const cases = [...split.cases()];
    expect(cases).toHaveLength(2); // not v, of whom nothing would be left
    expect(split.fit.items).toHaveLength(6);
    for (const { user, targets, given, query } of cases) {
      const fitted = Array.from(split.fit.items.filter((_, k) => split.fit.users[k] === user));
      expect(fitted).not.toContain(targets[0]);
      expect(query.seen.toSorted()).toEqual(fitted.toSorted());
      expect(given).toHaveLength(100);
      expect(new Set(given).size).toBe(100);
      expect(given![0]).toBe(targets[0]);
      for (const row of fitted) expect(given).not.toContain(row);
    }
    expect([...givenNegatives(someTable(), questions, 'valid').cases()]).toEqual(cases);
  });

  it('never draws the held-out item of the test', () => {
    const everyItem = Array.from({ length: 92 }, (_, k) => `i${k + 8}`);
    for (const heldOut of everyItem.slice(0, 20)) {
      const index = new ItemIndex();
      for (let k = 0; k < 101; k++) index.intern(`i${k}`);
      const table = toEventTable(
        [0, 1].map((k) => ({ userId: 'u', itemId: `i${k}`, type: 'rate', at: k })),
        index,
      );
      const [asked] = givenNegatives(table, [{ userId: 'u', heldOut, negatives: ['i3'] }], 'valid').cases();
      expect(asked!.given).not.toContain(index.rowOf(heldOut));
      expect(asked!.given).toHaveLength(99); // the target and the 98 others there are
    }
  });
});

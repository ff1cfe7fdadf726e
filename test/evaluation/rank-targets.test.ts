import { TargetRanker, type RankedCase } from '../../src/evaluation/rank-targets';
import { SparseScores } from '../../src/models/sparse-scores';

const query = { history: [], seen: [], now: 0 };
/** Rows 0 … 9: 0 → 5, 1 → 3, 2 → 3, 3 → 3, 4 → 1, and 5 … 9 without a score. */
const scores = new SparseScores();
[5, 3, 3, 3, 1].forEach((score, row) => scores.set(row, score));

const ranker = new TargetRanker(10, 3);
const rankAll = (targets: number[], excluded: number[] = []): RankedCase => ranker.rank({ user: 0, query, targets, excluded }, scores);
const rankGiven = (targets: number[], given: number[]): RankedCase => ranker.rank({ user: 0, query, targets, excluded: [], given }, scores);

describe('TargetRanker', () => {
  it.each([
    ['the best', 0, 0],
    ['one of three equals: one better, half of the other two', 2, 1 + 2 / 2],
    ['the weakest that was scored', 4, 4],
    ['one of five that were not scored: five better, half of the other four', 7, 5 + 4 / 2],
    ['one that is no candidate', 10, Infinity],
  ])('ranks %s', (_, target, expected) => expect(rankAll([target])).toMatchObject({ ranks: [expected], ranked: 10 }));

  it('does not count what is excluded, scored or not', () => {
    expect(rankAll([2, 4, 9, 0], [0, 1, 8, 12, 8])).toMatchObject({ ranks: [0.5, 2, 3 + 3 / 2, Infinity], ranked: 7 });
  });

  it('does not count scored rows beyond the candidates', () => {
    const few = new TargetRanker(2, 3);
    expect(few.rank({ user: 0, query, targets: [1, 4], excluded: [] }, scores)).toEqual({ ranks: [1, Infinity], list: [0, 1], ranked: 2 });
  });

  it.each([
    ['the best of them', 1, [1, 4, 7], 0],
    ['tied with one of them', 3, [3, 0, 2], 1.5],
    ['without a score: tied with the others that have none', 9, [9, 8, 4], 1.5],
    ['the only one', 6, [6], 0],
    ['not among them', 0, [1, 2], Infinity],
  ])('ranks among given rows one that is %s', (_, target, given, expected) => {
    expect(rankGiven([target], given)).toMatchObject({ ranks: [expected], ranked: given.length });
  });

  it('lists the best that were scored, best first, ties by row, and forgets the case before', () => {
    expect(rankAll([9], [0, 1]).list).toEqual([2, 3, 4]);
    expect(rankGiven([4], [4, 9, 3, 2, 1]).list).toEqual([1, 2, 3]);
    expect(rankAll([9]).list).toEqual([0, 1, 2]);
  });
});

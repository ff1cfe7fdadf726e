import { SparseScores } from '../../src/models/sparse-scores';
import { coverage, hitAt, ndcgAt, recallAt, reciprocalRankAt } from '../../src/evaluation/metrics';
import { TargetRanker } from '../../src/evaluation/rank-targets';

describe('metrics of one case', () => {
  it.each([
    // rank, hit, NDCG and reciprocal rank at 10
    [0, 1, 1, 1],
    [1, 1, 1 / Math.log2(3), 1 / 2],
    [2, 1, 1 / 2, 1 / 3],
    [0.5, 1, 1 / Math.log2(2.5), 1 / 1.5], // tied with one other for the top
    [9.5, 1, 1 / Math.log2(11.5), 1 / 10.5],
    [10, 0, 0, 0],
    [Infinity, 0, 0, 0],
  ])('at rank %p', (rank, hit, ndcg, reciprocal) => {
    expect(hitAt(rank, 10)).toBe(hit);
    expect(ndcgAt(rank, 10)).toBeCloseTo(ndcg, 12);
    expect(reciprocalRankAt(rank, 10)).toBeCloseTo(reciprocal, 12);
  });

  it('recalls the share of the right items that are on the list', () => {
    expect(recallAt([0, 19, 20, Infinity], 20)).toBe(0.5);
    expect(recallAt([], 20)).toBe(0);
  });

  it('covers the share of the catalogue that was recommended', () => {
    expect(coverage(new Set([1, 5]), 8)).toBe(0.25);
    expect(coverage(new Set(), 0)).toBe(0);
  });
});

describe('TargetRanker', () => {
  const query = { history: [], seen: [], now: 0 };
  /** Rows 0 … 9: 0 → 5, 1 → 3, 2 → 3, 3 → 3, 4 → 1, and 5 … 9 without a score. */
  const scores = new SparseScores();
  [5, 3, 3, 3, 1].forEach((score, row) => scores.set(row, score));
  const rank = (targets: number[], excluded: number[] = [], candidates = 10): number[] =>
    new TargetRanker(candidates, 3).rank({ user: 0, query, targets, excluded }, scores, () => undefined);

  it.each([
    ['the best', 0, 0],
    ['one of three equals: one better, half of the other two', 2, 1 + 2 / 2],
    ['the weakest that was scored', 4, 4],
    ['one of five that were not scored: five better, half of the other four', 7, 5 + 4 / 2],
    ['one that is no candidate', 10, Infinity],
  ])('ranks %s', (_, target, expected) => expect(rank([target])).toEqual([expected]));

  it('does not count what is excluded, scored or not', () => {
    expect(rank([2, 4, 9, 0], [0, 1, 8])).toEqual([0.5, 2, 3 + 3 / 2, Infinity]);
  });

  it('does not count scored rows beyond the candidates', () => {
    expect(rank([1], [], 2)).toEqual([1]);
    expect(rank([4], [], 2)).toEqual([Infinity]);
  });

  it('recommends the best candidates and forgets the case before', () => {
    const ranker = new TargetRanker(10, 2);
    const listOf = (excluded: number[]): number[] => {
      const list: number[] = [];
      ranker.rank({ user: 0, query, targets: [9], excluded }, scores, (row) => list.push(row));
      return list.sort();
    };
    expect(listOf([0, 1])).toEqual([2, 3]);
    expect(listOf([])).toEqual([0, 1]); // ties: lower row first
  });
});

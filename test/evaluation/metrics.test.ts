import {
  auc,
  averagePrecisionAt,
  coverage,
  hitAt,
  ndcgAt,
  ndcgOfAllAt,
  precisionAt,
  recallAt,
  reciprocalRankAt,
} from '../../src/evaluation/metrics';
import { seededRandom } from '../../src/platform/random';

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

describe('metrics of several relevant items', () => {
  it('precision: share of the k places, also of those that no candidate took', () => {
    expect(precisionAt([0, 4, 9, 10, Infinity], 10)).toBeCloseTo(0.3, 12);
    expect(precisionAt([], 10)).toBe(0);
    expect(precisionAt([0.5, 0.5], 1)).toBe(1); // both expected within the first: no more than full
  });

  it.each([
    ['the ideal order', [0, 1], 10, 1],
    ['first and third of two', [2, 0], 10, (1 + 1 / 2) / (1 + 1 / Math.log2(3))],
    ['more relevant items than places', [0, 1, 2, 3], 2, 1],
    ['one of three within two places', [1, 5, Infinity], 2, 1 / Math.log2(3) / (1 + 1 / Math.log2(3))],
    ['two that tie for the two first places', [0.5, 0.5], 10, 2 / Math.log2(2.5) / (1 + 1 / Math.log2(3))],
    ['two that tie for the only place', [0.5, 0.5], 1, 1],
    ['none found', [Infinity], 10, 0],
    ['none relevant', [], 10, 0],
  ])('NDCG: %s', (_, ranks, k, expected) => expect(ndcgOfAllAt(ranks, k)).toBeCloseTo(expected, 12));

  it('NDCG of one relevant item is ndcgAt', () => {
    for (const rank of [0, 0.5, 3, 9.5, 10, Infinity]) expect(ndcgOfAllAt([rank], 10)).toBeCloseTo(ndcgAt(rank, 10), 12);
  });

  it.each([
    // the textbook case: relevant on places 1, 3, 6 of the list
    ['places 1, 3 and 6', [5, 0, 2], 10, (1 + 2 / 3 + 3 / 6) / 3],
    ['the same, cut at 3', [5, 0, 2], 3, (1 + 2 / 3) / 3],
    ['more relevant items than places', [0, 1, 2, 3], 2, 1],
    ['two that tie for the first two places', [0.5, 0.5], 10, 1],
    ['one of two that is no candidate', [1, Infinity], 10, 1 / 2 / 2],
    ['none relevant', [], 10, 0],
  ])('average precision: %s', (_, ranks, k, expected) => expect(averagePrecisionAt(ranks, k)).toBeCloseTo(expected, 12));

  it.each([
    ['the best of five', [0], 5, 1],
    ['the last of five', [4], 5, 0],
    ['the middle of five', [2], 5, 0.5],
    ['tied with all four others', [2], 5, 0.5],
    ['tied with one for the top', [0.5], 5, 3.5 / 4],
    ['two on places 1 and 4 of five: they beat 3 and 1 of three', [3, 0], 5, 4 / 6],
    ['two that tie with each other at the top', [0.5, 0.5], 5, 1],
    ['one that is no candidate beside the best', [0, Infinity], 5, 0.5],
    ['nothing to tell apart', [0], 1, 0.5],
    ['none relevant', [], 5, 0.5],
  ])('AUC: %s', (_, ranks, ranked, expected) => expect(auc(ranks, ranked)).toBeCloseTo(expected, 12));

  it('AUC is the share of pairs in the right order, ties half', () => {
    const random = seededRandom(5);
    for (let trial = 0; trial < 50; trial++) {
      const scores = Array.from({ length: 12 }, () => Math.floor(random() * 5));
      const relevant = [0, 3, 4, 7];
      const rankOf = (row: number): number =>
        scores.filter((score) => score > scores[row]!).length + (scores.filter((score) => score === scores[row]).length - 1) / 2;
      let wins = 0;
      for (const a of relevant)
        for (let b = 0; b < 12; b++) if (!relevant.includes(b)) wins += scores[a]! > scores[b]! ? 1 : scores[a] === scores[b] ? 0.5 : 0;
      expect(auc(relevant.map(rankOf), 12)).toBeCloseTo(wins / (4 * 8), 12);
    }
  });
});

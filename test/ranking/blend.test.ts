import type { Scorer, ScoringQuery } from '../../src/models/model';
import { blend, BlendScratch, fuse, FUSIONS, type BlendSettings } from '../../src/ranking/blend';
import { seededRandom } from '../../src/platform/random';
import { fixedScorer, indexOf, NOW, near } from './fixtures';

const query: ScoringQuery = { history: [], seen: [], now: NOW };
const index = indexOf(['a', 'b', 'c', 'd']);
const settings = (weights: BlendSettings['weights'], fusion: BlendSettings['fusion'] = 'max'): BlendSettings => ({
  weights,
  fusion,
  candidatesPerModel: 100,
});

describe('blend', () => {
  it('adds the weighted scores over each model’s largest, with the share of each model', () => {
    const scorers = [fixedScorer('item-knn', index, { a: 4, b: 2 }), fixedScorer('factor', index, { b: 10, c: 5 })];
    const candidates = blend(scorers, query, settings({ 'item-knn': 1, factor: 3 }), { limit: 10 }, new BlendScratch());
    // a: 1 · 4/4 = 1; b: 1 · 2/4 + 3 · 10/10 = 3.5; c: 3 · 5/10 = 1.5
    expect(candidates.map(({ row }) => index.idAt(row))).toEqual(['b', 'c', 'a']);
    expect(candidates[0]!.score).toBeCloseTo(3.5, 5);
    expect(candidates[1]!.score).toBeCloseTo(1.5, 5);
    expect(candidates[2]!.score).toBeCloseTo(1, 5);
    expect(candidates[0]!.shares.map(({ model }) => model)).toEqual(['factor', 'item-knn']);
    expect(candidates[0]!.shares[0]!.share).toBeCloseTo(3 / 3.5, 5);
    expect(candidates[2]!.shares).toEqual([{ model: 'item-knn', share: 1 }]);
  });

  it.each([
    ['min-max', [1, 0.5, 0]],
    // mean 4, variance (4 + 0 + 4) / 3, deviation 1.632993
    ['z-score', [4 / 1.632993, 2 / 1.632993, 0]],
    ['max', [1, 4 / 6, 2 / 6]],
  ] as const)('scales 6, 4, 2 by %s', (fusion, expected) => {
    const fused = fuse(
      [fixedScorer('item-knn', index, { a: 6, b: 4, c: 2 })],
      query,
      settings({ 'item-knn': 1 }, fusion),
      new BlendScratch(),
    );
    expect([0, 1, 2].map((row) => fused.get(row))).toEqual(expected.map((value) => near(value, 5)));
    expect(fused.get(2)).toBeGreaterThan(0); // named, so above what was not named
    expect(fused.has(3)).toBe(false);
  });

  it.each(FUSIONS)('counts equal scores as 1 each (%s)', (fusion) => {
    const fused = fuse([fixedScorer('item-knn', index, { a: 7, b: 7 })], query, settings({ 'item-knn': 2 }, fusion), new BlendScratch());
    expect([fused.get(0), fused.get(1), fused.get(2)]).toEqual([2, 2, 0]);
  });

  it.each(FUSIONS)('stays finite with scores at the edge of numbers (%s)', (fusion) => {
    const scorers = [
      fixedScorer('item-knn', index, { a: 3 * Number.MIN_VALUE, b: Number.MIN_VALUE }),
      fixedScorer('factor', index, { c: 1e300, d: 1e-300 }),
    ];
    const fused = fuse(scorers, query, settings({ 'item-knn': 1, factor: 1 }, fusion), new BlendScratch());
    expect([0, 1, 2, 3].every((row) => fused.get(row) > 0 && Number.isFinite(fused.get(row)))).toBe(true);
  });

  it('never asks a model without weight', () => {
    const forbidden: Scorer = {
      name: 'popular',
      score: () => {
        throw new Error('was asked');
      },
    };
    const scorers = [forbidden, fixedScorer('item-knn', index, { a: 1 })];
    expect(blend(scorers, query, settings({ 'item-knn': 1, popular: 0 }), { limit: 5 }, new BlendScratch())).toHaveLength(1);
  });

  it('breaks ties by row and applies `keep` before the cut', () => {
    const scorers = [fixedScorer('item-knn', index, { d: 5, a: 5, c: 5, b: 5 })];
    const rows = (keep?: (row: number) => boolean): number[] =>
      blend(scorers, query, settings({ 'item-knn': 1 }), { limit: 2, ...(keep ? { keep } : {}) }, new BlendScratch()).map(({ row }) => row);
    expect(rows()).toEqual([0, 1]);
    expect(rows((row) => row > 1)).toEqual([2, 3]);
  });

  it('gives nothing for no scorers, no candidates or no room', () => {
    const scorers = [fixedScorer('item-knn', index, { a: 1 })];
    expect(blend([], query, settings({ 'item-knn': 1 }), { limit: 5 }, new BlendScratch())).toEqual([]);
    expect(blend([fixedScorer('item-knn', index, {})], query, settings({ 'item-knn': 1 }), { limit: 5 }, new BlendScratch())).toEqual([]);
    expect(blend(scorers, query, settings({ 'item-knn': 1 }), { limit: 0 }, new BlendScratch())).toEqual([]);
  });

  it.each(FUSIONS)('has shares that sum to 1, descending scores, and the same answer with used memory (%s)', (fusion) => {
    const random = seededRandom(7);
    const ids = Array.from({ length: 60 }, (_, k) => `i${k}`);
    const many = indexOf(ids);
    const draw = (): Record<string, number> => Object.fromEntries(ids.filter(() => random() < 0.5).map((id) => [id, random() * 10 + 0.01]));
    const scorers = (['item-knn', 'factor', 'user-knn'] as const).map((name) => fixedScorer(name, many, draw()));
    const used = new BlendScratch();
    blend(scorers.slice(1), query, settings({ factor: 1, 'user-knn': 9 }, 'max'), { limit: 5 }, used);
    const options = settings({ 'item-knn': 1, factor: 0.5, 'user-knn': 0.2 }, fusion);
    const candidates = blend(scorers, query, options, { limit: 40 }, used);
    expect(candidates).toEqual(blend(scorers, query, options, { limit: 40 }, new BlendScratch()));
    candidates.forEach(({ score, shares }, k) => {
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
      if (k > 0) expect(score).toBeLessThanOrEqual(candidates[k - 1]!.score);
    });
  });
});

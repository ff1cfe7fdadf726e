import type { Scorer, ScoringQuery } from '../../src/models/model';
import { seededRandom } from '../../src/platform/random';
import { blend, blendedModels, blends, BlendScratch, fuse } from '../../src/ranking/blend';
import type { ItemFacts } from '../../src/ranking/learnt-blend/item-facts';
import { singleModelBlend, type LearntBlend } from '../../src/ranking/learnt-blend/learnt-blend';
import { fixedScorer, indexOf, near, NOW } from './fixtures';

const query: ScoringQuery = { history: [], seen: [], now: NOW };
const index = indexOf(['a', 'b', 'c']);
const learnt = (
  models: LearntBlend['weights'][number]['models'],
  context: LearntBlend['weights'][number]['context'] = {},
): LearntBlend => ({
  format: 1,
  candidatesPerModel: 100,
  weights: [{ models, context }],
});
const scorers = [fixedScorer('item-knn', index, { a: 6, b: 4, c: 2 }), fixedScorer('factor', index, { b: 30, c: 10 })];
/** ln(1 + s / .02) / ln(1 + 1 / .02) of a score feature s. */
const log = (score: number): number => Math.log(1 + score / 0.02) / Math.log(1 + 1 / 0.02);

describe('a learnt blend', () => {
  it('adds the weighted score, and its logarithm, of each model that named a candidate', () => {
    const fused = fuse(scorers, query, learnt({ 'item-knn': { score: 2, log: 1 }, factor: { score: 1, log: 3 } }), new BlendScratch());
    // item-knn scores 1, ½, 0; factor b: 1, c: 0
    expect([0, 1, 2].map((row) => fused.get(row))).toEqual([
      near(2 * 1 + log(1), 4),
      near(2 * 0.5 + log(0.5) + 1 + 3 * log(1), 4),
      near(0, 4),
    ]);
  });

  it('says what share of a score is each model’s', () => {
    const [best] = blend(
      scorers,
      query,
      learnt({ 'item-knn': { score: 2, log: 0 }, factor: { score: 3, log: 0 } }),
      { limit: 1 },
      new BlendScratch(),
    );
    // b: 2 · ½ of item-knn, 3 · 1 of factor
    expect(index.idAt(best!.row)).toBe('b');
    expect(best!.score).toBeCloseTo(4, 4);
    expect(best!.shares).toEqual([
      { model: 'factor', share: near(0.75, 4) },
      { model: 'item-knn', share: near(0.25, 4) },
    ]);
  });

  it('scales by what the user has not had, and keeps what they have had inside that scale', () => {
    const fused = fuse(scorers, { ...query, seen: [0] }, learnt({ 'item-knn': { score: 1, log: 0 } }), new BlendScratch());
    expect([0, 1, 2].map((row) => fused.get(row))).toEqual([near(1, 4), near(1, 4), near(0, 4)]);
  });

  it('scales by all but the item at hand where what was had may come again', () => {
    const repeating = { ...learnt({ 'item-knn': { score: 1, log: 0 } }), repeats: true };
    const fused = fuse(scorers, { ...query, seen: [2, 0] }, repeating, new BlendScratch());
    expect([0, 1, 2].map((row) => fused.get(row))).toEqual([near(1, 4), near(0, 4), near(0, 4)]);
  });

  it('takes the weights of the length of history', () => {
    const both: LearntBlend = {
      format: 1,
      candidatesPerModel: 100,
      weights: [
        { below: 2, models: { 'item-knn': { score: 5, log: 0 } }, context: {} },
        { models: { 'item-knn': { score: 7, log: 0 } }, context: {} },
      ],
    };
    const best = (length: number): number => {
      const history = Array.from({ length }, (_, row) => ({ row, weight: 1, at: NOW }));
      return fuse(scorers, { ...query, history }, both, new BlendScratch()).get(0);
    };
    expect([best(0), best(1), best(2)]).toEqual([near(5, 4), near(5, 4), near(7, 4)]);
  });

  it('counts what is known of an item, a negative weight as what it lacks, and never as a share', () => {
    const facts: ItemFacts = { ask: () => undefined, feature: (name, row) => (name === 'popularity' ? row / 2 : 1) };
    const settings = learnt({ 'item-knn': { score: 1, log: 0 } }, { popularity: -4 });
    const scratch = new BlendScratch();
    const fused = fuse(scorers, query, settings, scratch, facts);
    expect([0, 1, 2].map((row) => fused.get(row))).toEqual([near(1 + 4, 4), near(0.5 + 2, 4), near(0 + 0, 4)]);
    const candidates = blend(scorers, query, settings, { limit: 3, facts }, scratch);
    expect(candidates.map(({ shares }) => shares)).toEqual(Array(3).fill([{ model: 'item-knn', share: 1 }]));
    expect(candidates.every(({ score }) => score > 0)).toBe(true);
  });

  it('does without a model that is not loaded, and never asks one that is not in it', () => {
    const forbidden: Scorer = {
      name: 'popular',
      score: () => {
        throw new Error('was asked');
      },
    };
    const settings = learnt({ 'item-knn': { score: 1, log: 0 }, ease: { score: 9, log: 9 } });
    expect(blend([forbidden, ...scorers], query, settings, { limit: 5 }, new BlendScratch())).toHaveLength(3);
    expect([blends(settings, 'ease'), blends(settings, 'popular')]).toEqual([true, false]);
    expect(blendedModels(settings)).toEqual(['item-knn', 'ease']); // in the order of the names
    expect(blendedModels({ weights: { factor: 1, popular: 0 }, fusion: 'max', candidatesPerModel: 5 })).toEqual(['factor']);
  });

  it('of one model orders as the model does', () => {
    const alone = blend(scorers, query, singleModelBlend('factor', 50), { limit: 5 }, new BlendScratch());
    expect(alone.map(({ row }) => index.idAt(row))).toEqual(['b', 'c']);
  });

  it('has shares that sum to 1 and the same answer with used memory', () => {
    const random = seededRandom(3);
    const ids = Array.from({ length: 80 }, (_, k) => `i${k}`);
    const many = indexOf(ids);
    const draw = (): Record<string, number> => Object.fromEntries(ids.filter(() => random() < 0.5).map((id) => [id, random() * 10 + 0.01]));
    const drawn = (['item-knn', 'factor', 'user-knn'] as const).map((name) => fixedScorer(name, many, draw()));
    const settings = learnt({ 'item-knn': { score: 1, log: 0.2 }, factor: { score: 0, log: 0 }, 'user-knn': { score: 0.1, log: 2 } });
    const asked = { ...query, seen: [3, 4, 70] };
    const used = new BlendScratch();
    blend(drawn.slice(1), { ...query, seen: [1] }, singleModelBlend('factor', 9), { limit: 5 }, used);
    const candidates = blend(drawn, asked, settings, { limit: 60 }, used);
    expect(candidates).toEqual(blend(drawn, asked, settings, { limit: 60 }, new BlendScratch()));
    for (const { shares } of candidates) expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
  });
});

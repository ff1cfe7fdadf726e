import type { Scorer, ScoringQuery } from '../../src/models/model';
import { gaussian, seededRandom } from '../../src/platform/random';
import { joinCases, type BlendCases, type SourceName } from '../../src/ranking/learnt-blend/blend-case';
import {
  blendCases,
  ENOUGH_IMPRESSIONS,
  HIGHEST_KEPT,
  isEnough,
  SAMPLED,
  type BlendQuestion,
} from '../../src/ranking/learnt-blend/case-builder';
import { caseNdcg } from '../../src/ranking/learnt-blend/case-ndcg';
import { learntHybrid, type LearntHybrid } from '../../src/ranking/learnt-blend/gate-decision';
import { learnBlend, type LearnOptions } from '../../src/ranking/learnt-blend/learn-blend';
import { learntBlend, learntModels, singleModelBlend, weightsFor } from '../../src/ranking/learnt-blend/learnt-blend';
import { FLOOR } from '../../src/ranking/learnt-blend/model-features';

const ITEMS = 25;
const QUESTIONS = 300;

/** What a model sees of a question: two halves of the truth, and noise. */
type View = (halves: readonly [number, number], noise: number) => number;

/**
 * Questions whose right item is drawn from the softmax of the sum of two halves, which no model sees both of unless it says so, and models that see them in
 * their own way. `query.now` numbers the question.
 */
function planted(views: Readonly<Partial<Record<SourceName, View>>>, seed = 1, count = QUESTIONS): BlendCases {
  const random = seededRandom(seed);
  const halves = Array.from({ length: count }, () =>
    Array.from({ length: ITEMS }, () => [1.5 * gaussian(random), 1.5 * gaussian(random)] as const),
  );
  const noises = new Map(Object.keys(views).map((name) => [name, Array.from({ length: count * ITEMS }, () => gaussian(random))] as const));
  const scorers = Object.entries(views).map(([name, view]): Scorer => ({
    name: name as SourceName,
    score: ({ now }, into) => halves[now]!.forEach((pair, row) => into.add(row, 100 + view(pair, noises.get(name)![now * ITEMS + row]!))),
  }));
  const questions = halves.map((pairs, now): BlendQuestion => {
    const gains = pairs.map(([a, b]) => Math.exp(a + b));
    let left = random() * gains.reduce((sum, gain) => sum + gain, 0);
    const query: ScoringQuery = { history: [], seen: [], now };
    return { user: now % 100, query, positives: [gains.findIndex((gain) => (left -= gain) < 0)] };
  });
  return blendCases(scorers, questions, { candidatesPerModel: 100 });
}

const learn = (data: BlendCases, options: Partial<LearnOptions> = {}): LearntHybrid => learnBlend(data, { seed: 1, ...options });
const decisionOn = ({ decisions }: LearntHybrid, model: SourceName) => decisions.find((decision) => decision.model === model)!;

const FIRST: View = ([a], noise) => a + 0.2 * noise;
const SECOND: View = ([, b], noise) => b + 0.2 * noise;
const NOISE: View = (_, noise) => noise;

describe('the gate', () => {
  it('lets two models in that know different things, with what each adds', () => {
    const learnt = learn(planted({ 'item-knn': FIRST, factor: SECOND, popular: NOISE }));
    expect(learntModels(learnt.blend)).toEqual(['item-knn', 'factor']);
    expect(decisionOn(learnt, 'popular').joined).toBe(false);
    for (const model of ['item-knn', 'factor'] as const) {
      const { joined, gain, low, high, margin, ndcgWith, ndcgWithout, cases } = decisionOn(learnt, model);
      expect({ joined, margin, cases, ndcgWith }).toEqual({ joined: true, margin: 0.0005, cases: QUESTIONS, ndcgWith: learnt.ndcg });
      expect(gain).toBeCloseTo(ndcgWith - ndcgWithout, 10);
      expect(low).toBeGreaterThan(0);
      expect(low <= gain && gain <= high).toBe(true);
    }
    expect(learnt.ndcg).toBeGreaterThan(learnt.single.ndcg + 0.1);
  });

  it('turns away a copy of a model, and noise: the best model alone is the blend', () => {
    const copy: View = ([a]) => a;
    const learnt = learn(planted({ 'item-knn': copy, ease: (pair) => 3 * copy(pair, 0), popular: NOISE }));
    expect(learntModels(learnt.blend)).toHaveLength(1);
    expect(['item-knn', 'ease']).toContain(learntModels(learnt.blend)[0]);
    expect(learnt.ndcg).toBe(learnt.single.ndcg);
    expect(learnt.decisions.map(({ joined }) => joined)).toEqual([true, false, false]);
  });

  it('finds models that add only together', () => {
    // Each of the two is the sum with the same large error, of opposite sign: alone they say little, their sum says all.
    const random = seededRandom(9);
    const errors = Array.from({ length: QUESTIONS * ITEMS }, () => 6 * gaussian(random));
    let at = 0;
    let other = 0;
    const data = planted({
      'item-knn': ([a], noise) => a + 1.5 * noise,
      factor: ([a, b]) => a + b + errors[at++ % errors.length]!,
      ease: ([a, b]) => a + b - errors[other++ % errors.length]!,
    });
    expect(learntModels(learn(data).blend)).toEqual(expect.arrayContaining(['factor', 'ease']));
  });

  it('obeys the operator', () => {
    const data = planted({ 'item-knn': FIRST, factor: SECOND, popular: NOISE });
    const always = learn(data, { overrides: { popular: 'always' } });
    expect(learntModels(always.blend)).toEqual(['popular', 'item-knn', 'factor']);
    expect(decisionOn(always, 'popular')).toMatchObject({ override: 'always', joined: true });
    expect(decisionOn(always, 'popular').gain).toBeLessThan(0.01);
    const never = learn(data, { overrides: { factor: 'never' } });
    expect(learntModels(never.blend)).toEqual(['item-knn']);
    expect(decisionOn(never, 'factor')).toMatchObject({ override: 'never', joined: false });
    expect(decisionOn(never, 'factor').gain).toBeGreaterThan(0.05); // what it would add
    expect(() => learn(data, { overrides: { factor: 'never', 'item-knn': 'never', popular: 'never' } })).toThrow(RangeError);
  });

  it('holds a model to the margin', () => {
    const learnt = learn(planted({ 'item-knn': FIRST, factor: SECOND }), { margin: 0.9 });
    expect(learntModels(learnt.blend)).toHaveLength(1);
  });

  it.each([1, 2, 3])('is never worse for having models (drawn %i)', (seed) => {
    const learnt = learn(planted({ 'item-knn': ([a, b], noise) => a + b + noise, factor: NOISE, ease: NOISE, popular: NOISE }, seed), {
      seed,
    });
    expect(learnt.ndcg).toBeGreaterThanOrEqual(learnt.single.ndcg);
    expect(learntModels(learnt.blend)).toContain(learnt.single.model);
  });

  it('gives the same for the same seed, survives JSON, and is refused when it is not one', () => {
    const views = { 'item-knn': FIRST, factor: SECOND };
    const learnt = learn(planted(views));
    expect(learn(planted(views))).toEqual(learnt);
    expect(learntHybrid.parse(JSON.parse(JSON.stringify(learnt)))).toEqual(learnt);
    expect(learntHybrid.safeParse({ ...learnt, decisions: [{ model: 'hybrid' }] }).success).toBe(false);
    expect(learntHybrid.safeParse({ ...learnt, more: 1 }).success).toBe(false);
  });

  it('gives the first model alone where there is nothing to learn from', () => {
    const learnt = learn({ ...planted({ factor: FIRST, ease: SECOND }), cases: [] });
    expect(learnt).toMatchObject({ ndcg: 0, single: { model: 'factor', ndcg: 0 } });
    expect(learntModels(learnt.blend)).toEqual(['factor']);
  });

  it('gives users with little history weights of their own where they are plainly others', () => {
    const data = planted({ 'item-knn': FIRST, factor: SECOND }, 1, 2 * QUESTIONS);
    // Who has much history is right by the first model more than by the second, who has little the other way round.
    const cases = data.cases.map((example, k) => {
      const [more, less] = k % 2 === 0 ? [0, 2] : [2, 0];
      const score = (i: number, column: number): number => example.features[i * data.layout.width + column]!;
      const scores = Array.from(example.offsets, (_, i) => score(i, more) + 0.4 * score(i, less));
      return { ...example, history: k % 2 === 0 ? 100 : 3, positives: [scores.indexOf(Math.max(...scores))] };
    });
    const { blend, refinements } = learn({ ...data, cases });
    expect(refinements.find(({ refinement }) => refinement === 'history')).toMatchObject({ joined: true });
    const strength = (history: number, model: 'item-knn' | 'factor'): number => {
      const { score, log } = weightsFor(blend, history).models[model]!;
      return score + log;
    };
    expect(strength(3, 'factor')).toBeGreaterThan(2 * strength(3, 'item-knn'));
    expect(strength(100, 'item-knn')).toBeGreaterThan(2 * strength(100, 'factor'));
  });

  it('finds models of which each is right for one half of the users, by length of history, and neither for all', () => {
    const data = planted({ 'item-knn': FIRST, factor: SECOND, popular: NOISE }, 1, 2 * QUESTIONS);
    const cases = data.cases.map((example, k) => {
      const column = k % 2 === 0 ? data.layout.scoreColumn('item-knn') : data.layout.scoreColumn('factor');
      const scores = Array.from(example.offsets, (_, i) => example.features[i * data.layout.width + column]!);
      return { ...example, history: k % 2 === 0 ? 100 : 3, positives: [scores.indexOf(Math.max(...scores))] };
    });
    const { blend, refinements, ndcg, single } = learn({ ...data, cases });
    expect(learntModels(blend)).toEqual(['item-knn', 'factor']);
    expect(refinements.find(({ refinement }) => refinement === 'history')).toMatchObject({ joined: true });
    expect(ndcg).toBeGreaterThan(single.ndcg + 0.2);
    const { score, log } = weightsFor(blend, 3).models['factor']!;
    expect(score + log).toBeGreaterThan(0);
  });
});

describe('cases to learn from', () => {
  const query: ScoringQuery = { history: [{ row: 3, weight: 1, at: 0 }], seen: [3], now: 0 };
  const says = (name: SourceName, scores: Readonly<Record<number, number>>): Scorer => ({
    name,
    score: (_query, into) => Object.entries(scores).forEach(([row, score]) => into.add(Number(row), score)),
  });
  const scorers = [says('item-knn', { 0: 8, 1: 4, 3: 9 }), says('factor', { 1: 2, 2: 1 })];

  it('hold the features of serving, of what was not had', () => {
    const { layout, cases } = blendCases(scorers, [{ user: 4, query, positives: [2, 9], excluded: [3] }], { candidatesPerModel: 100 });
    const [only] = cases;
    expect(only).toMatchObject({ user: 4, history: 1, positives: [0], right: 2 });
    const row = (i: number): number[] =>
      [...only!.features.subarray(i * layout.width, (i + 1) * layout.width)].map((x) => Number(x.toFixed(6)));
    // The right one first (row 2), then by the best rank: row 0 and row 1, which no one else names first
    expect(row(0)).toEqual([0, 0, 0, FLOOR, 0.5, 0.5, 0.5]);
    expect(row(1)).toEqual([1, 1, 0, 0, 0.5, 0.5, 0.5]);
    expect(row(2)).toEqual([0, FLOOR, 1, 1, 0.5, 0.5, 0.5]);
  });

  it('tell apart what was had where it may come again', () => {
    const both = { ...query, seen: [3, 0] };
    const highest = (repeats: boolean): number => {
      const { layout, cases } = blendCases(scorers, [{ user: 0, query: both, positives: [0], excluded: [3] }], {
        candidatesPerModel: 100,
        repeats,
      });
      return cases[0]!.features.filter((x, at) => at % layout.width === 0 && x === 1).length;
    };
    expect([highest(false), highest(true)]).toEqual([2, 1]); // rows 0 and 1 at the top of item-knn, or row 0 alone
  });

  it('are of what was shown alone, for logged impressions', () => {
    const shown: BlendQuestion = { user: 1, query, positives: [1], given: [1, 2, 7] };
    const [only] = blendCases(scorers, [shown], { candidatesPerModel: 100 }).cases;
    expect(only!.offsets).toHaveLength(2); // nobody names row 7
    expect(only!.positives).toEqual([0]);
    const groups = (count: number): BlendQuestion[] => Array.from({ length: count }, () => shown);
    expect([isEnough(groups(ENOUGH_IMPRESSIONS - 1)), isEnough(groups(ENOUGH_IMPRESSIONS))]).toEqual([false, true]);
    expect(isEnough(groups(ENOUGH_IMPRESSIONS).map((group) => ({ ...group, given: [1] })))).toBe(false); // all that was shown was taken
  });

  it('keep the highest and a sample that stands for the others', () => {
    const many = says('item-knn', Object.fromEntries(Array.from({ length: 1000 }, (_, row) => [row, 1000 - row])));
    const [only] = blendCases([many], [{ user: 0, query: { ...query, seen: [] }, positives: [900] }], { candidatesPerModel: 1000 }).cases;
    expect(only!.offsets).toHaveLength(1 + HIGHEST_KEPT + SAMPLED);
    expect(only!.offsets.reduce((sum, offset) => sum + Math.exp(offset), 0)).toBeCloseTo(1000, 1);
  });

  it('are joined when they are of the same models', () => {
    const data = blendCases(scorers, [{ user: 4, query, positives: [2] }], { candidatesPerModel: 100 });
    expect(joinCases([data, data]).cases).toHaveLength(2);
    const other = blendCases(scorers.slice(1), [], { candidatesPerModel: 100 });
    expect(() => joinCases([data, other])).toThrow(RangeError);
    expect(() => joinCases([])).toThrow(RangeError);
  });

  it('have the NDCG@10 of their definition', () => {
    const example = {
      user: 0,
      history: 0,
      offsets: new Float32Array(4),
      features: Float32Array.of(4, 3, 3, 1),
      positives: [1, 3],
      right: 3,
    };
    // Ranks 1½ (a tie) and 3; the best order has 0, 1, 2
    const gain = 1 / Math.log2(3.5) + 1 / Math.log2(5);
    expect(caseNdcg(example, [1])).toBeCloseTo(gain / (1 + 1 / Math.log2(3) + 0.5), 10);
    expect(caseNdcg({ ...example, positives: [] }, [1])).toBe(0);
  });
});

describe('the codec of a learnt blend', () => {
  const set = { models: { factor: { score: 1, log: 2 } }, context: { price: -0.5 } };

  it('takes what was learnt and gives it back', () => {
    const given = { format: 1, candidatesPerModel: 300, weights: [{ below: 10, ...set }, { below: 50, ...set }, set] };
    expect(learntBlend.parse(JSON.parse(JSON.stringify(given)))).toEqual(given);
    expect(learntBlend.parse(singleModelBlend('ease', 10))).toEqual(singleModelBlend('ease', 10));
  });

  it.each([
    ['another format', { format: 2, candidatesPerModel: 300, weights: [set] }],
    [
      'a negative weight of a model',
      { format: 1, candidatesPerModel: 300, weights: [{ models: { factor: { score: -1, log: 0 } }, context: {} }] },
    ],
    [
      'a weight that is no number',
      { format: 1, candidatesPerModel: 300, weights: [{ models: { factor: { score: NaN, log: 0 } }, context: {} }] },
    ],
    ['no model', { format: 1, candidatesPerModel: 300, weights: [{ models: {}, context: {} }] }],
    ['the hybrid in itself', { format: 1, candidatesPerModel: 300, weights: [{ models: { hybrid: { score: 1, log: 0 } }, context: {} }] }],
    ['bounds that descend', { format: 1, candidatesPerModel: 300, weights: [{ below: 50, ...set }, { below: 10, ...set }, set] }],
    ['no weights for long histories', { format: 1, candidatesPerModel: 300, weights: [{ below: 50, ...set }] }],
    [
      'sets of different models',
      { format: 1, candidatesPerModel: 300, weights: [{ below: 5, models: { ease: { score: 1, log: 0 } }, context: {} }, set] },
    ],
  ])('refuses %s', (_, given) => {
    expect(learntBlend.safeParse(given).success).toBe(false);
  });
});

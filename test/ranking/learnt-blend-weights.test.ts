import { seededRandom } from '../../src/platform/random';
import type { BlendCase } from '../../src/ranking/learnt-blend/blend-case';
import { fitWeights } from '../../src/ranking/learnt-blend/fit-weights';
import { ListwiseLoss, lossTerms } from '../../src/ranking/learnt-blend/listwise-loss';

const FEATURES = 3;

/** Random features; the positive is drawn from the softmax of `truth`. */
function drawCases(count: number, candidates: number, truth: readonly number[], seed: number): BlendCase[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, user) => {
    const features = Float32Array.from({ length: candidates * truth.length }, () => random());
    const gains = Array.from({ length: candidates }, (__, i) =>
      Math.exp(truth.reduce((sum, weight, f) => sum + weight * features[i * truth.length + f]!, 0)),
    );
    let left = random() * gains.reduce((sum, gain) => sum + gain, 0);
    const positive = gains.findIndex((gain) => (left -= gain) < 0);
    return { user, history: 5, features, offsets: new Float32Array(candidates), positives: [positive], right: 1 };
  });
}

const problem = (cases: readonly BlendCase[], l2 = 1e-3) => ({
  cases,
  nonNegative: new Uint8Array(FEATURES).fill(1),
  l2,
  centre: new Float64Array(FEATURES),
});

describe('the listwise loss', () => {
  it('is the cross entropy of the softmax and the positives, by hand', () => {
    // Scores ln 1, ln 2, ln 5 of one feature; the first two are right: −½ (ln ⅛ + ln 2/8)
    const features = Float32Array.from([0, Math.log(2), Math.log(5)]);
    const example: BlendCase = { user: 0, history: 0, features, offsets: new Float32Array(3), positives: [0, 1], right: 2 };
    expect(new ListwiseLoss(1).valueOf(example, Float64Array.of(1))).toBeCloseTo(-(Math.log(1 / 8) + Math.log(2 / 8)) / 2, 6);
    // The third stands for three candidates of its kind: 1 + 2 + 15 in all
    const counted = { ...example, offsets: Float32Array.of(0, 0, Math.log(3)) };
    expect(new ListwiseLoss(1).valueOf(counted, Float64Array.of(1))).toBeCloseTo(-(Math.log(1 / 18) + Math.log(2 / 18)) / 2, 6);
  });

  it('has the gradient and the curvature of finite differences', () => {
    const [drawn] = drawCases(1, 7, [1, -2, 0.5], 4);
    const example: BlendCase = { ...drawn!, positives: [1, 4], offsets: Float32Array.of(0, 0, 0, 0, 0, 1, 0.5) };
    const loss = new ListwiseLoss(FEATURES);
    const at = Float64Array.of(0.3, 1.2, -0.4);
    const terms = lossTerms(FEATURES);
    loss.add(example, at, terms);
    expect(terms.value).toBeCloseTo(loss.valueOf(example, at), 12);
    const moved = (f: number, by: number): Float64Array => at.map((value, k) => (k === f ? value + by : value));
    const step = 1e-5;
    for (let f = 0; f < FEATURES; f++) {
      const slope = (loss.valueOf(example, moved(f, step)) - loss.valueOf(example, moved(f, -step))) / (2 * step);
      expect(terms.gradient[f]).toBeCloseTo(slope, 7);
      const [up, down] = [lossTerms(FEATURES), lossTerms(FEATURES)];
      loss.add(example, moved(f, step), up);
      loss.add(example, moved(f, -step), down);
      for (let g = f; g < FEATURES; g++) {
        expect(terms.hessian[g * FEATURES + f]).toBeCloseTo((up.gradient[g]! - down.gradient[g]!) / (2 * step), 6);
      }
    }
  });

  it('learns nothing from a case without a right candidate', () => {
    const [drawn] = drawCases(1, 4, [1, 1, 1], 2);
    const terms = lossTerms(FEATURES);
    new ListwiseLoss(FEATURES).add({ ...drawn!, positives: [] }, new Float64Array(FEATURES), terms);
    expect([terms.value, ...terms.gradient]).toEqual([0, 0, 0, 0]);
  });
});

describe('fitted weights', () => {
  it('are those that the cases were drawn with', () => {
    const weights = fitWeights(problem(drawCases(3000, 20, [3, 1, 0], 5), 1e-5));
    expect([...weights]).toEqual([expect.closeTo(3, 0), expect.closeTo(1, 0), expect.closeTo(0, 0)]);
    expect(Math.abs(weights[0]! - 3)).toBeLessThan(0.25);
    expect(Math.abs(weights[1]! - 1)).toBeLessThan(0.25);
  });

  it('are 0 where a bound holds a negative one, and negative where nothing does', () => {
    const cases = drawCases(1500, 15, [2, -2, 1], 6);
    const bounded = fitWeights(problem(cases));
    expect(bounded[1]).toBe(0);
    const free = fitWeights({ ...problem(cases), nonNegative: Uint8Array.of(1, 0, 1) });
    expect(free[1]).toBeLessThan(-1.5);
  });

  it('cannot be bettered by moving any of them', () => {
    const cases = drawCases(300, 12, [2, -1, 1], 7);
    const given = problem(cases, 0.01);
    const weights = fitWeights(given);
    const loss = new ListwiseLoss(FEATURES);
    const value = (w: Float64Array): number =>
      cases.reduce((sum, example) => sum + loss.valueOf(example, w), 0) / cases.length + 0.005 * w.reduce((sum, x) => sum + x * x, 0);
    for (let f = 0; f < FEATURES; f++) {
      for (const by of [-0.05, 0.05]) {
        const moved = weights.map((weight, k) => (k === f ? Math.max(0, weight + by) : weight));
        expect(value(moved)).toBeGreaterThanOrEqual(value(weights) - 1e-6);
      }
    }
  });

  it('are the same bits for the same cases, nearly the same from elsewhere, and the centre for none', () => {
    const given = problem(drawCases(200, 10, [1, 1, 1], 8));
    expect(fitWeights(given)).toEqual(fitWeights(given));
    const elsewhere = fitWeights({ ...given, start: Float64Array.of(5, 0, 9) });
    fitWeights(given).forEach((weight, f) => expect(elsewhere[f]).toBeCloseTo(weight, 1));
    expect([...fitWeights({ ...problem([]), centre: Float64Array.of(1, 2, 3) })]).toEqual([1, 2, 3]);
  });
});

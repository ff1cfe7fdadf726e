import { allPlans, canonical, MODES, modeOf, PLAN_SIZES } from '../../../src/content/creatives/plan';
import { CONTEXT_WIDTH } from '../../../src/content/creatives/taste';
import { effectiveNumber, fitGan, type EarnedPlan } from '../../../src/content/gan/fit-gan';
import { modeCoverage } from '../../../src/content/gan/mode-coverage';
import { planProbability } from '../../../src/content/gan/plan-generator';
import { seededRandom } from '../../../src/platform/random';

/** Two kinds of readers: one takes only plans of headline 0, the other only those of headline 2; nothing else matters to them. */
const kinds = [0, 2].map((headline, k) => ({
  headline,
  context: Float32Array.from({ length: CONTEXT_WIDTH }, (_, place) => (place === k ? 1 : 0)),
}));
function twoKinds(count: number): EarnedPlan[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, k) => {
    const { headline, context } = kinds[k % 2]!;
    const indices = canonical(PLAN_SIZES.map((size, a) => (a === 0 ? headline : Math.floor(random() * size))));
    return { context, indices, weight: 1 };
  });
}
const quick = { epochs: 10, steps: 15, leastCoverage: 0, leastEntropy: 0 };

describe('fitGan', () => {
  it('learns what each kind of reader takes, and keeps the rest open', () => {
    const fit = fitGan(twoKinds(1000), quick);
    if (fit.outcome !== 'fitted') throw new Error(fit.outcome);
    for (const { headline, context } of kinds) {
      const mixture = fit.generator.fitted(context);
      const shareOf = (wanted: number): number => {
        let share = 0;
        for (const indices of allPlans()) if (indices[0] === wanted) share += planProbability(mixture, indices);
        return share;
      };
      expect(shareOf(headline)).toBeGreaterThan(0.8);
    }
    expect(fit.modes.coverage).toBeGreaterThan(0.95);
  });

  it('is deterministic', () => {
    const [a, b] = [1, 2].map(() => fitGan(twoKinds(400), { ...quick, epochs: 2 }));
    expect(a).toEqual(b);
  });

  it('stops when the generator collapses, and says at which epoch and how far', () => {
    // By construction: a penalty for open choices drives it to one plan, while readers take any.
    const fit = fitGan(twoKinds(1000), { ...quick, entropyBonus: -3, generatorRate: 0.05, leastCoverage: 0.8, leastEntropy: 0.35 });
    if (fit.outcome !== 'collapsed') throw new Error(fit.outcome);
    expect(fit.epoch).toBeLessThan(quick.epochs - 1);
    expect(Math.min(fit.modes.coverage / 0.8, fit.modes.entropy / 0.35)).toBeLessThan(1);
  });

  it('fits nothing from too little, counted by what it is worth', () => {
    const heavy = twoKinds(1000).map((earned, k) => ({ ...earned, weight: k < 10 ? 1000 : 1 }));
    expect(effectiveNumber([])).toBe(0);
    expect(effectiveNumber(twoKinds(20))).toBeCloseTo(20, 10);
    expect(effectiveNumber(heavy)).toBeLessThan(20);
    expect(fitGan(heavy)).toMatchObject({ outcome: 'too_little' });
    expect(fitGan(twoKinds(299))).toEqual({ outcome: 'too_little', earned: 299 });
  });
});

describe('modeCoverage', () => {
  const earned = new Float64Array(MODES).fill(1);
  earned[0] = 5;
  earned[1] = 3; // two modes earn more than their even share

  it('counts a useful mode as kept that is drawn at a tenth of what it earned, or more', () => {
    const drawn = new Float64Array(MODES).fill(1);
    expect(modeCoverage(drawn, earned)).toMatchObject({ useful: 2, kept: 2, coverage: 1 });
    drawn[0] = 0.1;
    expect(modeCoverage(drawn, earned)).toMatchObject({ useful: 2, kept: 1, coverage: 0.5 });
  });

  it('has an entropy of 1 when all modes are alike, of 0 when one is drawn only', () => {
    const even = new Float64Array(MODES).fill(3);
    const one = new Float64Array(MODES);
    one[modeOf([0, 0, 0, 0, 0, 0, 0])] = 5;
    expect(modeCoverage(even, even)).toMatchObject({ useful: 0, coverage: 1 });
    expect(modeCoverage(even, even).entropy).toBeCloseTo(1, 10);
    expect(modeCoverage(one, even).entropy).toBeCloseTo(0, 10);
  });
});

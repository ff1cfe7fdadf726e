import { allPlans, PLAN_OFFSETS, PLAN_SIZES, PLAN_WIDTH } from '../../../src/content/creatives/plan';
import { CONTEXT_WIDTH } from '../../../src/content/creatives/taste';
import { CLICK_WEIGHTS, clickValues, fitClickValue, type JudgedPlan } from '../../../src/content/gan/click-value';
import { drawNet } from '../../../src/content/gan/dense-net';
import { GENERATOR_INPUTS, PlanGenerator, planProbability, SERVED } from '../../../src/content/gan/plan-generator';
import { seededRandom } from '../../../src/platform/random';

/** Two kinds of readers: headline 1 triples the clicks of the one and headline 2 those of the other; nothing else matters. */
const kinds = [1, 2].map((headline, k) => ({
  headline,
  context: Float32Array.from({ length: CONTEXT_WIDTH }, (_, place) => (place === k ? 1 : 0)),
}));
function shownToBoth(count: number): JudgedPlan[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, (_, k) => {
    const { headline, context } = kinds[k % 2]!;
    const indices = PLAN_SIZES.map((size) => Math.floor(random() * size));
    return { context, indices, clicked: random() < (indices[0] === headline ? 0.3 : 0.1) };
  });
}
const weights = fitClickValue(shownToBoth(8000), { prior: 1, passes: 6 });

describe('fitClickValue', () => {
  it('finds for each kind of reader the value that it clicks, and little in what does not matter', () => {
    for (const { headline, context } of kinds) {
      const values = clickValues(weights, context);
      const headlines = Array.from(values.subarray(0, PLAN_SIZES[0]));
      const others = headlines.filter((_, value) => value !== headline);
      const lead = headlines[headline]! - others.reduce((sum, value) => sum + value, 0) / others.length;
      expect(Math.abs(lead - (Math.log(0.3 / 0.7) - Math.log(0.1 / 0.9)))).toBeLessThan(0.5);
      const tones = Array.from(values.subarray(PLAN_OFFSETS[3], PLAN_OFFSETS[4]));
      expect(Math.max(...tones) - Math.min(...tones)).toBeLessThan(lead / 2);
    }
  });

  it('is deterministic, and says nothing where nothing was shown', () => {
    expect(fitClickValue(shownToBoth(500))).toEqual(fitClickValue(shownToBoth(500)));
    expect(fitClickValue([])).toEqual(new Float64Array(CLICK_WEIGHTS));
  });
});

describe('a generator that serves', () => {
  const net = drawNet(seededRandom(5), { inputs: GENERATOR_INPUTS, hidden: 6, outputs: PLAN_WIDTH });
  const generator = new PlanGenerator(net, weights);
  const plans = [...allPlans()];

  it.each(kinds)('prefers headline $headline where it is clicked, and keeps of every plan its share', ({ headline, context }) => {
    const [fitted, served] = [generator.fitted(context), generator.served(context)];
    let [before, after, total] = [0, 0, 0];
    for (const plan of plans) {
      const [a, b] = [planProbability(fitted, plan), planProbability(served, plan)];
      expect(b).toBeGreaterThanOrEqual(SERVED.fitted * a * (1 - 1e-12));
      total += b;
      if (plan[0] === headline) [before, after] = [before + a, after + b];
    }
    expect(total).toBeCloseTo(1, 10);
    expect(after).toBeGreaterThan(Math.max(before, 0.7));
  });

  it('without an estimate draws as it was fitted', () => {
    const { context } = kinds[0]!;
    expect(new PlanGenerator(net).served(context)).toEqual(generator.fitted(context));
  });
});

import { addListGradient } from '../../../src/models/policy/fit-policy';
import { initialWeights, parameterCount, PolicyPass } from '../../../src/models/policy/network';
import { addTopKGradient, cappedWeight, topKFactor } from '../../../src/models/policy/top-k-gradient';
import { gaussian, seededRandom } from '../../../src/platform/random';
import { aSituation, RULE } from './decisions';

const K = 3;
const LOGITS = [0.4, -0.3, 1.1, 0];
const REWARDS = [1, 4, -2, 0.5];
const PROPENSITIES = [0.4, 0.1, 0.3, 0.2];

const chancesOf = (logits: readonly number[]): Float64Array => {
  const powers = Float64Array.from(logits, Math.exp);
  return powers.map((power) => power / powers.reduce((sum, other) => sum + other, 0));
};

/** Σ_a (1 − (1 − π(a))^K) · R(a): what K draws bring, each item counted once. */
const value = (logits: readonly number[], k: number): number =>
  chancesOf(logits).reduce((sum, chance, a) => sum + (1 - (1 - chance) ** k) * REWARDS[a]!, 0);

const differences = (k: number): number[] =>
  LOGITS.map((_, a) => {
    const moved = (by: number): number[] => LOGITS.map((logit, b) => (b === a ? logit + by : logit));
    return (value(moved(1e-5), k) - value(moved(-1e-5), k)) / 2e-5;
  });

/** The mean of the gradient over what the logging policy takes. */
function expected(k: number, cap = Infinity): Float64Array {
  const mean = new Float64Array(LOGITS.length);
  PROPENSITIES.forEach((propensity, candidate) => {
    const one = new Float64Array(LOGITS.length);
    addTopKGradient(chancesOf(LOGITS), { candidate, propensity, advantage: REWARDS[candidate]! }, { k, cap }, one);
    one.forEach((slope, a) => (mean[a]! += propensity * slope));
  });
  return mean;
}

describe('the top-K correction', () => {
  it.each([1, 2, K, 16])('is in the mean the gradient of what K = %i draws bring', (k) => {
    const numeric = differences(k);
    expected(k).forEach((slope, a) => expect(slope).toBeCloseTo(numeric[a]!, 8));
  });

  it('is 1 for K = 1, K for what is unlikely, and 0 for what is on the list anyway', () => {
    expect(topKFactor(0.3, 1)).toBe(1);
    expect(topKFactor(0, 8)).toBe(8);
    expect(topKFactor(1, 8)).toBe(0);
    expect(topKFactor(0.5, 3)).toBeCloseTo(0.75, 12);
  });

  it('weighs by π / β, up to the cap', () => {
    expect(cappedWeight(0.3, 0.1, 8)).toBeCloseTo(3, 12);
    expect(cappedWeight(0.9, 0.001, 8)).toBe(8);
    const steep = expected(1, 0.5).map(Math.abs);
    expect(Math.max(...steep)).toBeLessThan(Math.max(...expected(1).map(Math.abs)));
  });
});

describe('the gradient by the parameters', () => {
  it('is that of finite differences, through both layers and the weights of repeats', () => {
    const weights = initialWeights(3, 2, 7);
    const random = seededRandom(3);
    for (let k = 0; k < weights.parameters.length; k++) weights.parameters[k] = 0.5 * gaussian(random);
    const situation = aSituation(
      [
        [255, 100, 30],
        [200, 10, 250],
        [90, 0, 120],
        [80, 255, 60],
      ],
      [0, 0, 1, 0],
      [50, 200],
    );
    const order = [1, 0, 2];
    const advantages = [0.7, -1.2, 2];
    // log π of the list, each place by its advantage; with K = 1 and β = π the weights are 1
    const objective = (): number => {
      const pass = new PolicyPass(weights);
      pass.forward(situation);
      const chances = new Float64Array(4);
      return order.reduce((sum, candidate, place) => {
        pass.chances(chances);
        const part = advantages[place]! * Math.log(chances[candidate]!);
        pass.place(candidate);
        return sum + part;
      }, 0);
    };
    const gradient = new Float64Array(parameterCount(3));
    const pass = new PolicyPass(weights);
    pass.forward(situation);
    const chances = new Float64Array(4);
    const places = order.map((candidate) => {
      pass.chances(chances);
      pass.place(candidate);
      return { candidate, propensity: chances[candidate]! };
    });
    const decision = { ...situation, places, rule: RULE, user: 0, at: 0, rewards: Float64Array.from(advantages) };
    addListGradient(new PolicyPass(weights), decision, { valueOf: () => 0 }, { topK: 1, cap: 9 }, gradient);
    gradient.forEach((slope, p) => {
      const held = weights.parameters[p]!;
      weights.parameters[p] = held + 1e-5;
      const above = objective();
      weights.parameters[p] = held - 1e-5;
      const below = objective();
      weights.parameters[p] = held;
      expect(slope).toBeCloseTo((above - below) / 2e-5, 6);
    });
  });
});

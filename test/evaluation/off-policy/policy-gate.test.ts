import { doublyRobust } from '../../../src/evaluation/off-policy/estimators';
import { judgePolicy } from '../../../src/evaluation/off-policy/policy-gate';
import type { JudgedDecision } from '../../../src/models/policy/decision';
import { fitPolicy } from '../../../src/models/policy/fit-policy';
import { initialWeights, PolicyPass } from '../../../src/models/policy/network';
import { PolicyScorer } from '../../../src/models/policy/policy';
import { POLICY_DEFAULTS } from '../../../src/models/policy/policy-options';
import { seededRandom } from '../../../src/platform/random';
import { aSituation, loggedList } from '../../models/policy/decisions';

/** Six candidates in the order of the blend; which one earns is told by the third feature, and is another for each list. */
function logOf(count: number, seed: number): JudgedDecision[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, user) => {
    const good = Math.floor(random() * 6);
    const situation = aSituation(Array.from({ length: 6 }, (_, c) => [255 - 12 * c, 200, c === good ? 255 : 0]));
    return loggedList(situation, { size: 2, user, random, earn: (candidate) => (random() < (candidate === good ? 0.6 : 0.1) ? 1 : 0) });
  });
}

const taught = logOf(1200, 1);
const asked = logOf(1500, 2);

/** A policy that only learns by heart what was logged: the likelihood of every place alike, whatever it earned. */
function byHeart(): PolicyScorer {
  const same = taught.map((list) => ({ ...list, places: list.places.map(({ candidate }) => ({ candidate, propensity: 1 })) }));
  const liked = same.map((list) => ({ ...list, rewards: list.rewards.map(() => 1) }));
  const { hidden, prior, parameters } = initialWeights(12, 6, 1);
  const pass = new PolicyPass({ hidden, prior, parameters });
  for (let epoch = 0; epoch < 3; epoch++) {
    for (const list of liked) {
      pass.forward(list);
      const chances = new Float64Array(6);
      const slopes = new Float64Array(6);
      for (const { candidate } of list.places) {
        pass.chances(chances);
        for (let c = 0; c < 6; c++) slopes[c]! += (c === candidate ? 1 : 0) - chances[c]!;
        pass.place(candidate);
      }
      const gradient = new Float64Array(parameters.length);
      pass.backward(slopes, gradient);
      gradient.forEach((slope, p) => (parameters[p]! += 0.01 * slope));
    }
  }
  return new PolicyScorer({ hidden, prior, parameters, baseline: new Float64Array(1), decisions: 0 });
}

describe('the gate of the policy', () => {
  it('lets a policy live that knows what earns', () => {
    const gate = judgePolicy(asked, new PolicyScorer(fitPolicy(taught, { ...POLICY_DEFAULTS, epochs: 6 })), 1);
    expect(gate.passed).toBe(true);
    expect(gate.gain.low).toBeGreaterThan(0.1);
    // Its favourite, in .6 of the places and whenever it is drawn, earns .6, the others .1, and after it is gone nothing does: both places are asked.
    expect(gate.dr.value).toBeGreaterThan(gate.logged.value);
    expect(gate.effectiveSampleSize).toBeGreaterThan(100);
    expect(gate.largestWeight).toBeGreaterThan(1);
  });

  it('does not let the logged policy live that was learnt by heart', () => {
    const gate = judgePolicy(asked, byHeart(), 1);
    expect(gate.passed).toBe(false);
    expect(gate.reason).toContain('does not beat');
    expect(gate.gain.low).toBeLessThanOrEqual(0);
  });

  it('finds that the logged order under the same exploration is worth what was logged: weights of 1', () => {
    const order = { begin: () => ({ logit: (c: number): number => -c, place: () => undefined }) };
    // Logged was the lowest number that is left; an order by number wants just that.
    const lists = asked.map((list) => ({ ...list, places: list.places.slice(0, 1), rewards: list.rewards.slice(0, 1) }));
    const gate = judgePolicy(lists, order, 1);
    expect(gate.largestWeight).toBeCloseTo(1, 12);
    expect(gate.ips).toEqual(gate.logged);
    expect(Math.abs(gate.gain.value)).toBeLessThan(0.005); // what the model of rewards adds of noise
    expect(gate.passed).toBe(false);
  });

  it('decides nothing on too small a sample', () => {
    const gate = judgePolicy(asked.slice(0, 30), new PolicyScorer(fitPolicy(taught, { ...POLICY_DEFAULTS, epochs: 2 })), 1);
    expect(gate).toMatchObject({ passed: false, reason: expect.stringContaining('too little is known') as string });
    expect(judgePolicy([], byHeart(), 1)).toMatchObject({ passed: false, cases: 0 });
  });
});

it('resamples whole groups, and is exact where the model of rewards is', () => {
  const log = {
    actionCount: 2,
    slotCount: 1,
    actions: Int32Array.of(0, 1, 0, 0),
    slots: new Int32Array(4),
    rewards: Float64Array.of(0.3, 0.7, 0.3, 0.3),
    propensities: Float64Array.of(0.9, 0.1, 0.4, 0.8),
    groups: Int32Array.of(0, 0, 1, 1),
  };
  const target = (): number[] => [0.25, 0.75];
  const weights = Float64Array.of(0.25 / 0.9, 7.5, 0.25 / 0.4, 0.25 / 0.8);
  const exact = doublyRobust(log, weights, { target, model: () => [0.3, 0.7] }, 1);
  for (const end of Object.values(exact)) expect(end).toBeCloseTo(0.25 * 0.3 + 0.75 * 0.7, 12);
});

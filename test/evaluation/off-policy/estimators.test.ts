import { marginalPolicy, uniformPolicy, type ActionLog } from '../../../src/evaluation/off-policy/action-log';
import { doublyRobust, inversePropensity, onPolicyValue, selfNormalised } from '../../../src/evaluation/off-policy/estimators';
import { evaluateLoggingPolicy, evaluatePolicy } from '../../../src/evaluation/off-policy/evaluate-policy';
import { effectiveSampleSize, importanceWeights } from '../../../src/evaluation/off-policy/importance-weights';
import { crossFitRewards } from '../../../src/evaluation/off-policy/reward-model';
import { offPolicyMarkdown } from '../../../src/evaluation/off-policy/off-policy-markdown';
import { seededRandom } from '../../../src/platform/random';

type Choice = readonly [action: number, reward: number, propensity: number, slot?: number];
const logOf = (choices: readonly Choice[], actionCount = 2, slotCount = 1): ActionLog => ({
  actionCount,
  slotCount,
  actions: Int32Array.from(choices, ([action]) => action),
  slots: Int32Array.from(choices, ([, , , slot = 0]) => slot),
  rewards: Float64Array.from(choices, ([, reward]) => reward),
  propensities: Float64Array.from(choices, ([, , propensity]) => propensity),
});

/** Weights of the uniform policy: .5 / .8, .5 / .2, .5 / .5, .5 / .25 */
const hand = logOf([
  [0, 1, 0.8],
  [1, 1, 0.2],
  [0, 0, 0.5],
  [1, 0, 0.25],
]);
const WEIGHTS = [0.625, 2.5, 1, 2];

describe('by hand', () => {
  const weights = importanceWeights(hand, uniformPolicy(hand));

  it('weighs by target over propensity', () => {
    expect(Array.from(weights)).toEqual(WEIGHTS);
    expect(effectiveSampleSize(weights)).toBeCloseTo(6.125 ** 2 / (0.625 ** 2 + 2.5 ** 2 + 1 + 4), 12);
    expect(effectiveSampleSize(new Float64Array(7).fill(3))).toBeCloseTo(7, 12);
    expect(effectiveSampleSize(new Float64Array(0))).toBe(0);
  });

  it('estimates', () => {
    expect(onPolicyValue(hand, 1).value).toBe(0.5);
    expect(inversePropensity(hand, weights, 1).value).toBeCloseTo(3.125 / 4, 12);
    expect(selfNormalised(hand, weights, 1).value).toBeCloseTo(3.125 / 6.125, 12);
    const expectations = { target: uniformPolicy(hand), model: () => [0.6, 0.2] };
    // Σ π q = .4 for each; w (r − q): .625 · .4, 2.5 · .8, 1 · −.6, 2 · −.2
    expect(doublyRobust(hand, weights, expectations, 1).value).toBeCloseTo(0.4 + (0.25 + 2 - 0.6 - 0.4) / 4, 12);
  });

  it('doubly robust without a model is inverse propensity, with a perfect one it has no variance', () => {
    const target = uniformPolicy(hand);
    expect(doublyRobust(hand, weights, { target, model: () => [0, 0] }, 1)).toEqual(inversePropensity(hand, weights, 1));
    const sure = logOf([
      [0, 0.3, 0.9],
      [1, 0.7, 0.1],
      [0, 0.3, 0.4],
    ]);
    const estimate = doublyRobust(sure, importanceWeights(sure, target), { target, model: () => [0.3, 0.7] }, 1);
    for (const end of Object.values(estimate)) expect(end).toBeCloseTo(0.5, 12);
  });

  it('the target of the logging policy itself gives what was logged', () => {
    const target = (k: number): number[] => (hand.actions[k] === 0 ? [hand.propensities[k]!, 0] : [0, hand.propensities[k]!]);
    expect(inversePropensity(hand, importanceWeights(hand, target), 4)).toEqual(onPolicyValue(hand, 4));
  });
});

describe('a world whose values are known', () => {
  /** Reward chances by action in two slots; the logging policy leans to action 0. */
  const CHANCES = [
    [0.1, 0.5, 0.3],
    [0.2, 0.2, 0.8],
  ];
  const LEAN = [0.7, 0.2, 0.1];
  const random = seededRandom(21);
  const world = logOf(
    Array.from({ length: 6000 }, (_, k): Choice => {
      const draw = random();
      const action = draw < 0.7 ? 0 : draw < 0.9 ? 1 : 2;
      return [action, random() < CHANCES[k % 2]![action]! ? 1 : 0, LEAN[action]!, k % 2];
    }),
    3,
    2,
  );
  const truth = (0.9 / 3 + 1.2 / 3) / 2;
  const results = evaluatePolicy({ log: world, logged: 'lean' }, { name: 'uniform', policy: uniformPolicy(world) }, 5);

  it.each(['ipw', 'snipw', 'dr'])('%s finds the value of the uniform policy inside its interval', (name) => {
    const { estimate, low, high } = results.find(({ estimator }) => estimator === name)!;
    expect(low).toBeLessThan(truth);
    expect(high).toBeGreaterThan(truth);
    expect(Math.abs(estimate - truth)).toBeLessThan(0.03);
  });

  it('a model of the rewards narrows the interval', () => {
    const [ipw, , dr] = results;
    expect(dr!.high - dr!.low).toBeLessThan(0.9 * (ipw!.high - ipw!.low));
  });

  it('is the same for the same seed, and tells how much the log says', () => {
    expect(evaluatePolicy({ log: world, logged: 'lean' }, { name: 'uniform', policy: uniformPolicy(world) }, 5)).toEqual(results);
    expect(results[0]).toMatchObject({ target: 'uniform', logged: 'lean', largestWeight: 1 / 3 / 0.1 });
    expect(results[0]!.meanWeight).toBeCloseTo(1, 1);
    expect(results[0]!.effectiveSampleSize).toBeLessThan(6000);
    expect(evaluateLoggingPolicy({ log: world, logged: 'lean' }, 5)).toMatchObject({ estimator: 'on-policy', effectiveSampleSize: 6000 });
  });
});

describe('marginalPolicy', () => {
  const source = logOf(
    [
      [0, 0, 1, 0],
      [0, 0, 1, 0],
      [1, 0, 1, 0],
      [1, 0, 1, 1],
    ],
    2,
    3,
  );
  const log = logOf(
    [
      [0, 0, 0.5, 1],
      [0, 0, 0.5, 0],
      [0, 0, 0.5, 2],
    ],
    2,
    3,
  );

  it('takes each action as often as the source did in that slot', () => {
    const policy = marginalPolicy(source, log);
    expect([0, 1, 2].map((k) => Array.from(policy(k)))).toEqual([
      [0, 1],
      [2 / 3, 1 / 3],
      [0.5, 0.5],
    ]);
  });
});

describe('crossFitRewards', () => {
  it('draws a cell towards its action and the action towards all, without the fold of the choice', () => {
    const log = logOf(
      [
        [0, 1, 1, 0],
        [0, 1, 1, 1],
        [1, 0, 1, 0],
        [1, 0, 1, 1],
      ],
      2,
      2,
    );
    const model = crossFitRewards(log, { seed: 1, folds: 4, strength: 1 });
    // The first choice is left out: of three others the mean is 1/3; action 0: (1 + 1/3) / 2 = 2/3; in slot 0 nothing is left of it
    expect(model(0)[0]).toBeCloseTo(2 / 3, 12);
    // action 1: (0 + 1/3) / 3 = 1/9; in slot 0: (0 + 1/9) / 2
    expect(model(0)[1]).toBeCloseTo(1 / 18, 12);
  });

  it('says of a choice nothing that its own reward taught', () => {
    const choices = Array.from({ length: 40 }, (_, k): Choice => [k % 2, k % 3 === 0 ? 1 : 0, 0.5]);
    const turned = choices.map(([action, reward, propensity], k): Choice => [action, k === 7 ? 1 - reward : reward, propensity]);
    const said = (log: ActionLog): number[] => Array.from(crossFitRewards(log, { seed: 3 })(7));
    expect(said(logOf(turned))).toEqual(said(logOf(choices)));
  });

  it('is 0 where nothing else is known', () => expect(Array.from(crossFitRewards(logOf([[0, 1, 1]]), { seed: 1 })(0))).toEqual([0, 0]));
});

it('writes a table', () => {
  const result = { estimator: 'ipw', target: 'random', logged: 'bts', estimate: 0.003, low: 0.0016, high: 0.0046 } as const;
  expect(offPolicyMarkdown([{ ...result, effectiveSampleSize: 655.7, largestWeight: 178.25, meanWeight: 0.943 }]).split('\n')[2]).toBe(
    '| random | bts | ipw | .0030 (.0016–.0046) | 656 | 178.3 | 0.94 |',
  );
});

import { PLAN_OFFSETS, PLAN_SIZES, PLAN_WIDTH } from '../../../src/content/creatives/plan';
import { backward, drawNet, forward, gradientOfInputs, zeroNet } from '../../../src/content/gan/dense-net';
import { addEntropyGradient } from '../../../src/content/gan/fit-gan';
import { gumbelNoise, gumbelSoftmax, gumbelSoftmaxGradient } from '../../../src/content/gan/gumbel-softmax';
import { planProbabilities } from '../../../src/content/gan/plan-generator';
import { gaussian, seededRandom } from '../../../src/platform/random';

const STEP = 1e-5;
/** The slope of `f` along each coordinate of `at`, by central differences. */
const slopes = (at: Float64Array, f: () => number): number[] =>
  Array.from(at, (value, k) => {
    at[k] = value + STEP;
    const above = f();
    at[k] = value - STEP;
    const below = f();
    at[k] = value;
    return (above - below) / (2 * STEP);
  });
const drawn = (seed: number, length: number): Float64Array => {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, () => gaussian(random));
};
const expectClose = (actual: ArrayLike<number>, expected: readonly number[]): void =>
  expected.forEach((value, k) => expect(actual[k]).toBeCloseTo(value, 6));

describe('Gumbel-softmax', () => {
  const logits = drawn(1, PLAN_WIDTH);
  const noise = gumbelNoise(seededRandom(2));
  const weights = drawn(3, PLAN_WIDTH);

  it('has the gradient that differences say', () => {
    const loss = (): number => gumbelSoftmax(logits, noise, 0.7).soft.reduce((sum, value, k) => sum + value * weights[k]!, 0);
    expectClose(gumbelSoftmaxGradient(gumbelSoftmax(logits, noise, 0.7).soft, weights, 0.7), slopes(logits, loss));
  });

  it('draws each value as often as the softmax of its logit says, and its relaxation nears the draw as it cools', () => {
    const random = seededRandom(4);
    const shares = planProbabilities(logits);
    const counts = new Float64Array(PLAN_WIDTH);
    const draws = 8_000;
    for (let k = 0; k < draws; k++)
      gumbelSoftmax(logits, gumbelNoise(random), 1).indices.forEach((value, a) => counts[PLAN_OFFSETS[a]! + value]!++);
    counts.forEach((count, k) => expect(count / draws).toBeCloseTo(shares[k]!, 1));
    const { indices, soft } = gumbelSoftmax(logits, noise, 0.01);
    indices.forEach((value, a) => expect(soft[PLAN_OFFSETS[a]! + value]).toBeGreaterThan(0.99));
    PLAN_SIZES.forEach((size, a) =>
      expect(soft.subarray(PLAN_OFFSETS[a], PLAN_OFFSETS[a]! + size).reduce((sum, s) => sum + s, 0)).toBeCloseTo(1, 12),
    );
  });
});

it('the bonus for open choices has the gradient of the entropy', () => {
  const logits = drawn(5, PLAN_WIDTH);
  const entropy = (): number => planProbabilities(logits).reduce((sum, share) => sum - share * Math.log(share), 0);
  const gradient = new Float64Array(PLAN_WIDTH);
  addEntropyGradient(gradient, logits, 1);
  expectClose(gradient, slopes(logits, entropy));
});

it('a dense net has the gradient that differences say, by its weights and by its inputs', () => {
  const net = drawNet(seededRandom(6), { inputs: 5, hidden: 4, outputs: 3 });
  const x = drawn(7, 5);
  x[2] = 0;
  const weights = drawn(8, 3);
  const loss = (): number => forward(net, x).output.reduce((sum, value, k) => sum + value * weights[k]!, 0);
  const gradient = zeroNet(net);
  const ofHidden = backward(net, x, forward(net, x), weights, gradient);
  for (const part of ['w1', 'b1', 'w2', 'b2'] as const) expectClose(gradient[part], slopes(net[part], loss));
  expectClose(gradientOfInputs(net, ofHidden, 5), slopes(x, loss));
});

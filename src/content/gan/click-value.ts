import { seededRandom } from '../../platform/random';
import { shuffle } from '../../platform/shuffle';
import { CONTEXT_WIDTH } from '../creatives/taste';
import { PLAN_OFFSETS, PLAN_WIDTH, type PlanIndices } from '../creatives/plan';

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than the arithmetic.
const { exp, sqrt } = Math;

/** A plan that was shown for a context, and whether it was clicked. */
export interface JudgedPlan {
  readonly context: ArrayLike<number>;
  readonly indices: PlanIndices;
  readonly clicked: boolean;
}

export const CLICK_VALUE_DEFAULTS = {
  /** Passes over what was shown. */
  passes: 3,
  batch: 128,
  /** Of Adam's steps at the beginning; falls to 0 in a straight line. */
  rate: 0.01,
  /** Variance that is expected of a weight, the log-odds that a value of an attribute adds for a context: shrinks what little was seen of. */
  prior: 0.03,
  seed: 1,
};
export type ClickValueOptions = typeof CLICK_VALUE_DEFAULTS;

/** [(PLAN_WIDTH + 1) × CONTEXT_WIDTH]: log-odds of a click that each value of each attribute adds for each number of the context; last, what the context adds itself. */
export type ClickWeights = Float64Array;
export const CLICK_WEIGHTS = (PLAN_WIDTH + 1) * CONTEXT_WIDTH;

/**
 * A logistic regression of clicks on plan × context, from everything that was shown, clicked or not, by whichever arm: log-odds = Σ over the plan's values of
 * ⟨weights of the value, context⟩ + ⟨own weights, context⟩. Additive in the values, so that a distribution that is reweighted by it stays a product of attributes.
 * Adam with a Gaussian prior (Kingma & Ba, ICLR 2015). Deterministic. Nothing shown: all 0.
 */
export function fitClickValue(shown: readonly JudgedPlan[], given: Partial<ClickValueOptions> = {}): ClickWeights {
  const options = { ...CLICK_VALUE_DEFAULTS, ...given };
  const { passes, batch, rate, prior, seed } = options;
  const random = seededRandom(seed);
  const weights = new Float64Array(CLICK_WEIGHTS);
  const [gradient, first, second] = [1, 2, 3].map(() => new Float64Array(CLICK_WEIGHTS)) as [Float64Array, Float64Array, Float64Array];
  const order = Uint32Array.from(shown, (_, k) => k);
  const steps = passes * Math.ceil(shown.length / batch);
  const decay = 1 / (prior * shown.length);
  let step = 0;
  for (let pass = 0; pass < passes; pass++) {
    shuffle(order, random);
    for (let from = 0; from < order.length; from += batch) {
      const count = Math.min(batch, order.length - from);
      for (let k = from; k < from + count; k++) addGradient(weights, shown[order[k]!]!, gradient);
      step++;
      const slope = rate * (1 - (step - 1) / steps);
      const scale = (slope * sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
      for (let w = 0; w < weights.length; w++) {
        const g = gradient[w]! / count + decay * weights[w]!;
        first[w] = 0.9 * first[w]! + 0.1 * g;
        second[w] = 0.999 * second[w]! + 0.001 * g * g;
        weights[w]! -= (scale * first[w]!) / (sqrt(second[w]!) + 1e-8);
        gradient[w] = 0;
      }
    }
  }
  return weights;
}

/** Adds ∂ −log likelihood of one row. */
function addGradient(weights: ClickWeights, { context, indices, clicked }: JudgedPlan, into: Float64Array): void {
  let logOdds = 0;
  for (let a = 0; a <= indices.length; a++) {
    const from = placeOf(indices, a);
    for (let k = 0; k < CONTEXT_WIDTH; k++) logOdds += weights[from + k]! * context[k]!;
  }
  const error = 1 / (1 + exp(-logOdds)) - (clicked ? 1 : 0);
  for (let a = 0; a <= indices.length; a++) {
    const from = placeOf(indices, a);
    for (let k = 0; k < CONTEXT_WIDTH; k++) into[from + k]! += error * context[k]!;
  }
}

/** Where the weights of the value of an attribute begin; past the last attribute: those of the context itself. */
const placeOf = (indices: PlanIndices, attribute: number): number =>
  (attribute < indices.length ? PLAN_OFFSETS[attribute]! + indices[attribute]! : PLAN_WIDTH) * CONTEXT_WIDTH;

/** Log-odds that each value of each attribute adds for a context, [PLAN_WIDTH]. */
export function clickValues(weights: ClickWeights, context: ArrayLike<number>): Float64Array {
  const values = new Float64Array(PLAN_WIDTH);
  for (let k = 0; k < CONTEXT_WIDTH; k++) {
    const number = context[k]!;
    if (number !== 0) for (let place = 0; place < PLAN_WIDTH; place++) values[place]! += number * weights[place * CONTEXT_WIDTH + k]!;
  }
  return values;
}

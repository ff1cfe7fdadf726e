import { seededRandom } from '../../platform/random';
import { shuffle } from '../../platform/shuffle';
import type { JudgedDecision } from './decision';
import { initialWeights, PolicyPass } from './network';
import type { PolicySnapshot } from './policy';
import type { PolicyOptions } from './policy-options';
import { addTopKGradient } from './top-k-gradient';
import { ValueBaseline } from './value-baseline';

const DECAY_1 = 0.9;
const DECAY_2 = 0.999;
const TINY = 1e-8;

/**
 * A policy by off-policy REINFORCE with top-K correction, capped weights and a learnt baseline (Chen et al., WSDM 2019), ascended by Adam, with a
 * learning rate that falls to 0. Only places with a propensity are learnt from; without any the policy is the blend's order. Deterministic in the seed.
 */
export function fitPolicy(
  decisions: readonly JudgedDecision[],
  options: PolicyOptions,
  progress?: (done: number, total: number) => void,
): PolicySnapshot {
  const weights = initialWeights(options.hidden, options.prior, options.seed);
  const baseline = ValueBaseline.fit(decisions);
  const usable = decisions.filter(({ places }) => places.some(({ candidate, propensity }) => candidate >= 0 && propensity !== null));
  const pass = new PolicyPass(weights);
  const { parameters } = weights;
  const ascent = new AdamAscent(parameters, options, options.epochs * Math.ceil(usable.length / options.batch));
  const random = seededRandom(options.seed + 1);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const order = Int32Array.from(usable.keys());
    shuffle(order, random);
    for (let from = 0; from < order.length; from += options.batch) {
      const gradient = new Float64Array(parameters.length);
      const batch = order.subarray(from, from + options.batch);
      for (const number of batch) addListGradient(pass, usable[number]!, baseline, options, gradient);
      ascent.step(gradient, batch.length);
    }
    progress?.(epoch + 1, options.epochs);
  }
  return { hidden: weights.hidden, prior: weights.prior, parameters, baseline: baseline.weights, decisions: usable.length };
}

type GradientOptions = Pick<PolicyOptions, 'topK' | 'cap'>;

/** Adds the policy gradient of one list, place by place: each is a decision that knows the list so far. */
export function addListGradient(
  pass: PolicyPass,
  decision: JudgedDecision,
  baseline: Pick<ValueBaseline, 'valueOf'>,
  { topK, cap }: GradientOptions,
  gradient: Float64Array,
): void {
  const { places, rewards, state } = decision;
  const k = topK || places.length;
  pass.forward(decision);
  const summed = new Float64Array(pass.base.length);
  const chances = new Float64Array(pass.base.length);
  places.forEach(({ candidate, propensity }, place) => {
    if (candidate < 0) return;
    if (propensity !== null) {
      pass.chances(chances);
      const byLogits = new Float64Array(chances.length);
      const advantage = rewards[place]! - baseline.valueOf(state, place);
      addTopKGradient(chances, { candidate, propensity, advantage }, { k, cap }, byLogits);
      pass.backwardPlace(byLogits, gradient);
      byLogits.forEach((slope, c) => (summed[c]! += slope));
    }
    pass.place(candidate);
  });
  pass.backward(summed, gradient);
}

/** Adam (Kingma & Ba, ICLR 2015), upwards, with a rate that falls to 0 in a straight line. */
class AdamAscent {
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private done = 0;

  constructor(
    private readonly parameters: Float64Array,
    private readonly options: Pick<PolicyOptions, 'learningRate'>,
    private readonly steps: number,
  ) {
    this.first = new Float64Array(parameters.length);
    this.second = new Float64Array(parameters.length);
  }

  step(gradient: Float64Array, count: number): void {
    const { first, second, parameters } = this;
    const rate = this.options.learningRate * (1 - this.done++ / this.steps);
    for (let p = 0; p < parameters.length; p++) {
      const slope = gradient[p]! / count;
      first[p] = DECAY_1 * first[p]! + (1 - DECAY_1) * slope;
      second[p] = DECAY_2 * second[p]! + (1 - DECAY_2) * slope * slope;
      const mean = first[p]! / (1 - DECAY_1 ** this.done);
      parameters[p]! += (rate * mean) / (Math.sqrt(second[p]! / (1 - DECAY_2 ** this.done)) + TINY);
    }
  }
}

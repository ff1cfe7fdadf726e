import type { Random } from '../../platform/random';
import { PLAN_OFFSETS, PLAN_SIZES, PLAN_WIDTH, type PlanIndices } from '../creatives/plan';

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than the arithmetic.
const { exp, log, max, min } = Math;

/** A draw of a plan from logits, differentiable in them. */
export interface GumbelDraw {
  /** One value of each attribute: the largest logit + noise. */
  readonly indices: number[];
  /** softmax((logits + noise) / temperature) of each attribute; sums to 1 over its values. */
  readonly soft: Float64Array;
}

/** −ln(−ln u): standard Gumbel noise, one for each place. */
export function gumbelNoise(random: Random): Float64Array {
  const noise = new Float64Array(PLAN_WIDTH);
  for (let k = 0; k < PLAN_WIDTH; k++) noise[k] = -log(-log(min(1 - 1e-12, max(1e-12, random()))));
  return noise;
}

/** Draws a plan by the Gumbel-max trick, and its relaxation (Jang, Gu, Poole, ICLR 2017; Maddison, Mnih, Teh, ICLR 2017). */
export function gumbelSoftmax(logits: ArrayLike<number>, noise: ArrayLike<number>, temperature: number): GumbelDraw {
  const soft = new Float64Array(PLAN_WIDTH);
  const indices = PLAN_SIZES.map((size, attribute) => {
    const from = PLAN_OFFSETS[attribute]!;
    let best = from;
    for (let k = from + 1; k < from + size; k++) if (logits[k]! + noise[k]! > logits[best]! + noise[best]!) best = k;
    let total = 0;
    for (let k = from; k < from + size; k++) {
      soft[k] = exp((logits[k]! + noise[k]! - logits[best]! - noise[best]!) / temperature);
      total += soft[k]!;
    }
    for (let k = from; k < from + size; k++) soft[k]! /= total;
    return best - from;
  });
  return { indices, soft };
}

/**
 * The gradient by the logits, given that by the draw: ∂soft_i/∂logit_j = soft_i (δ_ij − soft_j) / temperature within each attribute. With the straight-through
 * estimator the gradient by the hard draw is put in the place of that by the soft one.
 */
export function gumbelSoftmaxGradient(soft: ArrayLike<number>, ofDraw: ArrayLike<number>, temperature: number): Float64Array {
  const ofLogits = new Float64Array(PLAN_WIDTH);
  PLAN_SIZES.forEach((size, attribute) => {
    const from = PLAN_OFFSETS[attribute]!;
    let mean = 0;
    for (let k = from; k < from + size; k++) mean += soft[k]! * ofDraw[k]!;
    for (let k = from; k < from + size; k++) ofLogits[k] = (soft[k]! * (ofDraw[k]! - mean)) / temperature;
  });
  return ofLogits;
}

/** A plan as 0s with a 1 for the value of each attribute. */
export function oneHot(indices: PlanIndices): Float64Array {
  const places = new Float64Array(PLAN_WIDTH);
  indices.forEach((value, attribute) => (places[PLAN_OFFSETS[attribute]! + value] = 1));
  return places;
}

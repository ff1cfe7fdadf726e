import type { Random } from '../../platform/random';
import { PLAN_OFFSETS, PLAN_SIZES, PLAN_WIDTH, drawsOf, type PlanIndices } from '../creatives/plan';
import { CONTEXT_WIDTH } from '../creatives/taste';
import { drawIndex } from '../creatives/thompson';
import { bent, outputOf, type DenseNet } from './dense-net';

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than the arithmetic.
const { exp, floor, max } = Math;

/** Values of the generator's latent code. Few and equally likely, so that the probability of a plan is a sum and not an integral. */
export const CODES = 8;
export const GENERATOR_INPUTS = CONTEXT_WIDTH + CODES;

/** The input of the generator: context, then the code as 0s and a 1. */
export function generatorInput(context: ArrayLike<number>, code: number): Float64Array {
  const input = new Float64Array(GENERATOR_INPUTS);
  for (let k = 0; k < CONTEXT_WIDTH; k++) input[k] = context[k]!;
  input[CONTEXT_WIDTH + code] = 1;
  return input;
}

/** softmax(sharpness · logits) of each attribute. */
export function planProbabilities(logits: ArrayLike<number>, sharpness: number): Float64Array {
  const shares = new Float64Array(PLAN_WIDTH);
  PLAN_SIZES.forEach((size, attribute) => {
    const from = PLAN_OFFSETS[attribute]!;
    let largest = -Infinity;
    for (let k = from; k < from + size; k++) largest = max(largest, logits[k]!);
    let total = 0;
    for (let k = from; k < from + size; k++) {
      shares[k] = exp(sharpness * (logits[k]! - largest));
      total += shares[k]!;
    }
    for (let k = from; k < from + size; k++) shares[k]! /= total;
  });
  return shares;
}

/** What of a generator serves: it draws plans for a context, and says how likely each was. */
export class PlanGenerator {
  constructor(readonly net: DenseNet) {}

  /** The distributions of each code, in their order. What all codes share of the hidden layer is reckoned once. */
  distributions(context: ArrayLike<number>, sharpness: number): Float64Array[] {
    const { hidden, w1, b1 } = this.net;
    const shared = Float64Array.from(b1);
    for (let k = 0; k < CONTEXT_WIDTH; k++) {
      const value = context[k]!;
      if (value !== 0) for (let h = 0; h < hidden; h++) shared[h]! += value * w1[k * hidden + h]!;
    }
    return Array.from({ length: CODES }, (_, code) => {
      const ofCode = (CONTEXT_WIDTH + code) * hidden;
      const layer = shared.map((sum, h) => bent(sum + w1[ofCode + h]!));
      return planProbabilities(outputOf(this.net, layer), sharpness);
    });
  }
}

/** A plan drawn from distributions of codes: first a code, then each attribute by itself. */
export function drawPlan(distributions: readonly Float64Array[], random: Random): number[] {
  const shares = distributions[floor(random() * distributions.length)]!;
  return PLAN_SIZES.map((size, attribute) =>
    drawIndex(shares.subarray(PLAN_OFFSETS[attribute], PLAN_OFFSETS[attribute]! + size), random()),
  );
}

/** The probability of a plan under `drawPlan`, over all draws that mean the same. */
export function planProbability(distributions: readonly Float64Array[], indices: PlanIndices): number {
  let total = 0;
  for (const draw of drawsOf(indices)) {
    for (const shares of distributions) {
      let product = 1;
      for (let k = 0; k < draw.length; k++) product *= shares[PLAN_OFFSETS[k]! + draw[k]!]!;
      total += product;
    }
  }
  return total / distributions.length;
}

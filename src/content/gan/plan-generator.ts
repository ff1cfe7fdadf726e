import type { Random } from '../../platform/random';
import { PLAN_OFFSETS, PLAN_SIZES, PLAN_WIDTH, drawsOf, type PlanIndices } from '../creatives/plan';
import { CONTEXT_WIDTH } from '../creatives/taste';
import { drawIndex } from '../creatives/thompson';
import { clickValues, type ClickWeights } from './click-value';
import { bent, type DenseNet } from './dense-net';

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than the arithmetic.
const { exp, max } = Math;

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

/** softmax of each attribute, of the logits from `from` on, into `shares` from `into` on. */
function softmaxes(logits: Float64Array, from: number, shares: Float64Array, into: number): void {
  for (let a = 0; a < PLAN_SIZES.length; a++) {
    const first = PLAN_OFFSETS[a]!;
    const end = first + PLAN_SIZES[a]!;
    let largest = -Infinity;
    for (let k = first; k < end; k++) largest = max(largest, logits[from + k]!);
    let total = 0;
    for (let k = first; k < end; k++) total += shares[into + k] = exp(logits[from + k]! - largest);
    for (let k = first; k < end; k++) shares[into + k]! /= total;
  }
}

/** softmax of each attribute. */
export function planProbabilities(logits: Float64Array): Float64Array {
  const shares = new Float64Array(PLAN_WIDTH);
  softmaxes(logits, 0, shares, 0);
  return shares;
}

/** Distributions of plans, each a product over attributes, drawn from by weight. In one array: small ones cost more than the arithmetic. */
export interface PlanMixture {
  /** One a distribution; they sum to 1. */
  readonly weights: readonly number[];
  /** [distributions × PLAN_WIDTH]: each attribute's shares sum to 1. */
  readonly shares: Float64Array;
}

/** How a generator that serves prefers its better plans. */
export const SERVED = {
  /** Of what is drawn, this share comes from the generator as it was fitted: so every mode keeps at least this share of what it had. */
  fitted: 0.2,
  /** The rest: as fitted × (estimated odds of a click) to this power. */
  power: 20,
};
const FITTED_WEIGHTS = Array.from({ length: CODES }, () => 1 / CODES);
const SERVED_WEIGHTS = [
  ...FITTED_WEIGHTS.map((weight) => weight * SERVED.fitted),
  ...FITTED_WEIGHTS.map((weight) => weight * (1 - SERVED.fitted)),
];

/** What of a generator serves: it draws plans for a context, and says how likely each was. */
export class PlanGenerator {
  constructor(
    readonly net: DenseNet,
    /** What a click on a plan is estimated to depend on; absent: nothing is known. */
    readonly value?: ClickWeights,
  ) {}

  /** As fitted: one distribution for each code. */
  fitted(context: ArrayLike<number>): PlanMixture {
    return { weights: FITTED_WEIGHTS, shares: this.shares(context, CODES) };
  }

  /** As served: a share as fitted, the rest reweighted by what a click is estimated to depend on. */
  served(context: ArrayLike<number>): PlanMixture {
    if (!this.value) return this.fitted(context);
    const shares = this.shares(context, 2 * CODES);
    const factors = clickValues(this.value, context);
    for (let k = 0; k < PLAN_WIDTH; k++) factors[k] = exp(SERVED.power * factors[k]!);
    for (let code = 0; code < CODES; code++) reweigh(shares, code * PLAN_WIDTH, factors, (CODES + code) * PLAN_WIDTH);
    return { weights: SERVED_WEIGHTS, shares };
  }

  /** The distributions of each code, in their order, in an array with room for some. What all codes share of the hidden layer is reckoned once. */
  private shares(context: ArrayLike<number>, room: number): Float64Array {
    const { hidden, w1, b1, w2, b2 } = this.net;
    const shared = b1.slice();
    for (let k = 0; k < CONTEXT_WIDTH; k++) {
      const value = context[k]!;
      if (value !== 0) for (let h = 0; h < hidden; h++) shared[h]! += value * w1[k * hidden + h]!;
    }
    const shares = new Float64Array(room * PLAN_WIDTH);
    for (let code = 0; code < CODES; code++) {
      const ofCode = (CONTEXT_WIDTH + code) * hidden;
      const at = code * PLAN_WIDTH;
      for (let o = 0; o < PLAN_WIDTH; o++) {
        let sum = b2[o]!;
        for (let h = 0; h < hidden; h++) sum += w2[o * hidden + h]! * bent(shared[h]! + w1[ofCode + h]!);
        shares[at + o] = sum;
      }
      softmaxes(shares, at, shares, at);
    }
    return shares;
  }
}

/** The shares of each attribute from `from` on × factors, at sum 1 again, from `into` on. */
function reweigh(shares: Float64Array, from: number, factors: Float64Array, into: number): void {
  for (let a = 0; a < PLAN_SIZES.length; a++) {
    const first = PLAN_OFFSETS[a]!;
    const end = first + PLAN_SIZES[a]!;
    let total = 0;
    for (let k = first; k < end; k++) total += shares[into + k] = shares[from + k]! * factors[k]!;
    for (let k = first; k < end; k++) shares[into + k]! /= total;
  }
}

/** A plan drawn from a mixture: first one of its distributions, then each attribute by itself. */
export function drawPlan({ weights, shares }: PlanMixture, random: Random): number[] {
  const from = drawIndex(weights, random()) * PLAN_WIDTH;
  return PLAN_SIZES.map((size, attribute) => {
    const first = from + PLAN_OFFSETS[attribute]!;
    return drawIndex(shares.subarray(first, first + size), random());
  });
}

/** The probability of a plan under `drawPlan`, over all draws that mean the same. */
export function planProbability({ weights, shares }: PlanMixture, indices: PlanIndices): number {
  let total = 0;
  for (const draw of drawsOf(indices)) {
    for (let one = 0; one < weights.length; one++) {
      let product = weights[one]!;
      for (let k = 0; k < draw.length; k++) product *= shares[one * PLAN_WIDTH + PLAN_OFFSETS[k]! + draw[k]!]!;
      total += product;
    }
  }
  return total;
}

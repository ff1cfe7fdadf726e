import { gaussian, seededRandom } from '../../platform/random';
import { CANDIDATE_WIDTH, STATE_WIDTH, type Situation } from './decision';

/**
 * What a policy is made of: logit(c) = prior · relevance(c) + v · tanh(A x + B s + b) + r(n), with x what is known of the candidate, s of the moment, and n
 * how many of the list so far are of its category: 0, 1, 2, 3, 4 or more; r(0) = 0.
 */
export interface PolicyWeights {
  readonly hidden: number;
  /** What a relevance of 1 is worth in logits before anything is learnt. */
  readonly prior: number;
  /** [hidden × (CANDIDATE_WIDTH + STATE_WIDTH + 1)] A, B and b of each unit side by side, [hidden] v, [REPEATS] r from 1 on. */
  readonly parameters: Float64Array;
}

const INPUTS = CANDIDATE_WIDTH + STATE_WIDTH + 1;
export const REPEATS = 4;
/** About what maximal marginal relevance does at the default λ. */
const FIRST_REPEAT = -0.4;

export const parameterCount = (hidden: number): number => hidden * (INPUTS + 1) + REPEATS;
/** Where r(1) stands. */
const repeatsAt = (hidden: number): number => hidden * (INPUTS + 1);

/** A policy that is about the blend's own order: v is 0. Deterministic in the seed. */
export function initialWeights(hidden: number, prior: number, seed: number): PolicyWeights {
  const random = seededRandom(seed);
  const parameters = new Float64Array(parameterCount(hidden));
  for (let k = 0; k < hidden * INPUTS; k++) parameters[k] = gaussian(random) / Math.sqrt(INPUTS / 4);
  parameters.fill(FIRST_REPEAT, repeatsAt(hidden));
  return { hidden, prior, parameters };
}

/** One list, filled place by place; its memory is reused by the next. */
export class PolicyPass {
  /** [candidates] logits in an empty list. */
  base: Float64Array = new Float64Array(0);
  private activations = new Float64Array(0);
  private counts = new Uint16Array(0);
  private taken = new Uint8Array(0);
  private situation: Situation = { features: new Uint8Array(0), kinds: new Uint8Array(0), state: new Uint8Array(0) };

  constructor(readonly weights: PolicyWeights) {}

  /** Begins a list. */
  forward(situation: Situation): void {
    const { features, kinds, state } = situation;
    const { hidden, prior, parameters } = this.weights;
    const count = kinds.length;
    this.situation = situation;
    this.base = Float64Array.from({ length: count }, (_, c) => (prior * features[c * CANDIDATE_WIDTH]!) / 255);
    this.activations = new Float64Array(count * hidden);
    this.counts = new Uint16Array(256);
    this.taken = new Uint8Array(count);
    const output = hidden * INPUTS;
    for (let h = 0; h < hidden; h++) {
      const own = h * INPUTS;
      let common = parameters[own + INPUTS - 1]!;
      for (let s = 0; s < STATE_WIDTH; s++) common += (parameters[own + CANDIDATE_WIDTH + s]! * state[s]!) / 255;
      for (let c = 0; c < count; c++) {
        let sum = 0;
        for (let f = 0; f < CANDIDATE_WIDTH; f++) sum += parameters[own + f]! * features[c * CANDIDATE_WIDTH + f]!;
        const active = Math.tanh(common + sum / 255);
        this.activations[c * hidden + h] = active;
        this.base[c]! += parameters[output + h]! * active;
      }
    }
  }

  /** How much a candidate is wanted at the next place; −∞: it is on the list. */
  logit(c: number): number {
    return this.taken[c] === 1 ? -Infinity : this.base[c]! + this.repeat(c);
  }

  /** Writes the chance of each candidate to get the next place: softmax of the logits of those that are left. */
  chances(into: Float64Array): void {
    let largest = -Infinity;
    for (let c = 0; c < into.length; c++) largest = Math.max(largest, (into[c] = this.logit(c)));
    let sum = 0;
    for (let c = 0; c < into.length; c++) sum += into[c] = Math.exp(into[c]! - largest);
    for (let c = 0; c < into.length; c++) into[c]! /= sum;
  }

  /** Puts a candidate on the list. */
  place(c: number): void {
    this.taken[c] = 1;
    this.counts[this.situation.kinds[c]!]!++;
  }

  /** Adds to `gradient` what a gradient by the logits of the next place is by r, before that place is filled. */
  backwardPlace(byLogits: Float64Array, gradient: Float64Array): void {
    const { hidden } = this.weights;
    for (let c = 0; c < byLogits.length; c++) {
      const count = this.counts[this.situation.kinds[c]!]!;
      if (count > 0) gradient[repeatsAt(hidden) + Math.min(count, REPEATS) - 1]! += byLogits[c]!;
    }
  }

  /** Adds to `gradient` what a gradient by the logits, summed over places, is by the other parameters. */
  backward(byLogits: Float64Array, gradient: Float64Array): void {
    const { hidden, parameters } = this.weights;
    const { features, state } = this.situation;
    const output = hidden * INPUTS;
    for (let c = 0; c < byLogits.length; c++) {
      const given = byLogits[c]!;
      if (given === 0) continue;
      for (let h = 0; h < hidden; h++) {
        const active = this.activations[c * hidden + h]!;
        gradient[output + h]! += given * active;
        const inner = (given * parameters[output + h]! * (1 - active * active)) / 255;
        const own = h * INPUTS;
        for (let f = 0; f < CANDIDATE_WIDTH; f++) gradient[own + f]! += inner * features[c * CANDIDATE_WIDTH + f]!;
        for (let s = 0; s < STATE_WIDTH; s++) gradient[own + CANDIDATE_WIDTH + s]! += inner * state[s]!;
        gradient[own + INPUTS - 1]! += inner * 255;
      }
    }
  }

  private repeat(c: number): number {
    const count = this.counts[this.situation.kinds[c]!]!;
    return count === 0 ? 0 : this.weights.parameters[repeatsAt(this.weights.hidden) + Math.min(count, REPEATS) - 1]!;
  }
}

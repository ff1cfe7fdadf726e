import type { BlendCase } from './blend-case';

/** Value and derivatives of a loss at one point. */
export interface LossTerms {
  value: number;
  /** [weights] */
  readonly gradient: Float64Array;
  /** [weights × weights], row-major; the lower triangle. */
  readonly hessian: Float64Array;
}

export const lossTerms = (weights: number): LossTerms => ({
  value: 0,
  gradient: new Float64Array(weights),
  hessian: new Float64Array(weights * weights),
});

/** Candidates with less of the softmax than this are left out of the curvature, which only guides steps; the gradient is exact. */
const LEAST_PROBABILITY = 5e-4;

/**
 * The loss of one case: −(1 / |P|) Σ over p in P of ln softmax(s)_p, where s_i = Σ over f of weights[f] · x_{i, f} + offset_i and P are its positives; a case
 * without any adds nothing. Convex in the weights.
 *
 * Source: ListNet's top-one cross entropy (Cao et al., ICML 2007, §4.2) with the uniform distribution over the positives as its target, i.e. the softmax
 * loss, which bounds mean reciprocal rank and NDCG (Bruch et al., ICTIR 2019, §4). Deviation: a linear scorer, so that the Hessian can be had too.
 */
export class ListwiseLoss {
  private scores = new Float64Array(1024);
  private readonly mean: Float64Array;

  constructor(private readonly size: number) {
    this.mean = new Float64Array(size);
  }

  /** The loss alone. */
  valueOf(example: BlendCase, weights: Float64Array): number {
    return example.positives.length === 0 ? 0 : this.scoreAll(example, weights);
  }

  /** Adds the loss and its derivatives by the weights. */
  add(example: BlendCase, weights: Float64Array, terms: LossTerms): void {
    if (example.positives.length === 0) return;
    terms.value += this.scoreAll(example, weights);
    this.addDerivatives(example, terms);
  }

  /** Leaves softmax(s) in `scores` and returns the loss. */
  private scoreAll({ features, offsets, positives }: BlendCase, weights: Float64Array): number {
    const { size } = this;
    const candidates = offsets.length;
    if (candidates > this.scores.length) this.scores = new Float64Array(2 * candidates);
    const { scores } = this;
    let largest = -Infinity;
    for (let i = 0, at = 0; i < candidates; i++) {
      let score = offsets[i]!;
      for (let f = 0; f < size; f++) score += weights[f]! * features[at++]!;
      scores[i] = score;
      if (score > largest) largest = score;
    }
    let right = 0;
    for (const positive of positives) right += scores[positive]!;
    let total = 0;
    for (let i = 0; i < candidates; i++) total += scores[i] = Math.exp(scores[i]! - largest);
    for (let i = 0; i < candidates; i++) scores[i]! /= total;
    return largest + Math.log(total) - right / positives.length;
  }

  /**
   * gradient += Σ p_i x_i − mean of the positives' x; Hessian += Σ p_i x_i x_iᵀ − (Σ p_i x_i)(Σ p_i x_i)ᵀ / Σ p_i, the sums over the candidates that
   * are not left out, so that it stays positive semidefinite.
   */
  private addDerivatives({ features, positives }: BlendCase, { gradient, hessian }: LossTerms): void {
    const { size, scores, mean } = this;
    mean.fill(0);
    let mass = 0;
    for (let at = 0, i = 0; at < features.length; at += size, i++) {
      const p = scores[i]!;
      for (let f = 0; f < size; f++) gradient[f]! += p * features[at + f]!;
      if (p < LEAST_PROBABILITY) continue;
      mass += p;
      for (let f = 0; f < size; f++) {
        const pulled = p * features[at + f]!;
        if (pulled === 0) continue;
        mean[f]! += pulled;
        for (let g = 0; g <= f; g++) hessian[f * size + g]! += pulled * features[at + g]!;
      }
    }
    for (let f = 0; f < size; f++) {
      for (const positive of positives) gradient[f]! -= features[positive * size + f]! / positives.length;
      if (mass > 0) for (let g = 0; g <= f; g++) hessian[f * size + g]! -= (mean[f]! * mean[g]!) / mass;
    }
  }
}

import type { TensorBackend } from '../tensor/open-tensors';

export interface NcfOptions {
  /** `gmf`: generalised matrix factorisation alone; `mlp`: the tower alone; `neumf`: both, fused at the output. @default 'neumf' */
  readonly kind: 'gmf' | 'mlp' | 'neumf';
  /**
   * What stands for a user while training: `items`, the weighted sum of embeddings of the items they had; `id`, a vector of their own,
   * which is afterwards told from their items by ridge regression. Both give the same snapshot. @default 'items'
   */
  readonly user: 'items' | 'id';
  /** Numbers per user and item in the product part. @default 64 */
  readonly gmfDimensions: number;
  /** Numbers per user and item at the tower's foot. @default 32 */
  readonly mlpDimensions: number;
  /** Widths of the tower's layers from the first to the last, joined by hyphens. @default '8' */
  readonly widths: string;
  /** Negatives drawn for each positive, anew in each epoch. @default 4 */
  readonly negatives: number;
  /** A negative is drawn in proportion to (its users)^this, and the logit corrected for it; 0: uniformly. @default 0 */
  readonly negativePopularity: number;
  /** Passes over all positives. @default 15 */
  readonly epochs: number;
  /** Few events take more epochs, until there were as many optimiser steps. @default 400 */
  readonly leastSteps: number;
  /** Samples (positives and negatives) in a step; fewer where there are few events. @default 8_192 */
  readonly batchSamples: number;
  /** Of Adam; falls linearly to 0 at the end. @default 0.01 */
  readonly learningRate: number;
  /** λ of λ/2 (|p|² + |q|²), added for each sample. @default 0.005 */
  readonly regularisation: number;
  /** Share of a user's items that their vector does without, drawn anew for each few positives. @default 0 */
  readonly historyDropout: number;
  /** Train GMF and the tower apart first and start NeuMF from both (He et al. §3.4.1). @default false */
  readonly pretrain: boolean;
  /** @default 1 */
  readonly seed: number;
  /** @default 'auto' */
  readonly backend: TensorBackend | 'auto';
  /** Most recently active users that are learnt from, with their newest items. @default 200_000 */
  readonly mostUsers: number;
  /** @default 2_000 */
  readonly mostItems: number;
  /**
   * The r-th newest item of the profile (0: the newest) counts decay^r. With 1 order is nothing, and a positive is told from all other items
   * of its user; below 1 from those before it. @default 0.8
   */
  readonly profileDecay: number;
  /** How many of the newest items of the profile are looked at. @default 50 */
  readonly profileItems: number;
  /** e in vector = Σ w h / (Σ w)^e: 0 a sum, 1 a mean. @default 0.75 */
  readonly normExponent: number;
  /** λ of the regression that tells vectors from items, for `user: 'id'`. @default 0.1 */
  readonly foldInRidge: number;
  /** With more items than this, a query looks at about so many, chosen by the product part. @default 4_096 */
  readonly scan: number;
}

/** The widths that `options.widths` names. @throws RangeError when they are not positive integers. */
export function towerWidths({ kind, widths }: Pick<NcfOptions, 'kind' | 'widths'>): number[] {
  if (kind === 'gmf') return [];
  const parsed = widths.split('-').map(Number);
  if (parsed.some((width) => !Number.isInteger(width) || width < 1)) throw new RangeError(`tower widths "${widths}" are not like 32-16-8`);
  return parsed;
}

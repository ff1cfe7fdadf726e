import type { TensorBackend } from '../tensor/open-tensors';
import type { TowerShape } from './weights';

export interface AttentionOptions {
  /** Numbers of an item, a position and a user. @default 48 */
  readonly dimensions: number;
  /** How many of the newest items are read. @default 50 */
  readonly length: number;
  /** Layers of attention and feed-forward. @default 2 */
  readonly blocks: number;
  /** Parts of a vector that attend for themselves; divides `dimensions`. @default 1 */
  readonly heads: number;
  /** Width of the feed-forward part. @default 48 */
  readonly hidden: number;
  /** Share of the numbers dropped while learning, in [0, 1). @default 0.2 */
  readonly dropout: number;
  /** `softmax`: (sampled) cross-entropy; `gbce`: calibrated binary cross-entropy of gSASRec. @default 'softmax' */
  readonly loss: 'softmax' | 'gbce';
  /** Items that the right one is told apart from, shared by a batch; with no more than these in all, all are. @default 4_096 */
  readonly negatives: number;
  /** t of gSASRec, in [0, 1]; of loss `gbce` only. @default 0.75 */
  readonly calibration: number;
  /** How user and item embedding are compared, in learning and in serving. @default 'dot' */
  readonly similarity: 'dot' | 'cosine';
  /** What cosines are divided by while learning; of similarity `cosine` only. @default 0.1 */
  readonly temperature: number;
  /** Windows in a step, when they are full. @default 64 */
  readonly batch: number;
  /** Of Adam at its highest: it rises over the first `warmUp` steps and falls along a half cosine to a twentieth. @default 0.002 */
  readonly learningRate: number;
  /** @default 100 */
  readonly warmUp: number;
  /** Passes over the users at most, a window of each. @default 90 */
  readonly epochs: number;
  /** Epochs without a better NDCG@10 of users held out (its running mean), after which the fit ends; the best is kept. @default 30 */
  readonly patience: number;
  /** @default 1 */
  readonly seed: number;
  /** Most recently active users that are learnt from, with their newest items. @default 200_000 */
  readonly mostUsers: number;
  /** @default 2_000 */
  readonly mostItems: number;
  /** Items looked at by a query at least; with no more than these in all, every one is. @default 4_096 */
  readonly scan: number;
  /** What computes the fit. @default 'auto' // tfjs-node where it loads, else wasm */
  readonly backend: TensorBackend | 'auto';
}

export const ATTENTION_DEFAULTS: AttentionOptions = {
  dimensions: 48,
  length: 50,
  blocks: 2,
  heads: 1,
  hidden: 48,
  dropout: 0.2,
  loss: 'softmax',
  negatives: 4_096,
  calibration: 0.75,
  similarity: 'dot',
  temperature: 0.1,
  batch: 64,
  learningRate: 0.002,
  warmUp: 100,
  epochs: 90,
  patience: 30,
  seed: 1,
  mostUsers: 200_000,
  mostItems: 2_000,
  scan: 4_096,
  backend: 'auto',
};

/** @throws RangeError when the heads do not divide the dimensions. */
export function shapeOf({ dimensions, length, blocks, heads, hidden }: AttentionOptions): TowerShape {
  if (dimensions % heads !== 0) throw new RangeError(`${heads} heads do not divide ${dimensions} dimensions`);
  return { dimensions, length, blocks, heads, hidden };
}

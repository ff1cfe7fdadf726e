import type { BlendSettings } from './blend';

/**
 * The blend of every surface that names none of its own. Found on the validation parts of ml-100k, never on a test part, by
 * `npm run evaluate -- --dataset ml-100k --tune`: session-knn 1.5, item-knn 0.05, transition 1, factor 2, content-based 0.5, fused by `max`; user-knn
 * and popular did not add the margin of NDCG@10 0.0005 that a model must add to join.
 *
 * One deviation: item-knn has weight 1. On all validation cases that is within the margin of the found 0.05 (mean of both protocols: 0.1273 and
 * 0.1276), and item-knn learns from each behaviour at once and can say which item of the user's a recommendation comes from.
 */
export const DEFAULT_BLEND: BlendSettings = {
  weights: { 'session-knn': 1.5, 'item-knn': 1, transition: 1, factor: 2, 'content-based': 0.5 },
  fusion: 'max',
  candidatesPerModel: 300,
};

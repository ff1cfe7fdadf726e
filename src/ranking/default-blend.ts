import type { BlendSettings } from './blend';

/**
 * The blend of every surface that names none of its own and has no learnt one. Found by coordinate ascent on the validation parts of ml-100k, never on a
 * test part, before ease, ncf and attention were there: session-knn 1, transition 0.7, factor 2, content-based 0.2, fused by `min-max`; popular, user-knn and
 * item-knn did not add the NDCG@10 of 0.0005 that a model must add to join.
 *
 * One deviation: item-knn joins with 0.5. On all validation cases that cost nothing (mean NDCG@10 of both protocols 0.1276; without it 0.1273),
 * and item-knn learns from each behaviour at once and can say which item of the user's a recommendation comes from.
 */
export const DEFAULT_BLEND: BlendSettings = {
  weights: { 'session-knn': 1, 'item-knn': 0.5, transition: 0.7, factor: 2, 'content-based': 0.2 },
  fusion: 'min-max',
  candidatesPerModel: 300,
};

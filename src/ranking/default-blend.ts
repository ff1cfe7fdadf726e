import type { BlendSettings } from './blend';

/** The blend of every surface that names none of its own: weights and fusion as chosen on validation data by `npm run evaluate`. */
export const DEFAULT_BLEND: BlendSettings = {
  weights: { transition: 1, 'item-knn': 1, 'user-knn': 0.3, factor: 0.3, 'content-based': 0.1 },
  fusion: 'z-score',
  candidatesPerModel: 300,
};

import type { ModelOptions } from '../models/model-catalogue';
import { WHOLE_SESSIONS } from './serenade-settings';

/** The evaluation ranks whole catalogues, so the popular items must not end at the length that serving keeps. */
const EVERY_ITEM = { longest: 100_000 } as const;

/** Where the order of a profile says nothing, all of it counts the same. */
const WHOLE_PROFILES = { profileDecay: 1, profileItems: 2_000 } as const;

/**
 * Options of each model for each data set, found on its validation part alone by `npm run tune`; what is absent is the model's default, which
 * is what was found on ml-100k.
 */
export const TUNED_OPTIONS: Readonly<Record<string, ModelOptions>> = {
  'ml-100k': { popular: EVERY_ITEM },
  'ncf-ml-1m': {
    popular: EVERY_ITEM,
    'user-knn': { k: 40, shrink: 0, profileDecay: 1, profileItems: 2_000, mostItems: 2_500, mostPostings: 10_000 },
    'item-knn': { k: 50, shrink: 20, normExponent: 0.6, ...WHOLE_PROFILES, window: 10_000, pairDecay: 1, keep: 3_706 },
    factor: { dimensions: 192, unobservedWeight: 0.3, regularisation: 0.007, ...WHOLE_PROFILES, mostItems: 2_500 },
    ease: { lambda: 1_000, keep: 3_706, ...WHOLE_PROFILES },
    ncf: { epochs: 16, batchSamples: 16_384, learningRate: 0.01, regularisation: 0.003 },
    // The order of this file means little: what order can tell is learnt in a few epochs.
    attention: { epochs: 12 },
  },
  'sasrec-ml-1m': {
    popular: EVERY_ITEM,
    'item-knn': { k: 200, pairDecay: 0.8, profileDecay: 0.7 },
    transition: { smoothing: 40, linkDecay: 0.75, profileDecay: 0.7, profileItems: 8 },
    ease: { lambda: 1_000, keep: 500, profileDecay: 0.8 },
  },
  'serenade-toy': {
    popular: EVERY_ITEM,
    'session-knn': { m: 2500, k: 75, maxItems: 5, idfWeighting: 3, ...WHOLE_SESSIONS },
    attention: { epochs: 30 },
  },
};

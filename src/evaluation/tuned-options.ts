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
    'user-knn': { k: 40, ...WHOLE_PROFILES, mostItems: 2_500, mostPostings: 10_000 },
    'item-knn': {
      k: 60,
      nearestOf: 'candidate',
      shrink: 30,
      normExponent: 0.6,
      ...WHOLE_PROFILES,
      window: 10_000,
      pairDecay: 1,
      keep: 3_706,
    },
    factor: { dimensions: 192, unobservedWeight: 0.3, regularisation: 0.007, ...WHOLE_PROFILES, mostItems: 2_500 },
    ease: { keep: 3_706, ...WHOLE_PROFILES },
    ncf: {
      widths: '32-16-8',
      epochs: 16,
      batchSamples: 16_384,
      learningRate: 0.01,
      regularisation: 0.003,
      historyDropout: 0.2,
      normExponent: 0.5,
      ...WHOLE_PROFILES,
    },
    // The order of this file means little: what order can tell is learnt in a few epochs.
    attention: { epochs: 6 },
  },
  'sasrec-ml-1m': {
    popular: EVERY_ITEM,
    'item-knn': { k: 200, pairDecay: 0.8, profileDecay: 0.7 },
    transition: { linkDecay: 0.75, profileDecay: 0.7, profileItems: 8 },
    factor: { dimensions: 128, unobservedWeight: 0.1, epochs: 6 },
    ease: { keep: 3_416 },
    attention: { dimensions: 64, hidden: 64, epochs: 140, patience: 40 },
  },
  'serenade-toy': {
    popular: EVERY_ITEM,
    'session-knn': { m: 2500, k: 75, maxItems: 5, idfWeighting: 3, ...WHOLE_SESSIONS },
    attention: { epochs: 15 },
  },
  'online-retail': { popular: EVERY_ITEM, attention: { epochs: 15 } },
};

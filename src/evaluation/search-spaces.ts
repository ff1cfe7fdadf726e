import type { ModelName } from '../push/recommendation-list';

export type OptionValue = number | string | boolean;
/** Values to try for each option, ascending where they are numbers. */
export type OptionSpace = Readonly<Record<string, readonly OptionValue[]>>;

export interface ModelSpace {
  /** What a fit depends on. */
  readonly fit: OptionSpace;
  /** What only scoring depends on: tried without another fit. */
  readonly score: OptionSpace;
}

const DECAYS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] as const;
const PROFILE = { profileDecay: DECAYS, profileItems: [5, 8, 10, 15, 20, 30, 50, 100, 200, 1000] } as const;

/** What `npm run tune` looks at for each model; a model without a space has nothing to choose. */
export const SEARCH_SPACES: Readonly<Partial<Record<ModelName, ModelSpace>>> = {
  'user-knn': {
    fit: { mostItems: [100, 200, 300, 500, 1000, 2000], mostPostings: [200, 500, 1000, 2000, 6000] },
    score: { k: [25, 50, 100, 150, 200, 300, 500], shrink: [0, 2, 5, 10, 20, 50], ...PROFILE },
  },
  'session-knn': {
    // The ranges of Serenade's own search, in steps.
    fit: { m: [100, 250, 500, 750, 1000, 1500, 2000, 2500] },
    score: {
      k: [50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500],
      maxItems: [1, 2, 3, 4, 5, 6, 8, 10, 15, 20],
      idfWeighting: [0, 0.5, 1, 1.5, 2, 3, 4, 5],
    },
  },
  'item-knn': {
    fit: { window: [5, 10, 20, 30, 100, 3000], pairDecay: [0.7, 0.8, 0.9, 0.95, 1], keep: [400, 1000, 4000] },
    score: { k: [20, 50, 100, 200, 400], shrink: [0, 5, 10, 20, 50, 100], normExponent: [0.3, 0.4, 0.5, 0.6, 0.7], ...PROFILE },
  },
  transition: {
    fit: { window: [1, 2, 3, 5, 10, 20, 30], linkDecay: [0.4, 0.5, 0.65, 0.8, 0.9, 1], keep: [256, 1000, 4000] },
    score: { smoothing: [0, 2, 5, 10, 20, 50, 100], ...PROFILE },
  },
  factor: {
    fit: {
      dimensions: [32, 64, 96, 128, 192],
      unobservedWeight: [0.03, 0.1, 0.2, 0.3, 0.6, 1],
      regularisation: [0.001, 0.003, 0.007, 0.01, 0.02, 0.05],
      epochs: [8, 12, 16],
    },
    score: PROFILE,
  },
  ease: {
    fit: { lambda: [50, 100, 200, 400, 600, 1000, 1500, 2500], keep: [100, 200, 500, 1000, 4000] },
    score: PROFILE,
  },
  ncf: {
    fit: {
      gmfDimensions: [16, 32, 64, 128],
      mlpDimensions: [16, 32, 64],
      widths: ['8', '16', '32-8', '32-16-8', '64-32-16'],
      negatives: [2, 4, 8],
      negativePopularity: [0, 0.25, 0.5, 0.75],
      epochs: [10, 20, 40],
      learningRate: [0.001, 0.002, 0.004, 0.008],
      regularisation: [0, 0.001, 0.005, 0.01, 0.02],
      historyDropout: [0, 0.2, 0.4],
      profileDecay: DECAYS,
      normExponent: [0, 0.25, 0.5, 0.75, 1],
    },
    score: {},
  },
  attention: {
    fit: {
      dimensions: [32, 48, 64, 96],
      length: [20, 50, 100, 200],
      blocks: [1, 2, 3],
      heads: [1, 2],
      dropout: [0.1, 0.2, 0.3, 0.4, 0.5],
      loss: ['softmax', 'gbce'],
      negatives: [256, 1024, 4096],
      learningRate: [0.0005, 0.001, 0.002, 0.004],
      batch: [32, 64, 128],
      similarity: ['dot', 'cosine'],
    },
    score: {},
  },
};

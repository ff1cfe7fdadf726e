import type { ModelOptions } from '../models/model-catalogue';

/**
 * Options of each model for each data set, found on its validation part alone by `npm run tune`; what is absent is the model's default, which
 * is what was found on ml-100k.
 */
export const TUNED_OPTIONS: Readonly<Record<string, ModelOptions>> = {
  'ml-100k': {},
  'ncf-ml-1m': {},
  'sasrec-ml-1m': {},
};

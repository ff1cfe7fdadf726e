import { COST } from './cost';
import { DOMAINS } from './domains';
import { creatives } from './creatives/creatives';
import type { Experiment } from './experiment';
import { modalities } from './modalities';
import { offPolicy } from './off-policy';
import { policySimulator } from './policy-simulator';
import { privacyExperiment } from './privacy';
import { calibrationExperiment } from './reranking/calibration-experiment';
import { exposureExperiment } from './reranking/exposure-experiment';
import { traitsExperiment } from './traits/traits';

/** Every experiment, in the order of the scoreboard. */
export const EXPERIMENTS: readonly Experiment[] = [
  modalities,
  calibrationExperiment,
  exposureExperiment,
  traitsExperiment,
  COST,
  DOMAINS,
  creatives,
  privacyExperiment,
  offPolicy,
  policySimulator,
];

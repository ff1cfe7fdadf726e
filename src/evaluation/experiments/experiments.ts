import type { Experiment } from './experiment';
import { modalities } from './modalities';

/** Every experiment, in the order of the scoreboard. */
export const EXPERIMENTS: readonly Experiment[] = [modalities];

import type { Experiment } from './experiment';

/** Every experiment, in the order of the scoreboard. */
export const EXPERIMENTS: readonly Experiment[] = [];

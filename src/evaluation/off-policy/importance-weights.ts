import type { ActionLog, TargetPolicy } from './action-log';

/** [choices] weight = chance of the logged action under the target / its propensity. Their mean is 1 in expectation where the logging policy can take whatever the target can. */
export const importanceWeights = ({ actions, propensities }: ActionLog, target: TargetPolicy): Float64Array =>
  propensities.map((propensity, k) => target(k)[actions[k]!]! / propensity);

/** How many equally weighted choices would say as much: (Σ w)² / Σ w²; 0 of no weight. (Kong, 1992; Owen, Monte Carlo theory, 2013, §9.3.) */
export function effectiveSampleSize(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

import { fitLogistic, logisticProbability, type Logistic } from './logistic';

/** Score → probability. */
export interface PlattScaling {
  readonly slope: number;
  readonly offset: number;
}

/**
 * P(1 | score) = 1 / (1 + e^−(slope · score + offset)), fitted on scores of users who were held out of the fit, with the targets (N₊ + 1) / (N₊ + 2) and
 * 1 / (N₋ + 2) in place of 1 and 0 (Platt, *Advances in Large Margin Classifiers*, 1999; Lin, Lin, Weng, *Machine Learning* 2007, whose Newton steps these are).
 * Labels are 0 or 1.
 */
export function fitPlatt(scores: ArrayLike<number>, labels: ArrayLike<number>): PlattScaling {
  let positives = 0;
  for (let k = 0; k < labels.length; k++) positives += labels[k]!;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  const rows = Array.from(scores, (score) => [score]);
  const { weights, bias } = fitLogistic(
    rows,
    Array.from(labels, (label) => (label === 1 ? high : low)),
  );
  return { slope: weights[0]!, offset: bias };
}

export function plattProbability({ slope, offset }: PlattScaling, score: number): number {
  const logistic: Logistic = { weights: Float64Array.of(slope), bias: offset };
  return logisticProbability(logistic, [score]);
}

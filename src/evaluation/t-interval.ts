import type { Estimate } from './bootstrap';

/** 97.5 % quantiles of Student's t for 1, 2, … 9 degrees of freedom. */
const T_QUANTILES = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/**
 * The mean of 2 to 10 independent values (seeds) with its 95 % t-interval: a bootstrap of so few would be too narrow.
 * @throws RangeError for fewer or more.
 */
export function t95(values: readonly number[]): Estimate {
  const quantile = T_QUANTILES[values.length - 2];
  if (quantile === undefined) throw new RangeError(`${values.length} values; 2 to 10 are needed`);
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (values.length - 1);
  const half = quantile * Math.sqrt(variance / values.length);
  return { value, low: value - half, high: value + half };
}

import { seededRandom } from '../platform/random';

export interface Estimate {
  readonly value: number;
  /** Ends of the interval. */
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** @default 1_000 */
  readonly resamples?: number;
  /** Share of the resampled means inside the interval. @default 0.95 */
  readonly level?: number;
}

/**
 * The mean of `values` with its percentile bootstrap interval. Whole groups (users) are drawn with replacement, because the cases of one user
 * go together: `groups[k]`, a small non-negative integer, is the group of `values[k]`. Deterministic in the seed. No values: all 0.
 * (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13.)
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  groups: ArrayLike<number>,
  { seed, resamples = 1000, level = 0.95 }: BootstrapOptions,
): Estimate {
  const { sums, counts } = totalsByGroup(values, groups);
  const total = ratio(sum(sums), sum(counts));
  const random = seededRandom(seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let drawnSum = 0;
    let drawnCount = 0;
    for (let draw = 0; draw < sums.length; draw++) {
      const group = Math.floor(random() * sums.length);
      drawnSum += sums[group]!;
      drawnCount += counts[group]!;
    }
    return ratio(drawnSum, drawnCount);
  }).sort();
  return { value: total, low: quantile(means, (1 - level) / 2), high: quantile(means, (1 + level) / 2) };
}

function totalsByGroup(values: ArrayLike<number>, groups: ArrayLike<number>): { sums: number[]; counts: number[] } {
  const places = new Map<number, number>();
  const sums: number[] = [];
  const counts: number[] = [];
  for (let k = 0; k < values.length; k++) {
    const place = places.get(groups[k]!) ?? sums.length;
    places.set(groups[k]!, place);
    sums[place] = (sums[place] ?? 0) + values[k]!;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return { sums, counts };
}

/** Quantile of ascending numbers, linear between them (Hyndman & Fan type 7); 0 of none. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  if (ascending.length === 0) return 0;
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)]!;
  const above = ascending[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const ratio = (numerator: number, denominator: number): number => (denominator === 0 ? 0 : numerator / denominator);

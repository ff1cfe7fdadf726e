import { seededRandom } from '../platform/random';

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than a draw.
const { floor } = Math;

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
  /** Share of the resampled values inside the interval. @default 0.95 */
  readonly level?: number;
}

/**
 * The mean of `values` with its percentile bootstrap interval. Whole groups (users) are drawn with replacement, because the cases of one user
 * go together: `groups[k]` is the group of `values[k]`. Deterministic in the seed. No values: all 0.
 * (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13.)
 */
export const bootstrapMean = (values: ArrayLike<number>, groups: ArrayLike<number>, options: BootstrapOptions): Estimate =>
  bootstrapTotals(
    totalsByGroup(
      groups,
      (k) => values[k]!,
      () => 1,
    ),
    options,
  );

/**
 * mean(a − b) of two rankers' values on the same cases, with its paired percentile interval: both are resampled together, so what makes a case
 * hard for both cancels. Otherwise as `bootstrapMean`. An interval above 0 says that a is better than b.
 * @throws RangeError when the lengths differ.
 */
export function bootstrapDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  groups: ArrayLike<number>,
  options: BootstrapOptions,
): Estimate {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be paired with ${b.length}`);
  return bootstrapTotals(
    totalsByGroup(
      groups,
      (k) => a[k]! - b[k]!,
      () => 1,
      a.length,
    ),
    options,
  );
}

/**
 * Σ numerators / Σ denominators with its percentile interval, both resampled together; 0 where the denominators sum to 0. Otherwise as
 * `bootstrapMean`, which is the case of denominators 1. @throws RangeError when the lengths differ.
 */
export function bootstrapRatio(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  groups: ArrayLike<number>,
  options: BootstrapOptions,
): Estimate {
  if (numerators.length !== denominators.length)
    throw new RangeError(`${numerators.length} numerators do not go with ${denominators.length} denominators`);
  return bootstrapTotals(
    totalsByGroup(
      groups,
      (k) => numerators[k]!,
      (k) => denominators[k]!,
      numerators.length,
    ),
    options,
  );
}

/** Sums of each group, in the order in which groups appear. */
interface GroupTotals {
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
}

/** A resample is drawn from the sums of groups, so it costs their number and not that of the values. */
function bootstrapTotals({ numerators, denominators }: GroupTotals, { seed, resamples = 1000, level = 0.95 }: BootstrapOptions): Estimate {
  const groups = numerators.length;
  const random = seededRandom(seed);
  const drawn = new Float64Array(resamples);
  for (let k = 0; k < resamples; k++) {
    let numerator = 0;
    let denominator = 0;
    for (let draw = 0; draw < groups; draw++) {
      const group = floor(random() * groups);
      numerator += numerators[group]!;
      denominator += denominators[group]!;
    }
    drawn[k] = ratio(numerator, denominator);
  }
  drawn.sort();
  return {
    value: ratio(sum(numerators), sum(denominators)),
    low: quantile(drawn, (1 - level) / 2),
    high: quantile(drawn, (1 + level) / 2),
  };
}

function totalsByGroup(
  groups: ArrayLike<number>,
  numeratorOf: (k: number) => number,
  denominatorOf: (k: number) => number,
  length = groups.length,
): GroupTotals {
  if (groups.length !== length) throw new RangeError(`${length} values do not go with ${groups.length} groups`);
  const places = new Map<number, number>();
  const placeOf = new Int32Array(length);
  for (let k = 0; k < length; k++) {
    let place = places.get(groups[k]!);
    if (place === undefined) places.set(groups[k]!, (place = places.size));
    placeOf[k] = place;
  }
  const numerators = new Float64Array(places.size);
  const denominators = new Float64Array(places.size);
  for (let k = 0; k < length; k++) {
    numerators[placeOf[k]!]! += numeratorOf(k);
    denominators[placeOf[k]!]! += denominatorOf(k);
  }
  return { numerators, denominators };
}

/** Quantile of ascending numbers, linear between them (Hyndman & Fan type 7); 0 of none. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  if (ascending.length === 0) return 0;
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)]!;
  const above = ascending[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

const sum = (numbers: Float64Array): number => numbers.reduce((total, number) => total + number, 0);
const ratio = (numerator: number, denominator: number): number => (denominator === 0 ? 0 : numerator / denominator);

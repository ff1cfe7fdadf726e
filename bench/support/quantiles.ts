/** The q-quantile by nearest rank of values in ascending order; 0 when there are none. */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const rank = Math.min(ascending.length, Math.max(1, Math.ceil(q * ascending.length)));
  return ascending[rank - 1] ?? 0;
}

export interface Spread {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Quantiles of times in any order, rounded to a hundredth. */
export function spreadOf(times: readonly number[]): Spread {
  const ascending = Float64Array.from(times).sort();
  return {
    p50Ms: round(quantile(ascending, 0.5)),
    p90Ms: round(quantile(ascending, 0.9)),
    p99Ms: round(quantile(ascending, 0.99)),
    maxMs: round(quantile(ascending, 1)),
  };
}

/** Rounded to two decimal places. */
export const round = (value: number): number => Math.round(value * 100) / 100;

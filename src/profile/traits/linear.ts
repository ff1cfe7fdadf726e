import type { Feature } from './behaviour-features';

/** A linear score of scaled features. */
export interface LinearModel {
  readonly scaling: Scaling;
  /** [features] */
  readonly weights: Float64Array;
  readonly bias: number;
}

/** x ↦ (f(x) − mean) / deviation, f being ln(1 + x) for counts and x itself for shares. Each [features]. */
export interface Scaling {
  readonly logs: Uint8Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

const shaped = (value: number, log: number): number => (log === 1 ? Math.log1p(value) : value);

/** What makes each feature of these rows of mean 0 and deviation 1; a constant one becomes 0. */
export function scalingOf(features: readonly Feature[], rows: readonly ArrayLike<number>[]): Scaling {
  const logs = Uint8Array.from(features, ({ kind }) => (kind === 'share' ? 0 : 1));
  const means = Float64Array.from(features, (_, f) => rows.reduce((sum, row) => sum + shaped(row[f]!, logs[f]!), 0) / rows.length);
  const deviations = Float64Array.from(features, (_, f) => {
    const variance = rows.reduce((sum, row) => sum + (shaped(row[f]!, logs[f]!) - means[f]!) ** 2, 0) / rows.length;
    return variance > 1e-12 ? Math.sqrt(variance) : Infinity;
  });
  return { logs, means, deviations };
}

export const scaled = ({ logs, means, deviations }: Scaling, row: ArrayLike<number>): number[] =>
  Array.from(row, (value, f) => (shaped(value, logs[f]!) - means[f]!) / deviations[f]!);

export function linearScore({ scaling, weights, bias }: LinearModel, row: ArrayLike<number>): number {
  return scaled(scaling, row).reduce((score, value, f) => score + weights[f]! * value, bias);
}

/** P(1 | x) = 1 / (1 + e^−(⟨weights, x⟩ + bias)) */
export interface Logistic {
  readonly weights: Float64Array;
  readonly bias: number;
}

export function logisticProbability({ weights, bias }: Logistic, row: ArrayLike<number>): number {
  let score = bias;
  for (let f = 0; f < weights.length; f++) score += weights[f]! * row[f]!;
  return 1 / (1 + Math.exp(-score));
}

export interface LogisticOptions {
  /** Pull of the weights, not of the bias, towards 0. @default 1e-6 */
  readonly l2?: number;
  /** @default 50 */
  readonly mostSteps?: number;
}

/**
 * Logistic regression by Newton steps that are halved until the loss falls. `targets` in [0, 1]. Minimises the mean of −t ln p − (1 − t) ln(1 − p), plus
 * l2 / 2 · |weights|². Deterministic.
 */
export function fitLogistic(
  rows: readonly ArrayLike<number>[],
  targets: ArrayLike<number>,
  { l2 = 1e-6, mostSteps = 50 }: LogisticOptions = {},
): Logistic {
  const width = rows[0]?.length ?? 0;
  let at = new Float64Array(width + 1); // the bias last
  let loss = lossOf(rows, targets, at, l2);
  for (let step = 0; step < mostSteps; step++) {
    const { gradient, hessian } = derivatives(rows, targets, at, l2);
    const direction = solve(hessian, gradient);
    let size = 1;
    let next = at;
    let nextLoss = Infinity;
    for (; size > 1e-6 && !(nextLoss < loss); size /= 2) {
      next = at.map((value, f) => value - size * direction[f]!);
      nextLoss = lossOf(rows, targets, next, l2);
    }
    if (!(loss - nextLoss > 1e-10)) break;
    at = next;
    loss = nextLoss;
  }
  return { weights: at.slice(0, width), bias: at[width]! };
}

const scoreOf = (row: ArrayLike<number>, at: Float64Array): number => {
  let score = at[at.length - 1]!;
  for (let f = 0; f < at.length - 1; f++) score += at[f]! * row[f]!;
  return score;
};

/** ln(1 + e^z), without overflow. */
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

function lossOf(rows: readonly ArrayLike<number>[], targets: ArrayLike<number>, at: Float64Array, l2: number): number {
  let sum = 0;
  rows.forEach((row, k) => {
    const score = scoreOf(row, at);
    sum += softplus(score) - targets[k]! * score;
  });
  let square = 0;
  for (let f = 0; f < at.length - 1; f++) square += at[f]! ** 2;
  return sum / rows.length + (l2 / 2) * square;
}

function derivatives(rows: readonly ArrayLike<number>[], targets: ArrayLike<number>, at: Float64Array, l2: number) {
  const size = at.length;
  const gradient = new Float64Array(size);
  const hessian = Array.from({ length: size }, () => new Float64Array(size));
  rows.forEach((row, k) => {
    const x = (f: number): number => (f === size - 1 ? 1 : row[f]!);
    const p = 1 / (1 + Math.exp(-scoreOf(row, at)));
    for (let f = 0; f < size; f++) {
      gradient[f]! += ((p - targets[k]!) * x(f)) / rows.length;
      for (let g = 0; g <= f; g++) hessian[f]![g]! += (p * (1 - p) * x(f) * x(g)) / rows.length;
    }
  });
  for (let f = 0; f < size; f++) {
    for (let g = 0; g < f; g++) hessian[g]![f] = hessian[f]![g]!;
    if (f < size - 1) gradient[f]! += l2 * at[f]!;
    hessian[f]![f]! += f < size - 1 ? l2 : 0;
    hessian[f]![f]! += 1e-9; // so that a column of zeros can be solved for
  }
  return { gradient, hessian };
}

/** x of A x = b, for a symmetric positive definite A: Gaussian elimination needs no pivots. Overwrites both. */
function solve(a: Float64Array[], b: Float64Array): Float64Array {
  const size = b.length;
  for (let k = 0; k < size; k++) {
    for (let i = k + 1; i < size; i++) {
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k; j < size; j++) a[i]![j]! -= factor * a[k]![j]!;
      b[i]! -= factor * b[k]!;
    }
  }
  for (let k = size - 1; k >= 0; k--) {
    for (let j = k + 1; j < size; j++) b[k]! -= a[k]![j]! * b[j]!;
    b[k]! /= a[k]![k]!;
  }
  return b;
}

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than the arithmetic.
const { exp, log, log1p, max } = Math;

/** What an arm has earned in a segment. */
export interface ArmCount {
  readonly shown: number;
  readonly clicked: number;
}

/** Places of the grid on [0, 1] on which posteriors are integrated. */
const GRID = 1024;

/**
 * P(arm k has the largest rate) under independent posteriors Beta(1 + clicked, 1 + shown − clicked): the probability with which Thompson sampling
 * (Thompson 1933; Chapelle & Li, NIPS 2011) shows the arm. Deviation: integrated on a grid, ∫ f_k Π_{j≠k} F_j, instead of estimated by draws, so that the
 * propensity that is logged is the one by which is chosen. Sums to 1; in the order of the arms; no arms: none.
 */
export function thompsonShares(arms: readonly ArmCount[]): number[] {
  const densities = arms.map(betaDensity);
  const below = densities.map(cumulated);
  const shares = densities.map((density, k) => {
    let share = 0;
    for (let x = 0; x < GRID; x++) {
      let others = density[x]!;
      for (let j = 0; j < below.length && others > 0; j++) if (j !== k) others *= below[j]![x]!;
      share += others;
    }
    return share;
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

/** The posterior at the middle of each cell of the grid; sums to 1. */
function betaDensity({ shown, clicked }: ArmCount): Float64Array {
  const misses = max(0, shown - clicked);
  const logs = new Float64Array(GRID);
  let largest = -Infinity;
  for (let x = 0; x < GRID; x++) {
    const at = (x + 0.5) / GRID;
    logs[x] = clicked * log(at) + misses * log1p(-at);
    largest = max(largest, logs[x]!);
  }
  const density = logs.map((log) => exp(log - largest));
  const total = density.reduce((sum, value) => sum + value, 0);
  return density.map((value) => value / total);
}

/** Probability of less than each cell's middle: half of the cell itself counts, so that ties are shared. */
function cumulated(density: Float64Array): Float64Array {
  let before = 0;
  return density.map((value) => {
    const middle = before + value / 2;
    before += value;
    return middle;
  });
}

/** The index drawn by `at` in [0, 1) from shares that sum to 1. */
export function drawIndex(shares: ArrayLike<number>, at: number): number {
  let left = at;
  let last = 0;
  for (let k = 0; k < shares.length; k++) {
    if (shares[k]! <= 0) continue;
    last = k;
    left -= shares[k]!;
    if (left < 0) return k;
  }
  return last; // rounding: the sum was a hair below 1
}

import type { UserVectors } from '../user-knn/user-vectors';
import type { NcfOptions } from './ncf-options';
import { profileWeights } from './profile-weights';

/** Conjugate-gradient steps: on ml-1m the residual is below a hundredth after half as many. */
const STEPS = 30;

/**
 * The table H [items × dimensions] from which users' vectors are told: argmin Σ_u |x_u − Σ_j a_uj h_j|² + λ Σ_j |h_j|², a_uj the weight of
 * item j in the profile of user u, as `ItemsUserSide` and the scorer weigh it. One ridge regression for all columns of X [users × dimensions],
 * by conjugate gradients on AᵀA + λI, a column each: O(steps · events · dimensions).
 */
export function foldInTable(
  users: UserVectors,
  items: number,
  x: Float32Array,
  dimensions: number,
  options: Pick<NcfOptions, 'profileDecay' | 'profileItems' | 'normExponent' | 'foldInRidge'>,
): Float32Array {
  const weights = profileWeights(users, options);
  const solution = new Float32Array(items * dimensions);
  const residual = new Float32Array(items * dimensions);
  addTransposed(users, weights, x, residual, dimensions);
  const direction = residual.slice();
  const product = new Float32Array(items * dimensions);
  let norms = columnDots(residual, residual, dimensions);
  for (let step = 0; step < STEPS; step++) {
    product.fill(0);
    addTransposed(users, weights, multiply(users, weights, direction, dimensions), product, dimensions);
    for (let k = 0; k < product.length; k++) product[k]! += options.foldInRidge * direction[k]!;
    const curvature = columnDots(direction, product, dimensions);
    const alpha = norms.map((norm, a) => (curvature[a]! > 0 ? norm / curvature[a]! : 0));
    for (let k = 0; k < product.length; k++) {
      solution[k]! += alpha[k % dimensions]! * direction[k]!;
      residual[k]! -= alpha[k % dimensions]! * product[k]!;
    }
    const next = columnDots(residual, residual, dimensions);
    const beta = next.map((norm, a) => (norms[a]! > 0 ? norm / norms[a]! : 0));
    for (let k = 0; k < product.length; k++) direction[k] = residual[k]! + beta[k % dimensions]! * direction[k]!;
    norms = next;
  }
  return solution;
}

/** A · table: [users × dimensions]. */
function multiply({ indptr, items }: UserVectors, weights: Float32Array, table: Float32Array, dimensions: number): Float32Array {
  const out = new Float32Array((indptr.length - 1) * dimensions);
  for (let user = 0; user < indptr.length - 1; user++) {
    const to = user * dimensions;
    for (let k = indptr[user]!; k < indptr[user + 1]!; k++) {
      const weight = weights[k]!;
      if (weight === 0) continue;
      const from = items[k]! * dimensions;
      for (let a = 0; a < dimensions; a++) out[to + a]! += weight * table[from + a]!;
    }
  }
  return out;
}

/** target += Aᵀ · x */
function addTransposed(
  { indptr, items }: UserVectors,
  weights: Float32Array,
  x: Float32Array,
  target: Float32Array,
  dimensions: number,
): void {
  for (let user = 0; user < indptr.length - 1; user++) {
    const from = user * dimensions;
    for (let k = indptr[user]!; k < indptr[user + 1]!; k++) {
      const weight = weights[k]!;
      if (weight === 0) continue;
      const to = items[k]! * dimensions;
      for (let a = 0; a < dimensions; a++) target[to + a]! += weight * x[from + a]!;
    }
  }
}

/** The inner product of each column: [dimensions]. */
function columnDots(a: Float32Array, b: Float32Array, dimensions: number): Float64Array {
  const dots = new Float64Array(dimensions);
  for (let k = 0; k < a.length; k++) dots[k % dimensions]! += a[k]! * b[k]!;
  return dots;
}

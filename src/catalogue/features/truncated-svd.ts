import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { gaussian, seededRandom } from '../../platform/random';

/** A sparse matrix by rows: row r holds entries indptr[r] … indptr[r + 1] − 1. */
export interface SparseRows {
  /** [rows + 1], ascending. */
  readonly indptr: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Directions more than are asked for, and rounds: with both, the error of what is kept is far below that of what is cut. */
const OVERSAMPLING = 8;
const ROUNDS = 5;

/**
 * The right singular vectors of the `rank` largest singular values of a matrix with `width` columns: [width × rank], row-major, orthonormal
 * columns, largest first. `rows · basis` is the matrix in fewer dimensions. Where `width` ≤ `rank` nothing is cut: the identity,
 * [width × width]. Deterministic.
 *
 * Subspace iteration from a random start with a Rayleigh–Ritz step at the end (Halko, Martinsson, Tropp, *SIAM Review* 2011, algorithm 4.4);
 * it works on MᵀM, so that nothing as long as the rows is kept.
 */
export function truncatedSvd(matrix: SparseRows, width: number, rank: number, seed = 1): Float64Array {
  if (width <= rank) return identity(width);
  const kept = Math.min(width, rank + OVERSAMPLING);
  const random = seededRandom(seed);
  let basis = Float64Array.from({ length: width * kept }, () => gaussian(random));
  for (let round = 0; round < ROUNDS; round++) {
    orthonormalise(basis, width, kept);
    basis = multiplyGram(matrix, basis, kept);
  }
  orthonormalise(basis, width, kept);
  return ritz(basis, multiplyGram(matrix, basis, kept), { width, kept, rank });
}

function identity(size: number): Float64Array {
  const table = new Float64Array(size * size);
  for (let k = 0; k < size; k++) table[k * size + k] = 1;
  return table;
}

/** MᵀM · basis, one row of M at a time. */
function multiplyGram({ indptr, columns, values }: SparseRows, basis: Float64Array, kept: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(basis.length);
  const image = new Float64Array(kept);
  for (let r = 0; r + 1 < indptr.length; r++) {
    image.fill(0);
    for (let k = indptr[r]!; k < indptr[r + 1]!; k++) {
      const [at, value] = [columns[k]! * kept, values[k]!];
      for (let a = 0; a < kept; a++) image[a]! += value * basis[at + a]!;
    }
    for (let k = indptr[r]!; k < indptr[r + 1]!; k++) {
      const [at, value] = [columns[k]! * kept, values[k]!];
      for (let a = 0; a < kept; a++) result[at + a]! += value * image[a]!;
    }
  }
  return result;
}

/** Gram–Schmidt, each column twice ("twice is enough", Giraud et al. 2005). A column that depends on those before becomes 0. */
function orthonormalise(basis: Float64Array, width: number, kept: number): void {
  const product = (a: number, b: number): number => {
    let sum = 0;
    for (let r = 0; r < width; r++) sum += basis[r * kept + a]! * basis[r * kept + b]!;
    return sum;
  };
  for (let a = 0; a < kept; a++) {
    const before = Math.sqrt(product(a, a));
    for (let pass = 0; pass < 2; pass++) {
      for (let b = 0; b < a; b++) {
        const overlap = product(a, b);
        for (let r = 0; r < width; r++) basis[r * kept + a]! -= overlap * basis[r * kept + b]!;
      }
    }
    const length = Math.sqrt(product(a, a));
    const scale = length > 1e-10 * before ? 1 / length : 0;
    for (let r = 0; r < width; r++) basis[r * kept + a]! *= scale;
  }
}

/** Turns an orthonormal basis of a subspace to the eigenvectors of MᵀM in it, largest first; the best `rank` of them. */
function ritz(
  basis: Float64Array,
  image: Float64Array,
  { width, kept, rank }: { readonly width: number; readonly kept: number; readonly rank: number },
): Float64Array {
  const small = new Matrix(kept, kept);
  for (let r = 0; r < width; r++) {
    for (let a = 0; a < kept; a++) {
      for (let b = 0; b < kept; b++) small.set(a, b, small.get(a, b) + basis[r * kept + a]! * image[r * kept + b]!);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const turned = new Float64Array(width * rank);
  for (let r = 0; r < width; r++) {
    for (let k = 0; k < rank; k++) {
      let sum = 0;
      for (let a = 0; a < kept; a++) sum += basis[r * kept + a]! * eigenvectorMatrix.get(a, order[k]!);
      turned[r * rank + k] = sum;
    }
  }
  return turned;
}

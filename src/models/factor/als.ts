import { gaussian, type Random } from '../../platform/random';
import type { Csr } from '../csr';

export interface AlsObjective {
  readonly dimensions: number;
  /** Weight α₀ of every pair, had or not. */
  readonly unobservedWeight: number;
  /** λ; a row is regularised by λ · (Σ its weights + α₀ · number of columns). */
  readonly regularisation: number;
}

/** A table of small normal numbers, σ = 0.1 / √dimensions: [rows × dimensions], row-major. */
export function randomTable(rows: number, dimensions: number, random: Random): Float32Array {
  return Float32Array.from({ length: rows * dimensions }, () => (gaussian(random) * 0.1) / Math.sqrt(dimensions));
}

/** Σ over rows of yᵀy: [dimensions × dimensions], symmetric, row-major. */
export function gramOf(table: Float32Array, dimensions: number): Float64Array {
  const gram = new Float64Array(dimensions * dimensions);
  for (let start = 0; start < table.length; start += dimensions) {
    for (let a = 0; a < dimensions; a++) {
      const y = table[start + a]!;
      for (let b = a; b < dimensions; b++) gram[a * dimensions + b]! += y * table[start + b]!;
    }
  }
  for (let a = 0; a < dimensions; a++) for (let b = 0; b < a; b++) gram[a * dimensions + b] = gram[b * dimensions + a]!;
  return gram;
}

/**
 * Solves (Σ_k w_k y_k y_kᵀ + α₀ G + λ' I) x = Σ_k w_k y_k for one row at a time by conjugate gradients (Takács et al.,
 * RecSys 2011), over the fixed table y with Gram matrix G. Each step costs dimensions² + 2 · dimensions · entries; the
 * matrix itself is never built. Work vectors are reused: one solver is not for concurrent use.
 */
export class RowSolver {
  private readonly residual: Float64Array;
  private readonly direction: Float64Array;
  private readonly image: Float64Array;

  constructor(
    private readonly table: Float32Array,
    private readonly gram: Float64Array,
    private readonly objective: AlsObjective,
    /** Rows of the table that a fit is about. @default all of them */
    private readonly columns: number = table.length / objective.dimensions,
  ) {
    this.residual = new Float64Array(objective.dimensions);
    this.direction = new Float64Array(objective.dimensions);
    this.image = new Float64Array(objective.dimensions);
  }

  /**
   * Improves `x` in place by at most `steps`, fewer once the residual is below `tolerance` of the right-hand side.
   * `rows[start … end − 1]` are rows of the table, `weights` theirs.
   */
  solve(
    x: Float64Array,
    rows: ArrayLike<number>,
    weights: ArrayLike<number>,
    start: number,
    end: number,
    steps: number,
    tolerance = 1e-6,
  ): void {
    const { residual, direction, image } = this;
    const { dimensions, unobservedWeight, regularisation } = this.objective;
    let weightSum = 0;
    for (let k = start; k < end; k++) weightSum += weights[k]!;
    const ridge = regularisation * (weightSum + unobservedWeight * this.columns);
    this.multiply(x, rows, weights, start, end, ridge, image);
    residual.fill(0);
    for (let k = start; k < end; k++) this.addScaled(residual, rows[k]!, weights[k]!);
    const target = tolerance * tolerance * squares(residual);
    for (let a = 0; a < dimensions; a++) residual[a]! -= image[a]!;
    direction.set(residual);
    let error = squares(residual);
    for (let step = 0; step < steps && error > target; step++) {
      this.multiply(direction, rows, weights, start, end, ridge, image);
      let curvature = 0;
      for (let a = 0; a < dimensions; a++) curvature += direction[a]! * image[a]!;
      if (!(curvature > 0)) return;
      const length = error / curvature;
      for (let a = 0; a < dimensions; a++) {
        x[a]! += length * direction[a]!;
        residual[a]! -= length * image[a]!;
      }
      const next = squares(residual);
      const turn = next / error;
      for (let a = 0; a < dimensions; a++) direction[a] = residual[a]! + turn * direction[a]!;
      error = next;
    }
  }

  /** into = (Σ w y yᵀ + α₀ G + ridge · I) v */
  private multiply(
    v: Float64Array,
    rows: ArrayLike<number>,
    weights: ArrayLike<number>,
    start: number,
    end: number,
    ridge: number,
    into: Float64Array,
  ): void {
    multiplyGram(this.gram, v, this.objective.unobservedWeight, ridge, into);
    const { table } = this;
    let k = start;
    for (; k + 4 <= end; k += 4) addOuterProducts(table, rows, weights, k, v, into);
    for (; k < end; k++) {
      const at = rows[k]! * v.length;
      let dot = 0;
      for (let a = 0; a < v.length; a++) dot += table[at + a]! * v[a]!;
      dot *= weights[k]!;
      for (let a = 0; a < v.length; a++) into[a]! += dot * table[at + a]!;
    }
  }

  private addScaled(into: Float64Array, row: number, scale: number): void {
    const at = row * into.length;
    for (let a = 0; a < into.length; a++) into[a]! += scale * this.table[at + a]!;
  }
}

/** into = (scale · G + ridge · I) v, four rows of G at a time: their sums need not wait for each other, and v is read a fourth as often. */
function multiplyGram(gram: Float64Array, v: Float64Array, scale: number, ridge: number, into: Float64Array): void {
  const dimensions = v.length;
  let a = 0;
  for (; a + 4 <= dimensions; a += 4) {
    const [p, q, r, s] = [a * dimensions, (a + 1) * dimensions, (a + 2) * dimensions, (a + 3) * dimensions];
    let [sumP, sumQ, sumR, sumS] = [0, 0, 0, 0];
    for (let b = 0; b < dimensions; b++) {
      const x = v[b]!;
      sumP += gram[p + b]! * x;
      sumQ += gram[q + b]! * x;
      sumR += gram[r + b]! * x;
      sumS += gram[s + b]! * x;
    }
    into[a] = scale * sumP + ridge * v[a]!;
    into[a + 1] = scale * sumQ + ridge * v[a + 1]!;
    into[a + 2] = scale * sumR + ridge * v[a + 2]!;
    into[a + 3] = scale * sumS + ridge * v[a + 3]!;
  }
  for (; a < dimensions; a++) {
    let sum = 0;
    for (let b = 0; b < dimensions; b++) sum += gram[a * dimensions + b]! * v[b]!;
    into[a] = scale * sum + ridge * v[a]!;
  }
}

/** into += Σ w y yᵀ v over the four entries from `at`. */
function addOuterProducts(
  table: Float32Array,
  rows: ArrayLike<number>,
  weights: ArrayLike<number>,
  at: number,
  v: Float64Array,
  into: Float64Array,
): void {
  const dimensions = v.length;
  const [p, q] = [rows[at]! * dimensions, rows[at + 1]! * dimensions];
  const [r, s] = [rows[at + 2]! * dimensions, rows[at + 3]! * dimensions];
  let [dotP, dotQ, dotR, dotS] = [0, 0, 0, 0];
  for (let a = 0; a < dimensions; a++) {
    const x = v[a]!;
    dotP += table[p + a]! * x;
    dotQ += table[q + a]! * x;
    dotR += table[r + a]! * x;
    dotS += table[s + a]! * x;
  }
  dotP *= weights[at]!;
  dotQ *= weights[at + 1]!;
  dotR *= weights[at + 2]!;
  dotS *= weights[at + 3]!;
  for (let a = 0; a < dimensions; a++) {
    into[a]! += dotP * table[p + a]! + dotQ * table[q + a]! + dotR * table[r + a]! + dotS * table[s + a]!;
  }
}

function squares(v: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < v.length; a++) sum += v[a]! * v[a]!;
  return sum;
}

/** Improves every row of `solved` for the fixed table: half of one epoch. `data` row r: the entries of row r. */
export function solveRows(solved: Float32Array, fixed: Float32Array, data: Csr, objective: AlsObjective, steps: number): void {
  const { dimensions } = objective;
  const solver = new RowSolver(fixed, gramOf(fixed, dimensions), objective);
  const x = new Float64Array(dimensions);
  for (let r = 0; r < data.indptr.length - 1; r++) {
    for (let a = 0; a < dimensions; a++) x[a] = solved[r * dimensions + a]!;
    solver.solve(x, data.targets, data.values, data.indptr[r]!, data.indptr[r + 1]!, steps);
    solved.set(x, r * dimensions);
  }
}

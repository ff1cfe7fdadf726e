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
    const { residual, direction, image, table } = this;
    const { dimensions, unobservedWeight, regularisation } = this.objective;
    let weightSum = 0;
    for (let k = start; k < end; k++) weightSum += weights[k]!;
    const ridge = regularisation * (weightSum + (unobservedWeight * table.length) / dimensions);
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
    const { gram, table } = this;
    const { dimensions, unobservedWeight } = this.objective;
    for (let a = 0; a < dimensions; a++) {
      let sum = 0;
      const at = a * dimensions;
      for (let b = 0; b < dimensions; b++) sum += gram[at + b]! * v[b]!;
      into[a] = unobservedWeight * sum + ridge * v[a]!;
    }
    for (let k = start; k < end; k++) {
      const at = rows[k]! * dimensions;
      let dot = 0;
      for (let a = 0; a < dimensions; a++) dot += table[at + a]! * v[a]!;
      dot *= weights[k]!;
      for (let a = 0; a < dimensions; a++) into[a]! += dot * table[at + a]!;
    }
  }

  private addScaled(into: Float64Array, row: number, scale: number): void {
    const at = row * into.length;
    for (let a = 0; a < into.length; a++) into[a]! += scale * this.table[at + a]!;
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

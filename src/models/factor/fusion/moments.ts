import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** A linear map with a constant: output = Bᵀ · (input − inputMeans) + outputMeans. */
export interface LinearMap {
  /** [inputs × outputs] */
  readonly slopes: Matrix;
  readonly inputMeans: Float64Array;
  readonly outputMeans: Float64Array;
}

/** Count, sums and products of rows of numbers: all that least squares needs to know of them, whichever numbers are inputs and whichever outputs. */
export class Moments {
  private rows = 0;
  private readonly sums: Float64Array;
  /** [width × width], the lower half. */
  private readonly halfProducts: Float64Array;

  constructor(private readonly width: number) {
    this.sums = new Float64Array(width);
    this.halfProducts = new Float64Array(width * width);
  }

  get count(): number {
    return this.rows;
  }

  /** Adds one row. */
  add(row: Float64Array): void {
    const { sums, halfProducts, width } = this;
    this.rows++;
    for (let p = 0; p < width; p++) {
      const value = row[p]!;
      if (value === 0) continue;
      sums[p]! += value;
      for (let q = 0; q <= p; q++) halfProducts[p * width + q]! += value * row[q]!;
    }
  }

  /** Adds the rows of another one, `times` over: −1 takes them away. */
  merge(other: Moments, times = 1): this {
    this.rows += times * other.rows;
    for (let p = 0; p < this.width; p++) this.sums[p]! += times * other.sums[p]!;
    for (let k = 0; k < this.halfProducts.length; k++) this.halfProducts[k]! += times * other.halfProducts[k]!;
    return this;
  }

  /** Of the columns asked for; 0 where there are no rows. */
  means(columns: readonly number[]): Float64Array {
    return Float64Array.from(columns, (p) => (this.rows === 0 ? 0 : this.sums[p]! / this.rows));
  }

  /** Σ over rows of (row[p] − centre of p) · (row[q] − centre of q), for p of `left` and q of `right`: [left × right]. */
  products(left: Centred, right: Centred): Matrix {
    const { sums, halfProducts, width, rows } = this;
    const products = Matrix.zeros(left.columns.length, right.columns.length);
    left.columns.forEach((p, a) =>
      right.columns.forEach((q, b) => {
        const raw = p >= q ? halfProducts[p * width + q]! : halfProducts[q * width + p]!;
        const [c, d] = [left.centres[a]!, right.centres[b]!];
        products.set(a, b, raw - c * sums[q]! - d * sums[p]! + rows * c * d);
      }),
    );
    return products;
  }
}

/** Columns, and what is taken away from each. */
export interface Centred {
  readonly columns: readonly number[];
  /** [columns] */
  readonly centres: Float64Array;
}

/** Least squares with an own λ for each input: |y − map(x)|² summed over the rows + Σ λ_p · |slopes of p|². The constant is not shrunk. */
export function ridge(rows: Moments, inputs: readonly number[], outputs: readonly number[], lambda: (input: number) => number): LinearMap {
  const of = { columns: inputs, centres: rows.means(inputs) };
  const to = { columns: outputs, centres: rows.means(outputs) };
  const slopes = solveRidge(rows.products(of, of), rows.products(of, to), lambda);
  return { slopes, inputMeans: of.centres, outputMeans: to.centres };
}

/** (products + diag λ)⁻¹ · `right`; of `products`, symmetric, the lower half is read; λ by the number of the input among the inputs. */
export function solveRidge(products: Matrix, right: Matrix, lambda: (input: number) => number): Matrix {
  if (products.rows === 0) return Matrix.zeros(0, right.columns);
  const left = products.clone();
  for (let p = 0; p < left.rows; p++) {
    for (let q = 0; q < p; q++) left.set(q, p, left.get(p, q)); // the halves differ by rounding
    left.set(p, p, left.get(p, p) + lambda(p));
  }
  return new CholeskyDecomposition(left).solve(right);
}

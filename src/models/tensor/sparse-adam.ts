export interface AdamOptions {
  /** Decay of the mean of gradients, in [0, 1). @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of their squares, in [0, 1). @default 0.999 */
  readonly beta2?: number;
  /** Added to the root of the latter. @default 1e-8 */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma & Ba, ICLR 2015) over a table [rows × dimensions] of which a step touches few rows. Lazy: a row that a step does not touch
 * keeps its value and its moments, and the bias correction counts the row's own steps. On a step that touches every row it is plain Adam.
 * Deterministic: gradients of a row that is named more than once are summed in their order, in 32-bit floats.
 */
export class SparseAdam {
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  private readonly mean: Float32Array;
  private readonly square: Float32Array;
  /** [rows] β₁^t and β₂^t of the t steps of a row. */
  private readonly power1: Float64Array;
  private readonly power2: Float64Array;
  /** [rows] 1 + where the row's gradient is summed in `sums`; 0: not in this step. */
  private readonly slotOf: Int32Array;
  private touched = new Int32Array(0);
  private sums = new Float32Array(0);

  /** @throws RangeError when the table is no whole number of rows. */
  constructor(
    readonly table: Float32Array,
    readonly dimensions: number,
    { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {},
  ) {
    if (!Number.isInteger(table.length / dimensions)) throw new RangeError(`${table.length} numbers are no rows of ${dimensions}`);
    const rows = table.length / dimensions;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.mean = new Float32Array(table.length);
    this.square = new Float32Array(table.length);
    this.power1 = new Float64Array(rows).fill(1);
    this.power2 = new Float64Array(rows).fill(1);
    this.slotOf = new Int32Array(rows);
  }

  /**
   * Changes the rows named, in place, against their gradients. `gradients` is [rows.length × dimensions] or longer; a row may be named
   * more than once.
   */
  step(rows: ArrayLike<number>, gradients: Float32Array, learningRate: number): void {
    const { dimensions, touched } = this.sumByRow(rows, gradients);
    for (let slot = 0; slot < touched; slot++) {
      const row = this.touched[slot]!;
      this.slotOf[row] = 0;
      this.stepRow(row, this.sums, slot * dimensions, learningRate);
    }
  }

  /** The same for every row of the table, in order: `gradients` is [rows × dimensions]. */
  stepAll(gradients: Float32Array, learningRate: number): void {
    for (let row = 0; row < this.power1.length; row++) this.stepRow(row, gradients, row * this.dimensions, learningRate);
  }

  private sumByRow(rows: ArrayLike<number>, gradients: Float32Array): { readonly dimensions: number; readonly touched: number } {
    const { dimensions, slotOf } = this;
    this.reserve(rows.length);
    const { sums, touched } = this;
    let count = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      const from = k * dimensions;
      if (slotOf[row] === 0) {
        touched[count++] = row;
        slotOf[row] = count;
        const to = (count - 1) * dimensions;
        for (let a = 0; a < dimensions; a++) sums[to + a] = gradients[from + a]!;
      } else {
        const to = (slotOf[row]! - 1) * dimensions;
        for (let a = 0; a < dimensions; a++) sums[to + a]! += gradients[from + a]!;
      }
    }
    return { dimensions, touched: count };
  }

  private reserve(named: number): void {
    const rows = Math.min(named, this.slotOf.length);
    if (this.touched.length >= rows) return;
    this.touched = new Int32Array(rows);
    this.sums = new Float32Array(rows * this.dimensions);
  }

  private stepRow(row: number, gradients: Float32Array, from: number, learningRate: number): void {
    const { table, mean, square, beta1, beta2, epsilon, dimensions } = this;
    const power1 = (this.power1[row]! *= beta1);
    const power2 = (this.power2[row]! *= beta2);
    const rate = learningRate / (1 - power1);
    const correction = 1 / (1 - power2);
    const start = row * dimensions;
    for (let a = 0; a < dimensions; a++) {
      const gradient = gradients[from + a]!;
      const at = start + a;
      const m = (mean[at] = beta1 * mean[at]! + (1 - beta1) * gradient);
      const v = (square[at] = beta2 * square[at]! + (1 - beta2) * gradient * gradient);
      table[at]! -= (rate * m) / (Math.sqrt(v * correction) + epsilon);
    }
  }
}

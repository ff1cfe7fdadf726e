import { BeckonError } from '../../platform/errors';
import { gaussian, type Random } from '../../platform/random';
import { SparseAdam } from '../tensor/sparse-adam';

/**
 * A table of parameters [rows × dimensions] with the gradient of the step under way, to which a batch adds in place: a step then costs what
 * it touched. Memory: four times the table, and the rows of a step once more.
 */
export class AdamTable {
  readonly gradient: Float32Array;
  private readonly adam: SparseAdam;
  private readonly isTouched: Uint8Array;
  private readonly touchedRows: Int32Array;
  private touched = 0;
  private gathered = new Float32Array(0);

  constructor(
    readonly values: Float32Array,
    readonly dimensions: number,
    private readonly name: string,
  ) {
    this.adam = new SparseAdam(values, dimensions);
    this.gradient = new Float32Array(values.length);
    this.isTouched = new Uint8Array(values.length / dimensions);
    this.touchedRows = new Int32Array(values.length / dimensions);
  }

  /** Where the row's gradient begins in `gradient`; whoever asks adds to it. */
  touch(row: number): number {
    if (this.isTouched[row] === 0) {
      this.isTouched[row] = 1;
      this.touchedRows[this.touched++] = row;
    }
    return row * this.dimensions;
  }

  /**
   * Moves the touched rows against their gradients, and clears those.
   * @throws BeckonError INTERNAL when a gradient is not finite; the values are then as before.
   */
  step(learningRate: number): void {
    const { gradient, dimensions, touchedRows, isTouched } = this;
    if (this.gathered.length < this.touched * dimensions) this.gathered = new Float32Array(this.touched * dimensions);
    const { gathered } = this;
    let sum = 0;
    let to = 0;
    for (let k = 0; k < this.touched; k++) {
      const row = touchedRows[k]!;
      isTouched[row] = 0;
      for (let at = row * dimensions; at < (row + 1) * dimensions; at++) {
        const value = gradient[at]!;
        sum += value * 0; // NaN as soon as one value is not finite
        gathered[to++] = value;
        gradient[at] = 0;
      }
    }
    const rows = touchedRows.subarray(0, this.touched);
    this.touched = 0;
    if (sum !== 0) throw new BeckonError('INTERNAL', `the gradient of ${this.name} is not finite`);
    this.adam.step(rows, gathered, learningRate);
  }
}

/** [length] normal numbers of this deviation. */
export function gaussianArray(length: number, deviation: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => deviation * gaussian(random));
}

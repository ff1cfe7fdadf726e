/** A number for each row, `empty` until set; grows with the rows. Takes over the array it is given. */
export class GrowableColumn {
  constructor(
    private values: Float64Array | Float32Array = new Float64Array(0),
    private readonly empty = 0,
  ) {}

  get(row: number): number {
    return this.values[row] ?? this.empty;
  }

  add(row: number, amount: number): void {
    this.set(row, this.get(row) + amount);
  }

  set(row: number, value: number): void {
    if (row >= this.values.length) {
      const grown = new Float64Array(Math.max(64, row + 1, this.values.length * 2)).fill(this.empty);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[row] = value;
  }

  /** The first `size` numbers, copied. */
  toFloat32(size: number): Float32Array {
    const copy = new Float32Array(size);
    for (let row = 0; row < size; row++) copy[row] = this.get(row);
    return copy;
  }
}

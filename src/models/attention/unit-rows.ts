/** Rows of a table divided by their lengths, so that the dot product of two is their cosine, with what the gradient needs. */
export interface UnitRows {
  /** [rows × dimensions]; a row of zeros stays one. */
  readonly unit: Float32Array;
  /** [rows] 1 / length, 0 for a row of zeros. */
  readonly inverse: Float64Array;
}

export function unitRows(table: Float32Array, dimensions: number): UnitRows {
  const unit = new Float32Array(table.length);
  const inverse = new Float64Array(table.length / dimensions);
  for (let row = 0; row < inverse.length; row++) {
    const from = row * dimensions;
    let squares = 0;
    for (let a = 0; a < dimensions; a++) squares += table[from + a]! ** 2;
    inverse[row] = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let a = 0; a < dimensions; a++) unit[from + a] = table[from + a]! * inverse[row]!;
  }
  return { unit, inverse };
}

/** Turns a gradient with respect to the unit rows, in place, into one with respect to the table: (g − u (u · g)) / length. */
export function throughUnitRows(gradient: Float32Array, { unit, inverse }: UnitRows, dimensions: number): void {
  for (let row = 0; row < inverse.length; row++) {
    const from = row * dimensions;
    let along = 0;
    for (let a = 0; a < dimensions; a++) along += unit[from + a]! * gradient[from + a]!;
    for (let a = 0; a < dimensions; a++) gradient[from + a] = (gradient[from + a]! - along * unit[from + a]!) * inverse[row]!;
  }
}

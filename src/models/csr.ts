/** Rows of (target, value) pairs: row r holds entries indptr[r] … indptr[r + 1] − 1. */
export interface Csr {
  /** [rows + 1], ascending. */
  readonly indptr: Uint32Array;
  readonly targets: Int32Array;
  readonly values: Float32Array;
}

export const EMPTY_CSR: Csr = { indptr: new Uint32Array(1), targets: new Int32Array(0), values: new Float32Array(0) };

/** Whether `rowMap` leaves every row where it is. */
function isIdentity(rowMap: Int32Array): boolean {
  return rowMap.every((row, k) => row === k);
}

/**
 * `csr` with row r moved to `rowMap[r]`, and targets too; rows that nothing maps to are empty. The same object when the
 * map is the identity. Order within a row is kept.
 */
export function remapCsr(csr: Csr, rowMap: Int32Array, size: number): Csr {
  const oldRows = csr.indptr.length - 1;
  if (oldRows === size && isIdentity(rowMap)) return csr;
  const indptr = new Uint32Array(size + 1);
  for (let r = 0; r < oldRows; r++) indptr[rowMap[r]! + 1] = csr.indptr[r + 1]! - csr.indptr[r]!;
  for (let r = 0; r < size; r++) indptr[r + 1]! += indptr[r]!;
  const targets = new Int32Array(csr.targets.length);
  const values = new Float32Array(csr.values.length);
  for (let r = 0; r < oldRows; r++) {
    let at = indptr[rowMap[r]!]!;
    for (let k = csr.indptr[r]!; k < csr.indptr[r + 1]!; k++, at++) {
      targets[at] = rowMap[csr.targets[k]!]!;
      values[at] = csr.values[k]!;
    }
  }
  return { indptr, targets, values };
}

/** `values` with entry r moved to `rowMap[r]`; the rest is 0. */
export function remapColumn(values: Float32Array, rowMap: Int32Array, size: number): Float32Array {
  const moved = new Float32Array(size);
  for (let r = 0; r < values.length; r++) moved[rowMap[r]!] = values[r]!;
  return moved;
}

/** a [rows × inner] · b [inner × columns], all row-major. */
export type MatrixProduct = (a: Float32Array, b: Float32Array, rows: number, inner: number, columns: number) => Float32Array;

/** Rows and columns swept at once: the pivot's own inverse is plain float64, all else is matrix products. */
const BLOCK = 256;
/** Columns updated by one product. */
const PANEL = 512;

/**
 * Replaces a symmetric positive definite matrix [n × n] by its inverse: the symmetric sweep (Goodnight, The American Statistician 1979), a
 * block of pivots at a time, for all pivots. Only the part above the diagonal is read and kept up to date, so that the work is n³ operations,
 * as with a Cholesky factorisation that is inverted; both halves are written at the end. Float32, pivots in float64: meant for
 * matrices whose diagonal has a ridge. Deterministic as far as `product` is.
 * @throws RangeError when a pivot is not positive: the matrix is not positive definite, or holds a NaN.
 */
export function invertSymmetric(
  matrix: Float32Array,
  n: number,
  product: MatrixProduct,
  { block = BLOCK, progress }: { readonly block?: number; readonly progress?: ((done: number) => void) | undefined } = {},
): void {
  for (let from = 0; from < n; from += block) {
    sweep(matrix, n, from, Math.min(n, from + block), product);
    progress?.(Math.min(n, from + block));
  }
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = -matrix[i * n + i]!;
    for (let j = i + 1; j < n; j++) matrix[j * n + i] = matrix[i * n + j] = -matrix[i * n + j]!;
  }
}

/**
 * With K the pivots from … to − 1, P = A_KK⁻¹: A_IJ − A_IK P A_KJ for all others, A_IK P and P A_KJ beside the pivots, −P on them. After
 * every pivot was swept once the matrix is −A⁻¹.
 */
function sweep(matrix: Float32Array, n: number, from: number, to: number, product: MatrixProduct): void {
  const size = to - from;
  const pivotInverse = invertPivot(matrix, n, from, to);
  const column = readColumns(matrix, n, from, to);
  const scaled = product(column, pivotInverse, n, size, size);
  for (let left = 0; left < n; left += PANEL) {
    const right = Math.min(n, left + PANEL);
    const turned = transposed(scaled.subarray(left * size, right * size), right - left, size);
    const update = product(column.subarray(0, right * size), turned, right, size, right - left);
    for (let i = 0; i < right; i++) {
      const at = i * n;
      const updateAt = i * (right - left) - left;
      for (let j = Math.max(left, i); j < right; j++) matrix[at + j]! -= update[updateAt + j]!;
    }
  }
  writeColumns(matrix, n, from, to, scaled, pivotInverse);
}

/** Columns from … to − 1 of the symmetric matrix, [n × size], out of the part above the diagonal. */
function readColumns(matrix: Float32Array, n: number, from: number, to: number): Float32Array {
  const size = to - from;
  const column = new Float32Array(n * size);
  for (let i = 0; i < to; i++) {
    for (let k = Math.max(from, i); k < to; k++) column[i * size + k - from] = matrix[i * n + k]!;
  }
  for (let k = from; k < to; k++) for (let i = k + 1; i < n; i++) column[i * size + k - from] = matrix[k * n + i]!;
  return column;
}

function writeColumns(matrix: Float32Array, n: number, from: number, to: number, scaled: Float32Array, pivotInverse: Float32Array): void {
  const size = to - from;
  for (let i = 0; i < from; i++) for (let k = from; k < to; k++) matrix[i * n + k] = scaled[i * size + k - from]!;
  for (let k = from; k < to; k++) {
    for (let j = k; j < to; j++) matrix[k * n + j] = -pivotInverse[(k - from) * size + j - from]!;
    for (let j = to; j < n; j++) matrix[k * n + j] = scaled[j * size + k - from]!;
  }
}

/** A_KK⁻¹ [size × size], by the same sweep, a pivot at a time in float64. */
function invertPivot(matrix: Float32Array, n: number, from: number, to: number): Float32Array {
  const size = to - from;
  const a = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) a[i * size + j] = a[j * size + i] = matrix[(from + i) * n + from + j]!;
  }
  const row = new Float64Array(size);
  for (let p = 0; p < size; p++) {
    const pivot = a[p * size + p]!;
    if (!(pivot > 0)) throw new RangeError(`pivot ${from + p} is ${pivot}: the matrix is not positive definite`);
    for (let j = 0; j < size; j++) row[j] = a[p * size + j]!;
    for (let i = 0; i < size; i++) {
      if (i === p) continue;
      const scale = row[i]! / pivot;
      const at = i * size;
      for (let j = 0; j < size; j++) a[at + j]! -= scale * row[j]!;
      a[at + p] = scale;
    }
    for (let j = 0; j < size; j++) a[p * size + j] = row[j]! / pivot;
    a[p * size + p] = -1 / pivot;
  }
  return Float32Array.from(a, (value) => -value);
}

function transposed(a: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = a[i * columns + j]!;
  return turned;
}

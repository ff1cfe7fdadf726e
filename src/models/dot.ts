/** Plain numbers in a row. */
type Numbers = Float32Array | Float64Array;

/** Σ x[i + k] · y[j + k] over k < length; four sums, so that they need not wait for each other. The same order of additions for the same length. */
export function dot(x: Numbers, i: number, y: Numbers, j: number, length: number): number {
  const even = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let k = 0; k < even; k += 4) {
    a += x[i + k]! * y[j + k]!;
    b += x[i + k + 1]! * y[j + k + 1]!;
    c += x[i + k + 2]! * y[j + k + 2]!;
    d += x[i + k + 3]! * y[j + k + 3]!;
  }
  for (let k = even; k < length; k++) a += x[i + k]! * y[j + k]!;
  return a + b + c + d;
}

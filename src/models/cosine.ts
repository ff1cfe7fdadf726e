/**
 * sim(x, y) = Σ x_k · y_k / (√Σ x_k² · √Σ y_k²) (source article §4.2; it divides once by each norm, see DESIGN §6).
 * 0 when either is all zeros. In [−1, 1] up to rounding.
 * @throws RangeError when the lengths differ.
 */
export function cosine(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new RangeError(`vectors of ${x.length} and ${y.length} numbers have no cosine`);
  let dot = 0;
  let xx = 0;
  let yy = 0;
  for (let k = 0; k < x.length; k++) {
    dot += x[k]! * y[k]!;
    xx += x[k]! * x[k]!;
    yy += y[k]! * y[k]!;
  }
  return xx === 0 || yy === 0 ? 0 : dot / (Math.sqrt(xx) * Math.sqrt(yy));
}

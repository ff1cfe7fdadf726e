import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { truncatedSvd, type SparseRows } from '../../../src/catalogue/features/truncated-svd';
import { gaussian, seededRandom } from '../../../src/platform/random';

/** Every entry stored, zeros too. */
function dense(rows: readonly (readonly number[])[]): SparseRows {
  const width = rows[0]!.length;
  return {
    indptr: rows.map((_, r) => r * width).concat(rows.length * width),
    columns: rows.flatMap((row) => row.map((_, column) => column)),
    values: rows.flat(),
  };
}

describe('truncatedSvd', () => {
  it('cuts nothing where the matrix is narrow enough', () => {
    expect([...truncatedSvd(dense([[2, 0, 5]]), 3, 3)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('finds the direction of a matrix of rank 1', () => {
    const basis = truncatedSvd(
      dense([
        [3, 4],
        [6, 8],
      ]),
      2,
      1,
    );
    expect([...basis].map((value) => Math.abs(value))).toEqual([expect.closeTo(0.6, 9), expect.closeTo(0.8, 9)]);
  });

  it('is the decomposition of the library, cut, but for signs', () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 40 }, () => Array.from({ length: 25 }, (_, c) => gaussian(random) * 0.8 ** c));
    const whole = new SingularValueDecomposition(new Matrix(rows)).rightSingularVectors;
    const basis = truncatedSvd(dense(rows), 25, 4);
    for (let k = 0; k < 4; k++) {
      const product = Array.from({ length: 25 }, (_, r) => basis[r * 4 + k]! * whole.get(r, k)).reduce((a, b) => a + b);
      expect(Math.abs(product)).toBeCloseTo(1, 6);
    }
  });

  it('of fewer directions than are asked for has zeros for the rest', () => {
    const rows = Array.from({ length: 6 }, (_, r) => Array.from({ length: 12 }, (_, c) => (c === 0 ? r + 1 : 0)));
    const basis = truncatedSvd(dense(rows), 12, 2);
    expect(Math.abs(basis[0]!)).toBeCloseTo(1, 9);
    expect(basis.every((value) => Number.isFinite(value))).toBe(true);
  });
});

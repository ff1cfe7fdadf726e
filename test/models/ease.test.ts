import { coOccurrences, mostHad } from '../../src/models/ease/co-occurrences';
import { ease, strongestWeights, type EaseOptions } from '../../src/models/ease/ease';
import { invertSymmetric, type MatrixProduct } from '../../src/models/ease/invert-symmetric';
import { plainProduct, tensorProduct } from '../../src/models/ease/matrix-product';
import { ItemIndex } from '../../src/models/item-index';
import { scoreNeighbours, type NeighboursOf } from '../../src/models/item-knn/score-neighbours';
import { SparseScores } from '../../src/models/sparse-scores';
import { openTensors } from '../../src/models/tensor/open-tensors';
import { userVectors } from '../../src/models/user-knn/user-vectors';
import { seededRandom } from '../../src/platform/random';
import { INSTALLED_BACKENDS } from './tensor/installed-backends';
import { bestUnseen, queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const plain: EaseOptions = { ...ease.defaults, lambda: 1, profileDecay: 0.5, profileItems: 10 };

/** Symmetric positive definite: XᵀX + ridge · I of random X [rows × n], in the part on and above the diagonal; 0 below. */
function ridgeMatrix(n: number, rows: number, ridge: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const x = Float64Array.from({ length: rows * n }, () => (random() < 0.2 ? 1 : 0));
  const matrix = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) for (let r = 0; r < rows; r++) matrix[i * n + j]! += x[r * n + i]! * x[r * n + j]!;
    matrix[i * n + i]! += ridge;
  }
  return matrix;
}

/** Gauss–Jordan elimination beside the unit matrix, in float64. */
function plainInverse(upper: Float32Array, n: number): Float64Array {
  const a = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: 2 * n }, (_, j) => (j < n ? upper[Math.min(i, j) * n + Math.max(i, j)]! : j - n === i ? 1 : 0)),
  );
  for (let p = 0; p < n; p++) {
    const pivot = a[p]![p]!;
    for (let j = 0; j < 2 * n; j++) a[p]![j]! /= pivot;
    for (let i = 0; i < n; i++) {
      if (i === p) continue;
      const scale = a[i]![p]!;
      for (let j = 0; j < 2 * n; j++) a[i]![j]! -= scale * a[p]![j]!;
    }
  }
  return Float64Array.from({ length: n * n }, (_, k) => a[Math.floor(k / n)]![n + (k % n)]!);
}

function expectInverse(n: number, block: number, product: MatrixProduct): void {
  const matrix = ridgeMatrix(n, 60, 20, n);
  const expected = plainInverse(matrix, n);
  invertSymmetric(matrix, n, product, { block });
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = matrix.reduce((most, value, k) => Math.max(most, Math.abs(value - expected[k]!)), 0);
  expect(worst).toBeLessThan(1e-5 * largest);
}

describe('invertSymmetric', () => {
  it('inverts two by two as by hand', () => {
    // [[2, 1], [1, 3]]: determinant 5
    const matrix = Float32Array.from([2, 1, 0, 3]);
    invertSymmetric(matrix, 2, plainProduct, { block: 1 });
    [0.6, -0.2, -0.2, 0.4].forEach((value, k) => expect(matrix[k]).toBeCloseTo(value, 6));
  });

  it.each([
    [1, 4],
    [7, 1],
    [7, 3],
    [40, 16],
    [40, 40],
    [41, 64],
  ])('is the plain inverse for %i rows in blocks of %i', (n, block) => expectInverse(n, block, plainProduct));

  it('is the plain inverse over several panels', () => expectInverse(600, 128, plainProduct));

  it.each(INSTALLED_BACKENDS)('is the plain inverse by %s, the same bits each time', async (backend) => {
    const product = tensorProduct((await openTensors(backend)).tf);
    expectInverse(150, 64, product);
    const [first, second] = [ridgeMatrix(150, 60, 20, 3), ridgeMatrix(150, 60, 20, 3)];
    invertSymmetric(first, 150, product, { block: 64 });
    invertSymmetric(second, 150, product, { block: 64 });
    expect(second).toEqual(first);
  });

  it('refuses what is not positive definite, and what is not a number', () => {
    expect(() => invertSymmetric(Float32Array.from([1, 2, 0, 1]), 2, plainProduct)).toThrow('pivot 1 is -3');
    expect(() => invertSymmetric(Float32Array.from([1, 0, 0, NaN]), 2, plainProduct, { block: 1 })).toThrow('pivot 1 is NaN');
  });
});

describe('co-occurrences', () => {
  const events = trainingEvents([
    ['u', 'a'],
    ['u', 'b'],
    ['v', 'b'],
    ['v', 'c', -0.5],
    ['w', 'b'],
    ['w', 'a', 0.2],
    ['w', 'a'],
  ]);
  const vectors = userVectors(events, 10, 10);

  it('count each user once for an item and a pair, whatever the weight; nobody liked c', () => {
    expect([...mostHad(vectors, 3, 10)]).toEqual([0, 1]);
    expect([...coOccurrences(vectors, Int32Array.from([0, 1]), 3)]).toEqual([2, 2, 0, 3]);
  });

  it('are of the items that most users had', () => {
    expect([...mostHad(vectors, 3, 1)]).toEqual([1]);
    expect([...coOccurrences(vectors, Int32Array.from([1]), 3)]).toEqual([3]);
  });
});

// n: a 2, b 2, c 1; pairs: ab 1, bc 1. G + I = [[3, 1, 0], [1, 3, 1], [0, 1, 2]], determinant 13, inverse [[5, −2, 1], [−2, 6, −3], [1, −3, 8]] / 13
const events: EventTuple[] = [
  ['u', 'a'],
  ['v', 'a'],
  ['v', 'b'],
  ['w', 'b'],
  ['w', 'c'],
];

describe('ease', () => {
  async function fitted(tuples: readonly EventTuple[], options: Partial<EaseOptions> = {}) {
    const index = new ItemIndex();
    const all = { ...plain, ...options };
    const snapshot = await ease.fit(trainingEvents(tuples), all);
    return { index, snapshot, scorer: ease.scorer(snapshot, index, all)! };
  }

  it('is −P_ij / P_jj of the inverse: three items by hand', async () => {
    const { index, scorer } = await fitted(events);
    expect(scoresOf(scorer, index, queryOf(index, ['b']))).toEqual({
      a: expect.closeTo(2 / 5, 6) as number,
      c: expect.closeTo(3 / 8, 6) as number,
    });
    // a with c would be −1/8: no score at all, since only positive ones are given
    expect(scoresOf(scorer, index, queryOf(index, ['a']))).toEqual({ b: expect.closeTo(2 / 6, 6) as number });
  });

  it('sums over the profile with weight · profileDecay^r, negative weights too', async () => {
    const { index, scorer } = await fitted(events);
    const scores = scoresOf(scorer, index, queryOf(index, ['b', ['a', 0.8]]));
    expect(scores['c']).toBeCloseTo(3 / 8 - 0.8 * 0.5 * (1 / 8), 6);
  });

  it('leaves the weights at which the objective has no slope', () => {
    // |X − XB|² + λ|B|² over the columns of B, its diagonal held at 0
    const [users, n, lambda] = [12, 5, 3];
    const random = seededRandom(8);
    const x = Array.from({ length: users }, () => Array.from({ length: n }, () => (random() < 0.5 ? 1 : 0)));
    const inverse = new Float32Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) inverse[i * n + j] = x.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? lambda : 0);
    }
    invertSymmetric(inverse, n, plainProduct);
    const { targets, values } = strongestWeights(inverse, n, n);
    const b = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let k = 0; k < n - 1; k++) b[i * n + targets[i * (n - 1) + k]!] = values[i * (n - 1) + k]!;
    const loss = (): number => {
      const misses = x.flatMap((row) => row.map((had, j) => had - row.reduce<number>((sum, other, i) => sum + other * b[i * n + j]!, 0)));
      return misses.reduce((sum, miss) => sum + miss * miss, 0) + lambda * b.reduce((sum, weight) => sum + weight * weight, 0);
    };
    for (let k = 0; k < n * n; k++) {
      if (k % (n + 1) === 0) continue;
      const held = b[k]!;
      b[k] = held + 1e-3;
      const above = loss();
      b[k] = held - 1e-3;
      const below = loss();
      b[k] = held;
      expect(Math.abs(above - below) / 2e-3).toBeLessThan(1e-4);
    }
  });

  it('keeps the strongest weights of each item, positive or negative', async () => {
    // −P_ij / P_jj of row a: b .5, c −.75; of row b: a −2, c .25; of row c: a −3, b .5
    const inverse = Float32Array.from([1, -1, 3, 2, 2, -1, 3, -1, 4]);
    const { indptr, targets, values } = strongestWeights(inverse, 3, 1);
    expect([...indptr]).toEqual([0, 1, 2, 3]);
    expect([...targets]).toEqual([2, 0, 0]);
    expect([...values]).toEqual([-0.75, -2, -3]);
    expect((await fitted(events, { keep: 1 })).snapshot.targets).toHaveLength(3);
  });

  it('learns from the items that most users had', async () => {
    const { snapshot } = await fitted(events, { mostItems: 2 });
    expect(snapshot.items).toEqual(['a', 'b']);
  });

  it('is served by the scoring function of item-knn', async () => {
    const { index, snapshot, scorer } = await fitted(events);
    const query = queryOf(index, ['b', 'a']);
    const into = new SparseScores();
    const { indptr, targets, weights: values } = snapshot;
    const rows: NeighboursOf = (row) => ({ targets, values, start: indptr[row]!, end: indptr[row + 1]! });
    scoreNeighbours(query, plain, rows, new SparseScores(), into, 10);
    expect(scoresOf(scorer, index, query)).toEqual(Object.fromEntries(into.rows.map((row) => [index.idAt(row), into.get(row)])));
  });

  it('explains a score by the items that pulled it up', async () => {
    const { index, scorer } = await fitted(events);
    const pulls = scorer.explain(queryOf(index, ['b', 'a']), index.intern('c'), 5);
    expect(pulls).toEqual([{ row: index.intern('b'), amount: expect.closeTo(3 / 8, 6) as number }]);
  });

  it('gives each user of a checkerboard the one item withheld from them, also where TensorFlow.js multiplies', async () => {
    // two tastes of 300 items each: more than plain products are used for. User u had every second item but item u.
    const size = 600;
    const users = Array.from({ length: 40 }, (_, u) => u);
    const heldBy = (u: number): string[] => Array.from({ length: size / 2 - 1 }, (_, step) => `i${(u + 2 * (step + 1)) % size}`);
    const { index, scorer } = await fitted(
      users.flatMap((u) => heldBy(u).map((item): EventTuple => [`u${u}`, item])),
      {
        keep: size,
        profileDecay: 1,
        profileItems: size,
      },
    );
    for (const u of users) expect(bestUnseen(scorer, index, queryOf(index, heldBy(u)))).toBe(`i${u}`);
  });

  it('refuses a ridge that is none', async () => {
    await expect(ease.fit(trainingEvents(events), { ...plain, lambda: 0 })).rejects.toThrow('lambda 0 is not positive');
  });
});

import { transpose } from '../../src/models/csr-transpose';
import { gramOf, RowSolver } from '../../src/models/factor/als';
import { makeCells } from '../../src/models/factor/cells';
import { factor } from '../../src/models/factor/factor';
import { ItemIndex } from '../../src/models/item-index';
import { SparseScores } from '../../src/models/sparse-scores';
import { topRows } from '../../src/models/top-k';
import { gaussian, seededRandom } from '../../src/platform/random';
import { queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

describe('RowSolver', () => {
  it('solves a row of one dimension as by hand', () => {
    // y = (2, 1): G = 5. (w y² + α₀ G + λ (w + α₀ n)) x = w y, with w = 1, α₀ = .2, λ = .1, n = 2
    const table = Float32Array.from([2, 1]);
    const objective = { dimensions: 1, unobservedWeight: 0.2, regularisation: 0.1 };
    const x = new Float64Array(1);
    new RowSolver(table, gramOf(table, 1), objective).solve(x, [0], [1], 0, 1, 5);
    expect(x[0]).toBeCloseTo(2 / (4 + 0.2 * 5 + 0.1 * (1 + 0.2 * 2)), 9);
  });

  it('leaves no gradient of the objective', () => {
    const [dimensions, items] = [5, 12];
    const random = seededRandom(5);
    const table = Float32Array.from({ length: items * dimensions }, () => gaussian(random));
    const objective = { dimensions, unobservedWeight: 0.3, regularisation: 0.05 };
    const [rows, weights] = [
      [1, 4, 7],
      [1, 0.5, 0.8],
    ];
    const x = new Float64Array(dimensions);
    new RowSolver(table, gramOf(table, dimensions), objective).solve(x, rows, weights, 0, 3, 50, 1e-12);
    const loss = (at: Float64Array): number => {
      const dot = (row: number): number => at.reduce((sum, v, a) => sum + v * table[row * dimensions + a]!, 0);
      const had = rows.reduce((sum, row, k) => sum + weights[k]! * (1 - dot(row)) ** 2, 0);
      const all = Array.from({ length: items }, (_, row) => dot(row) ** 2).reduce((a, b) => a + b);
      const ridge = objective.regularisation * (2.3 + 0.3 * items) * at.reduce((sum, v) => sum + v * v, 0);
      return had + 0.3 * all + ridge;
    };
    for (let a = 0; a < dimensions; a++) {
      for (const step of [1e-3, -1e-3]) {
        const moved = x.slice();
        moved[a]! += step;
        expect(loss(moved)).toBeGreaterThan(loss(x));
      }
    }
  });
});

describe.each([3, 4, 6, 9])('RowSolver in %i dimensions', (dimensions) => {
  const [users, items] = [4, 11];
  const random = seededRandom(dimensions);
  const table = Float32Array.from({ length: items * dimensions }, () => gaussian(random));
  const objective = { dimensions, unobservedWeight: 0.3, regularisation: 0.05 };
  // rows of 1, 4, 6 and 11 entries: with and without a rest of four
  const rows = [[3], [0, 2, 5, 9], [1, 2, 3, 6, 8, 10], Array.from({ length: items }, (_, i) => i)];
  const weights = rows.map((row) => row.map(() => 0.2 + random()));
  const ridgeOf = (u: number): number => 0.05 * (weights[u]!.reduce((a, b) => a + b, 0) + 0.3 * items);
  const y = (i: number, a: number): number => table[i * dimensions + a]!;

  it.each(Array.from({ length: users }, (_, u) => u))('is the direct solution of the normal equations for row %i', (u) => {
    const left = Array.from({ length: dimensions }, (_, a) =>
      Array.from({ length: dimensions }, (__, b) => {
        let sum = a === b ? ridgeOf(u) : 0;
        for (let i = 0; i < items; i++) sum += 0.3 * y(i, a) * y(i, b);
        rows[u]!.forEach((i, k) => (sum += weights[u]![k]! * y(i, a) * y(i, b)));
        return sum;
      }),
    );
    const right = left.map((_, a) => rows[u]!.reduce((sum, i, k) => sum + weights[u]![k]! * y(i, a), 0));
    const expected = gaussianElimination(left, right);
    const x = new Float64Array(dimensions);
    new RowSolver(table, gramOf(table, dimensions), objective).solve(x, rows[u]!, weights[u]!, 0, rows[u]!.length, 60, 1e-12);
    expected.forEach((value, a) => expect(x[a]).toBeCloseTo(value, 6));
  });

  it('takes its first step along the gradient of the objective, by finite differences', () => {
    const u = 2;
    const start = Float64Array.from({ length: dimensions }, () => gaussian(random));
    const loss = (x: Float64Array): number => {
      const dot = (i: number): number => x.reduce((sum, v, a) => sum + v * y(i, a), 0);
      let sum = ridgeOf(u) * x.reduce((squares, v) => squares + v * v, 0);
      for (let i = 0; i < items; i++) sum += 0.3 * dot(i) ** 2;
      return rows[u]!.reduce((total, i, k) => total + weights[u]![k]! * (1 - dot(i)) ** 2, sum);
    };
    const slope = start.map((_, a) => {
      const moved = (by: number): number => loss(start.map((v, b) => (b === a ? v + by : v)));
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
    const x = start.slice();
    new RowSolver(table, gramOf(table, dimensions), objective).solve(x, rows[u]!, weights[u]!, 0, rows[u]!.length, 1);
    const step = x.map((v, a) => v - start[a]!);
    const length = step[0]! / slope[0]!;
    expect(length).toBeLessThan(0);
    step.forEach((moved, a) => expect(moved).toBeCloseTo(length * slope[a]!, 5));
  });
});

/** The solution of left · x = right, by elimination with pivots. */
function gaussianElimination(left: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = left.map((row, i) => [...row, right[i]!]);
  const n = a.length;
  for (let p = 0; p < n; p++) {
    const best = a.slice(p).reduce((most, row, i) => (Math.abs(row[p]!) > Math.abs(a[most]![p]!) ? p + i : most), p);
    [a[p], a[best]] = [a[best]!, a[p]!];
    for (let i = 0; i < n; i++) {
      if (i === p) continue;
      const scale = a[i]![p]! / a[p]![p]!;
      for (let j = p; j <= n; j++) a[i]![j]! -= scale * a[p]![j]!;
    }
  }
  return a.map((row, i) => row[n]! / row[i]!);
}

it('transpose turns rows into columns', () => {
  const csr = { indptr: Uint32Array.from([0, 2, 3]), targets: Int32Array.from([2, 0, 2]), values: Float32Array.from([1, 2, 3]) };
  expect(transpose(csr, 3)).toEqual({
    indptr: Uint32Array.from([0, 1, 1, 3]),
    targets: Int32Array.from([0, 0, 1]),
    values: Float32Array.from([2, 1, 3]),
  });
});

// Two tastes that do not meet; "one" has had all of the first but x4.
const tuples = ['u', 'v', 'w', 'one'].flatMap((user): EventTuple[] => [
  ...[0, 1, 2, 3, 4].filter((k) => user !== 'one' || k < 4).map((k): EventTuple => [user, `x${k}`]),
  ...[0, 1, 2].map((k): EventTuple => [`${user}'`, `y${k}`]),
]);
const options = { ...factor.defaults, dimensions: 4, epochs: 15, unobservedWeight: 0.05 };

describe('factor', () => {
  const snapshot = factor.fit(trainingEvents(tuples), options);
  const fitted = () => {
    const index = new ItemIndex();
    return { index, scorer: factor.scorer(snapshot, index, options)! };
  };

  it('folds in a user it never saw', () => {
    const { index, scorer } = fitted();
    const scores = scoresOf(scorer, index, queryOf(index, ['x0', 'x1']));
    expect(scores['x4']).toBeGreaterThan(0.3);
    expect(scores['y0'] ?? 0).toBeLessThan(0.1);
  });

  it('gives a stronger history of one taste a higher score there', () => {
    const { index, scorer } = fitted();
    const [weak, strong] = [0.2, 1].map((weight) => scoresOf(scorer, index, queryOf(index, [['x0', weight]]))['x1']!);
    expect(strong).toBeGreaterThan(weak!);
  });

  it('depends on the seed alone', () => {
    expect(factor.fit(trainingEvents(tuples), options)).toEqual(snapshot);
    expect(factor.fit(trainingEvents(tuples), { ...options, seed: 2 }).table).not.toEqual(snapshot.table);
  });

  it('reports each epoch', () => {
    const progress = jest.fn();
    factor.fit(trainingEvents(tuples), { ...options, epochs: 3 }, progress);
    expect(progress.mock.calls).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });
});

describe('cells', () => {
  const [rows, dimensions] = [900, 8];
  const random = seededRandom(9);
  const centres = Array.from({ length: 30 }, () => Float64Array.from({ length: dimensions }, () => gaussian(random)));
  const table = Float32Array.from(
    { length: rows * dimensions },
    (_, k) => centres[Math.floor(k / dimensions) % 30]![k % dimensions]! + 0.2 * gaussian(random),
  );

  it('hold every row once', () => {
    const { members, cellStart } = makeCells(table, dimensions);
    expect([...members].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, k) => k));
    expect(cellStart.at(-1)).toBe(rows);
    expect(cellStart).toHaveLength(31);
  });

  it('find most of what looking at all finds, looking at a third', () => {
    const items = Array.from({ length: rows }, (_, k) => `i${k}`);
    const cells = makeCells(table, dimensions);
    const none = { centroids: new Float32Array(0), cellStart: new Uint32Array(1), members: new Uint32Array(0) };
    const best = (snapshot: Parameters<typeof factor.scorer>[0], history: string[]): number[] => {
      const index = new ItemIndex();
      const scores = new SparseScores();
      factor.scorer(snapshot, index, { ...options, scan: rows / 3 })!.score(queryOf(index, history), scores, 20);
      return topRows(scores, 20);
    };
    let found = 0;
    for (let user = 0; user < 30; user++) {
      const history = [`i${user}`, `i${user + 30}`];
      const exact = best({ items, dimensions, table, ...none }, history);
      found += best({ items, dimensions, table, ...cells }, history).filter((row) => exact.includes(row)).length;
    }
    expect(found / (30 * 20)).toBeGreaterThan(0.9);
  });
});

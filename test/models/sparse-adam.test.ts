import { SparseAdam } from '../../src/models/tensor/sparse-adam';
import { gaussian, seededRandom } from '../../src/platform/random';

const normals = (count: number, seed: number): Float32Array => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => gaussian(random));
};

/** Adam as algorithm 1 of the paper writes it, on one number. */
class Reference {
  private m = 0;
  private v = 0;
  private t = 0;

  constructor(public value: number) {}

  step(gradient: number, rate: number): void {
    this.t++;
    this.m = 0.9 * this.m + 0.1 * gradient;
    this.v = 0.999 * this.v + 0.001 * gradient * gradient;
    this.value -= (rate * (this.m / (1 - 0.9 ** this.t))) / (Math.sqrt(this.v / (1 - 0.999 ** this.t)) + 1e-8);
  }
}

const expectNear = (actual: ArrayLike<number>, expected: readonly number[]): void =>
  expected.forEach((value, k) => expect(actual[k]).toBeCloseTo(value, 5));

it('moves a number by the learning rate at its first step, whatever the gradient', () => {
  const table = Float32Array.of(1, 1, 1);
  new SparseAdam(table, 1).step([0, 1], Float32Array.of(1000, -0.001), 0.25);
  expectNear(table, [0.75, 1.25, 1]);
});

it('is Adam on a table of which every step touches every row', () => {
  const table = normals(4 * 3, 1);
  const references = Array.from(table, (value) => new Reference(value));
  const adam = new SparseAdam(table, 3);
  for (let step = 0; step < 50; step++) {
    const gradients = normals(12, 100 + step);
    adam.step([2, 0, 3, 1], Float32Array.from([2, 0, 3, 1].flatMap((row) => [...gradients.subarray(row * 3, row * 3 + 3)])), 0.01);
    references.forEach((reference, k) => reference.step(gradients[k]!, 0.01));
  }
  expectNear(
    table,
    references.map(({ value }) => value),
  );
});

it('gives the same by stepAll', () => {
  const [a, b] = [normals(12, 1), normals(12, 1)];
  const [sparse, dense] = [new SparseAdam(a, 3), new SparseAdam(b, 3)];
  for (let step = 0; step < 5; step++) {
    sparse.step([0, 1, 2, 3], normals(12, step), 0.1);
    dense.stepAll(normals(12, step), 0.1);
  }
  expect(a).toEqual(b);
});

it('leaves rows without a gradient as they are, and counts the steps of each row by itself', () => {
  const table = normals(3 * 2, 2);
  const references = Array.from(table, (value) => new Reference(value));
  const adam = new SparseAdam(table, 2);
  for (let step = 0; step < 30; step++) {
    const row = step % 3 === 0 ? 0 : 2;
    const gradients = normals(2, 200 + step);
    adam.step([row], gradients, 0.02);
    for (let a = 0; a < 2; a++) references[row * 2 + a]!.step(gradients[a]!, 0.02);
  }
  expectNear(
    table,
    references.map(({ value }) => value),
  );
  expect([...table.subarray(2, 4)]).toEqual([...normals(3 * 2, 2).subarray(2, 4)]);
});

it('sums the gradients of a row that is named more than once into one step', () => {
  const [a, b] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 2, 3, 4)];
  const [repeated, summed] = [new SparseAdam(a, 2), new SparseAdam(b, 2)];
  for (let step = 0; step < 3; step++) {
    repeated.step([1, 0, 1, 1], Float32Array.of(1, 2, 8, 8, 3, -1, 0.5, 0.25), 0.1);
    summed.step([1, 0], Float32Array.of(4.5, 1.25, 8, 8), 0.1);
  }
  expect(a).toEqual(b);
});

it('takes more gradients than rows named, and fewer rows after more', () => {
  const table = Float32Array.of(1, 1);
  const adam = new SparseAdam(table, 1);
  adam.step([0, 1, 0], Float32Array.of(1, 1, 1, 99, 99), 0.5);
  adam.step([1], Float32Array.of(1, 99), 0.5);
  expectNear(table, [0.5, 0]);
});

it('refuses a table that is no whole number of rows', () => {
  expect(() => new SparseAdam(new Float32Array(7), 2)).toThrow(RangeError);
});

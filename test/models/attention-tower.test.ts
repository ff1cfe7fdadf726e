import { applyLayer, layerOf, ROW_GROUP } from '../../src/models/attention/dense-layer';
import { PlainTower } from '../../src/models/attention/plain-tower';
import { Tower } from '../../src/models/attention/tower';
import { layout, randomWeights, sizeOf, type Parameters, type TowerShape } from '../../src/models/attention/weights';
import { openTensors, type Tensor, type Tensor2D } from '../../src/models/tensor/open-tensors';
import { gaussian, seededRandom } from '../../src/platform/random';
import { INSTALLED_BACKENDS } from './tensor/installed-backends';

const ITEMS = 30;
const SHAPES: readonly TowerShape[] = [
  { dimensions: 64, length: 50, blocks: 2, heads: 1, hidden: 64 },
  { dimensions: 8, length: 7, blocks: 1, heads: 4, hidden: 5 },
  { dimensions: 6, length: 9, blocks: 3, heads: 2, hidden: 12 },
];

/** Numbers as large as learnt ones, so that attention is far from even. */
function parametersOf(shape: TowerShape, seed = 1): Parameters {
  const random = seededRandom(seed);
  const normals = (count: number, sigma: number): Float32Array => Float32Array.from({ length: count }, () => gaussian(random) * sigma);
  const weights = randomWeights(shape, random);
  return {
    table: normals(ITEMS * shape.dimensions, 0.5),
    positions: normals(shape.length * shape.dimensions, 0.5),
    weights: weights.map((weight) => weight + gaussian(random) * 0.1),
  };
}

const itemsOf = (count: number): number[] => Array.from({ length: count }, (_, p) => (7 * p + 3) % ITEMS);

const stateAfter = (shape: TowerShape, parameters: Parameters, items: readonly number[]): number[] => {
  const state = new Float64Array(shape.dimensions);
  new PlainTower(shape, parameters).lastState(items, items.length, state);
  return [...state];
};

/** [items.length][dimensions] by TensorFlow.js. */
async function statesByTensorFlow(
  backend: (typeof INSTALLED_BACKENDS)[number],
  shape: TowerShape,
  { table, positions, weights }: Parameters,
  items: readonly number[],
): Promise<number[][]> {
  const { tf } = await openTensors(backend);
  const d = shape.dimensions;
  return tf.tidy(() => {
    const input = items.flatMap((item, p) =>
      Array.from({ length: d }, (_, a) => table[item * d + a]! * Math.sqrt(d) + positions[p * d + a]!),
    );
    const parts = layout(shape).map(({ start, shape: size }): Tensor => tf.tensor(weights.slice(start, start + sizeOf(size)), [...size]));
    const states = new Tower(tf, shape).states(tf.tensor2d(input, [items.length, d]), parts, items.length).dataSync<'float32'>();
    return items.map((_, p) => [...states.slice(p * d, (p + 1) * d)]);
  });
}

describe('a layer', () => {
  it('is worked example 2 of the source article, whose own result does not follow: ReLU(W · x + b) = (4, 1, 4)', () => {
    // DESIGN §6. [inputs × outputs], so the columns are the rows of the article's matrix.
    const matrix = [1, 0, 1, 2, -1, 0, 1, 1, 2, 0, 3, 1, 1, -1, 0];
    const x = new Float64Array(5 * ROW_GROUP);
    x.set([1, 0, 1, 0, 1]);
    const into = new Float64Array(3 * ROW_GROUP);
    applyLayer(layerOf(matrix, 3, [1, 1, 1], true), x, 0, 1, into);
    expect([...into.subarray(0, 3)]).toEqual([4, 1, 4]);
  });

  it('makes negative sums 0 with ReLU and keeps them without', () => {
    const x = new Float64Array(2 * ROW_GROUP);
    x.set([1, 2, 3, -1]);
    const into = new Float64Array(3 * ROW_GROUP);
    const matrix = [1, 0, -1, 1, 2, 0]; // y = (x₁ + x₂, 2 x₂, −x₁)
    applyLayer(layerOf(matrix, 3), x, 0, 2, into);
    expect([...into.subarray(0, 6)]).toEqual([3, 4, -1, 2, -2, -3]);
    applyLayer(layerOf(matrix, 3, [0, 1, 0], true), x, 0, 2, into);
    expect([...into.subarray(0, 6)]).toEqual([3, 5, 0, 2, 0, 0]);
  });
});

describe('attention by hand', () => {
  // One block of width 2; queries, keys, values, and joining by the identity; the feed-forward part adds nothing.
  const shape: TowerShape = { dimensions: 2, length: 3, blocks: 1, heads: 1, hidden: 2 };
  const identity = [1, 0, 0, 1];
  const nothing = [0, 0, 0, 0];
  const block = [1, 1, 0, 0, ...identity, ...identity, ...identity, ...identity, 1, 1, 0, 0, ...nothing, 0, 0, ...nothing, 0, 0];
  const parameters: Parameters = {
    table: Float32Array.of(3, 1, 1, 3, 5, 1).map((value) => value / Math.SQRT2), // times √2: a = (3, 1), b = (1, 3), c = (5, 1)
    positions: new Float32Array(6),
    weights: Float32Array.from([...block, 1, 1, 0, 0]),
  };
  const [A, B] = [0, 1];

  it('adds values by the softmax of query · key / √width', () => {
    // Normalised: a → (1, −1), b → (−1, 1). At b: q · k is −2 for a and 2 for b, divided by √2, so b has the share 1 / (1 + e^(−4/√2)) = .94417.
    // Read: .94417 · (−1, 1) + .05583 · (1, −1) = (−.88834, .88834); added to b: (.11166, 3.88834). Two numbers normalise to their order,
    // so the last shift is made to show it: here the end multiplies by nothing but the sign, and a second b in place of a changes no sign.
    expect(stateAfter(shape, parameters, [A, B]).map((value) => Math.round(value * 1e4) / 1e4)).toEqual([-1, 1]);
  });

  it('reads sizes: three numbers wide, the mixture shows after the last normalisation', () => {
    const wide: TowerShape = { dimensions: 3, length: 2, blocks: 1, heads: 1, hidden: 1 };
    const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
    const eye = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const weights = [
      ...[1, 1, 1],
      ...zeros(3),
      ...zeros(9),
      ...zeros(9),
      ...eye,
      ...eye,
      ...[1, 1, 1],
      ...zeros(3),
      ...zeros(3),
      0,
      ...zeros(3),
      ...zeros(3),
    ];
    const root = Math.sqrt(3);
    // Queries and keys are 0: attention is even. a = (√1.5, 0, −√1.5) and b = (0, √1.5, −√1.5) are normalised but for ε.
    const u = Math.sqrt(1.5);
    const even: Parameters = {
      table: Float32Array.of(u, 0, -u, 0, u, -u).map((value) => value / root),
      positions: new Float32Array(6),
      weights: Float32Array.from([...weights, 1, 1, 1, 0, 0, 0]),
    };
    // b + (a + b) / 2 = u · (½, 3/2, −2): mean 0, standard deviation u · √(6.5 / 3).
    const scale = Math.sqrt(6.5 / 3);
    const state = stateAfter(wide, even, [0, 1]);
    [0.5 / scale, 1.5 / scale, -2 / scale].forEach((value, a) => expect(state[a]).toBeCloseTo(value, 4));
  });

  it('tells the order of what one block read only by positions', () => {
    const one = SHAPES[1]!;
    const random = parametersOf(one);
    const placeless = { ...random, positions: new Float32Array(random.positions.length) };
    const state = (given: Parameters, items: number[]): string[] => stateAfter(one, given, items).map((value) => value.toFixed(9));
    expect(state(placeless, [4, 9, 2, 7])).toEqual(state(placeless, [2, 4, 9, 7]));
    expect(state(random, [4, 9, 2, 7])).not.toEqual(state(random, [2, 4, 9, 7]));
  });
});

describe.each(INSTALLED_BACKENDS)('on %s', (backend) => {
  it.each(SHAPES)('the forward pass in plain numbers is that of TensorFlow.js: %j', async (shape) => {
    const parameters = parametersOf(shape);
    for (const count of [1, 2, 5, shape.length]) {
      const expected = (await statesByTensorFlow(backend, shape, parameters, itemsOf(count))).at(-1)!;
      stateAfter(shape, parameters, itemsOf(count)).forEach((value, a) => expect(Math.abs(value - expected[a]!)).toBeLessThan(1e-4));
    }
  });

  it.each(SHAPES)('a later item changes no earlier state: %j', async (shape) => {
    const parameters = parametersOf(shape);
    const items = itemsOf(shape.length);
    const before = await statesByTensorFlow(backend, shape, parameters, items);
    const after = await statesByTensorFlow(backend, shape, parameters, [...items.slice(0, 4), 29, 28, ...items.slice(6)]);
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(after[4]).not.toEqual(before[4]);
    expect(after.at(-1)).not.toEqual(before.at(-1));
  });

  it('gradients of the tower agree with finite differences', async () => {
    const shape: TowerShape = { dimensions: 4, length: 3, blocks: 2, heads: 2, hidden: 3 };
    const { weights } = parametersOf(shape, 5);
    const { tf } = await openTensors(backend);
    const random = seededRandom(9);
    const x = Float32Array.from({ length: 2 * 3 * 4 }, () => gaussian(random));
    const direction = Float32Array.from(x, () => gaussian(random)); // the loss is a weighted sum of the states
    const lossOf = (input: Tensor, parts: readonly Tensor[]): Tensor =>
      tf.sum(tf.mul(new Tower(tf, shape).states(input as Tensor2D, parts, 3), tf.tensor2d(direction, [6, 4])));
    const tensorsOf = (values: Float32Array): Tensor[] =>
      layout(shape).map(({ start, shape: size }) => tf.tensor(values.slice(start, start + sizeOf(size)), [...size]));
    const loss = (input: Float32Array, values: Float32Array): number =>
      tf.tidy(() => lossOf(tf.tensor2d(input, [6, 4]), tensorsOf(values)).dataSync<'float32'>()[0]!);
    const found: Float32Array[] = [];
    tf.tidy(() => {
      const { grads } = tf.valueAndGrads((input: Tensor, ...parts: Tensor[]) => lossOf(input, parts) as never)([
        tf.tensor2d(x, [6, 4]),
        ...tensorsOf(weights),
      ]);
      found.push(...grads.map((gradient) => Float32Array.from(gradient.dataSync<'float32'>())));
    });
    const near = (values: Float32Array, k: number, gradient: number, at: (changed: Float32Array) => number): void => {
      const moved = (by: number): number => at(values.map((value, j) => (j === k ? value + by : value)));
      expect(Math.abs((moved(2e-3) - moved(-2e-3)) / 4e-3 - gradient)).toBeLessThan(1e-2 * Math.max(1, Math.abs(gradient)));
    };
    for (let k = 0; k < x.length; k += 5) near(x, k, found[0]![k]!, (changed) => loss(changed, weights));
    layout(shape).forEach(({ start, shape: size }, part) => {
      for (let k = 0; k < sizeOf(size); k += 3) near(weights, start + k, found[part + 1]![k]!, (changed) => loss(x, changed));
    });
  });
});

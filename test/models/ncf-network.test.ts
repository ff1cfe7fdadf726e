import { AdamTable, gaussianArray } from '../../src/models/ncf/adam-table';
import { Batches, type Batch } from '../../src/models/ncf/batches';
import { denseLength, denseWeights, type NcfShape } from '../../src/models/ncf/dense-weights';
import { foldInTable } from '../../src/models/ncf/fold-in-table';
import { LayerPass } from '../../src/models/ncf/layer-pass';
import { NegativeSampler } from '../../src/models/ncf/negative-sampler';
import { initialDense, Network } from '../../src/models/ncf/network';
import { profileWeights } from '../../src/models/ncf/profile-weights';
import { Tower } from '../../src/models/ncf/tower';
import { IdUserSide, ItemsUserSide, type UserSide } from '../../src/models/ncf/user-side';
import { openTensors, TENSOR_BACKENDS, type TensorBackend, type TensorFlow } from '../../src/models/tensor/open-tensors';
import type { UserVectors } from '../../src/models/user-knn/user-vectors';
import { seededRandom } from '../../src/platform/random';

/** TensorFlow.js on this backend; undefined, and the reason printed, where it does not load. */
async function tensorsOf(backend: TensorBackend): Promise<TensorFlow | undefined> {
  try {
    return (await openTensors(backend)).tf;
  } catch (error) {
    process.stderr.write(`left out: ${backend} does not load here (${String(error).slice(0, 80)})\n`);
    return undefined;
  }
}

/** Users with the items named, newest first, of weight 1 but for the second of each (.5). */
function users(...lists: readonly (readonly number[])[]): UserVectors {
  const indptr = new Uint32Array(lists.length + 1);
  lists.forEach((list, u) => (indptr[u + 1] = indptr[u]! + list.length));
  const weights = Float32Array.from(lists.flatMap((list) => list.map((_, k) => (k === 1 ? 0.5 : 1))));
  return { indptr, items: Int32Array.from(lists.flat()), weights };
}

// Worked example 2 of the design article: ReLU(W₁x + b₁) with x = (1, 0, 1, 0, 1) is (4, 1, 4). W₁ᵀ, as our kernels are laid out:
const kernel = Float32Array.from([1, 0, 2, 5, -3, 1, 1, 1, 1, -7, 2, 4, 1, -1, 0]);
const layer = { inputs: 5, outputs: 3, kernel, bias: Float32Array.from([1, 1, 1]) };
const x = [1, 0, 1, 0, 1];

describe('a layer of the tower', () => {
  it('is ReLU(W x + b) as worked by hand', () => {
    expect([...new LayerPass(layer).run(Float64Array.from(x))]).toEqual([4, 1, 4]);
    expect([...new LayerPass({ ...layer, bias: Float32Array.from([1, -3, 1]) }).run(Float64Array.from(x))]).toEqual([4, 0, 4]);
  });

  it.each(TENSOR_BACKENDS)('is the same by %s', async (backend) => {
    const tf = await tensorsOf(backend);
    if (tf === undefined) return;
    const logits = [0, 1, 2].map((unit) => {
      const mlpOut = Float32Array.from([0, 1, 2], (k) => (k === unit ? 1 : 0));
      return new Tower(tf, { gmfOut: new Float32Array(0), layers: [layer], mlpOut, bias: new Float32Array(1) }).forward(
        Float32Array.from(x),
        1,
      )[0];
    });
    expect(logits).toEqual([4, 1, 4]);
    expect(tf.memory().numTensors).toBe(0);
  });
});

describe('dense weights', () => {
  it('are views that cover the packed array once', () => {
    const shape = { gmf: 3, mlp: 2, widths: [5, 4] };
    const packed = new Float32Array(denseLength(shape));
    const { gmfOut, layers, mlpOut, bias } = denseWeights(packed, shape);
    for (const view of [gmfOut, ...layers.flatMap((l) => [l.kernel, l.bias]), mlpOut, bias]) view.forEach((_, k) => view[k]!++);
    expect([...packed]).toEqual(new Array(3 + (4 * 5 + 5) + (5 * 4 + 4) + 4 + 1).fill(1));
    expect(() => denseWeights(new Float32Array(3), shape)).toThrow('3 weights');
  });
});

describe('Adam', () => {
  it('moves by the learning rate against a first gradient, and leaves other rows', () => {
    const table = new AdamTable(Float32Array.from([1, 1, 1, 1]), 2, 'it');
    const at = table.touch(1);
    table.touch(1);
    table.gradient[at] = 0.3;
    table.gradient[at + 1] = -5;
    table.step(0.1);
    [1, 1, 0.9, 1.1].forEach((value, k) => expect(table.values[k]).toBeCloseTo(value, 5));
    expect([...table.gradient]).toEqual([0, 0, 0, 0]);
  });

  it('moves as the published recursion does in a second step', () => {
    const table = new AdamTable(Float32Array.from([0]), 1, 'it');
    for (const g of [1, 3]) {
      table.touch(0);
      table.gradient[0] = g;
      table.step(0.1);
    }
    const [m, v] = [(0.9 * 0.1 + 0.1 * 3) / (1 - 0.9 ** 2), (0.999 * 0.001 + 0.001 * 9) / (1 - 0.999 ** 2)];
    expect(table.values[0]).toBeCloseTo(-0.1 - (0.1 * m) / Math.sqrt(v), 5);
  });

  it('refuses a gradient that is no number', () => {
    const table = new AdamTable(Float32Array.from([0]), 1, 'the items');
    table.touch(0);
    table.gradient[0] = NaN;
    expect(() => table.step(0.1)).toThrow('the gradient of the items is not finite');
  });
});

const shape: NcfShape = { gmf: 3, mlp: 2, widths: [4, 3] };
const ITEMS = 7;
const vectors = users([0, 2, 4, 5], [1, 3, 0], [6, 2, 1, 5, 3]);
/** Positives of three chunks with two negatives each; the last negative counts for nothing. */
const batch: Batch = {
  chunks: [
    { user: 0, from: 1, to: 3 },
    { user: 2, from: 0, to: 2 },
    { user: 1, from: 2, to: 3 },
  ],
  groups: 5,
  items: Int32Array.from([2, 1, 3, 4, 6, 1, 6, 0, 4, 2, 0, 4, 0, 2, 5]),
  weights: Float32Array.from([0.5, 0.5, 0.5, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 1, 1, 0]),
};
const LAMBDA = 0.03;

function networkOf(tf: TensorFlow, side: UserSide, of: NcfShape = shape): Network {
  const random = seededRandom(3);
  const items = new AdamTable(gaussianArray(ITEMS * (of.gmf + of.mlp), 0.7, random), of.gmf + of.mlp, 'the items');
  const correction = Float32Array.from({ length: ITEMS }, (_, k) => 0.1 * k);
  const packed = initialDense(of, random);
  for (let k = 0; k < packed.length; k++) packed[k]! += 0.2 * (random() - 0.3);
  return new Network(tf, of, packed, side, items, correction, { negatives: 2, regularisation: LAMBDA });
}

const idSide = (of: NcfShape): UserSide => {
  const dimensions = of.gmf + of.mlp;
  return new IdUserSide(new AdamTable(gaussianArray(3 * dimensions, 0.7, seededRandom(4)), dimensions, 'the users'));
};
const itemsSide = (of: NcfShape, profileDecay: number, historyDropout = 0): UserSide => {
  const dimensions = of.gmf + of.mlp;
  const table = new AdamTable(gaussianArray(ITEMS * dimensions, 0.7, seededRandom(4)), dimensions, 'the users');
  const options = { profileDecay, profileItems: 100, normExponent: 0.5, historyDropout };
  return new ItemsUserSide(table, vectors, seededRandom(9), options, 10);
};

/** What `accumulate` differentiates: the summed loss with its regularisation, gradients thrown away. */
function objective(network: Network, of: NcfShape): number {
  const dimensions = of.gmf + of.mlp;
  const loss = network.accumulate(batch) * batch.items.length;
  for (const table of [network.items, network.users.table, network.dense]) table.gradient.fill(0);
  const p = new Float32Array(batch.groups * dimensions);
  network.users.forward(batch, p);
  let squares = 0;
  for (const value of p) squares += 3 * value * value;
  for (const item of batch.items) for (let a = 0; a < dimensions; a++) squares += network.items.values[item * dimensions + a]! ** 2;
  return loss + (LAMBDA / 2) * squares;
}

/** Differences over these steps: a corner of a ReLU in between spoils the larger, rounding of float32 the smaller; one of them is right. */
const STEPS = [2 ** -6, 2 ** -8, 2 ** -10];

/** Every number of every table against central differences. In float32 a thousandth is what can be asked for. */
function expectGradients(network: Network, of: NcfShape): void {
  network.accumulate(batch);
  const tables = [network.items, network.users.table, network.dense];
  const analytic = tables.map((table) => table.gradient.slice());
  tables.forEach((table, t) => {
    const lossAt = (k: number, value: number): number => {
      const before = table.values[k]!;
      table.values[k] = value;
      const loss = objective(network, of);
      table.values[k] = before;
      return loss;
    };
    table.values.forEach((value, k) => {
      const errors = STEPS.map((step) => {
        const numeric = (lossAt(k, value + step) - lossAt(k, value - step)) / (2 * step);
        return Math.abs(analytic[t]![k]! - numeric) / (1 + Math.abs(numeric));
      });
      expect(Math.min(...errors)).toBeLessThan(1e-3);
    });
  });
}

describe.each(TENSOR_BACKENDS)('the hand-written gradients on %s', (backend) => {
  const shapes: readonly (readonly [string, NcfShape])[] = [
    ['NeuMF', shape],
    ['GMF', { gmf: 3, mlp: 0, widths: [] }],
    ['MLP', { gmf: 0, mlp: 2, widths: [4, 3] }],
  ];
  const sides: readonly (readonly [string, (of: NcfShape) => UserSide])[] = [
    ['an id', idSide],
    ['all their items', (of) => itemsSide(of, 1)],
    ['the items before', (of) => itemsSide(of, 0.8)],
  ];
  const cases = shapes.flatMap(([kind, of]) => sides.map(([user, side]) => [kind, user, of, side] as const));

  it.each(cases)('of %s with users of %s are those of finite differences', async (_kind, _user, of, side) => {
    const tf = await tensorsOf(backend);
    if (tf !== undefined) expectGradients(networkOf(tf, side(of), of), of);
  });
});

describe('a user made of items', () => {
  const one: NcfShape = { gmf: 1, mlp: 0, widths: [] };
  const vectorsBy = (profileDecay: number): number[] => {
    const side = itemsSide(one, profileDecay);
    side.table.values.set([1, 2, 3, 4, 5, 6, 7]); // item i is worth i + 1
    const out = new Float32Array(5);
    side.forward(batch, out);
    return [...out];
  };

  it('is the normalised sum over the other items, by hand', () => {
    // user 0 has items 0, 2, 4, 5 with weights 1, .5, 1, 1: for positive 2 the others sum to 1 + 5 + 6 over √3, for 4 to 1 + 1.5 + 6 over √2.5
    const byHand = [12 / Math.sqrt(3), 8.5 / Math.sqrt(2.5)];
    byHand.forEach((value, g) => expect(vectorsBy(1)[g]).toBeCloseTo(value, 5));
  });

  it('with a decay is the decayed sum over the items before, by hand; nobody before the first', () => {
    // for positive 2 the older ones are 4 and 5: (5 + .8 · 6) / √1.8; for 4 it is 5: 6 / √1
    const byHand = [9.8 / Math.sqrt(1.8), 6];
    byHand.forEach((value, g) => expect(vectorsBy(0.8)[g]).toBeCloseTo(value, 5));
    expect(vectorsBy(0.8)[4]).toBe(0);
  });

  it('weighs a profile as a query will', () => {
    const weights = profileWeights(users([3, 1, 2]), { profileDecay: 0.5, profileItems: 2, normExponent: 1 });
    [0.8, 0.2, 0].forEach((value, k) => expect(weights[k]).toBeCloseTo(value, 6));
  });
});

describe('the table that folds users in', () => {
  it('solves its ridge regression', () => {
    const options = { profileDecay: 1, profileItems: 100, normExponent: 0.5, foldInRidge: 0.2 };
    const target = gaussianArray(3 * 2, 1, seededRandom(6));
    const solved = foldInTable(vectors, ITEMS, target, 2, options);
    const weights = profileWeights(vectors, options);
    const loss = (table: Float32Array): number => {
      let sum = 0;
      for (const value of table) sum += options.foldInRidge * value * value;
      for (let u = 0; u < 3; u++) {
        for (let a = 0; a < 2; a++) {
          let told = 0;
          for (let k = vectors.indptr[u]!; k < vectors.indptr[u + 1]!; k++) told += weights[k]! * table[vectors.items[k]! * 2 + a]!;
          sum += (target[u * 2 + a]! - told) ** 2;
        }
      }
      return sum;
    };
    const best = loss(solved);
    for (let k = 0; k < solved.length; k++) {
      for (const step of [0.01, -0.01]) expect(loss(solved.map((value, j) => (j === k ? value + step : value)))).toBeGreaterThan(best);
    }
  });
});

describe('batches', () => {
  const many = users([0, 1, 2], [3], [4, 5], [6, 0, 1, 2, 3], [1, 2]);
  const options = { negatives: 2, batchSamples: 12, leastSteps: 0 };
  const epochs = (): { positives: string[]; negatives: [number, number, number][] }[] => {
    const random = seededRandom(2);
    const made = new Batches(many, new NegativeSampler(new Uint32Array(ITEMS), 0, random), random, options);
    return [0, 1].map(() => {
      const positives: string[] = [];
      const negatives: [number, number, number][] = [];
      for (const { chunks, items, weights } of made.epoch()) {
        let sample = 0;
        for (const { user, from, to } of chunks) {
          for (let t = from; t < to; t++, sample += 3) {
            positives.push(`${user}:${items[sample]}`);
            for (const k of [1, 2]) negatives.push([user, items[sample + k]!, weights[sample + k]!]);
          }
        }
      }
      return { positives, negatives };
    });
  };
  const all = [0, 1, 2, 3, 4]
    .flatMap((u) => [...many.items.subarray(many.indptr[u], many.indptr[u + 1])].map((item) => `${u}:${item}`))
    .sort();

  it('hold every positive once in each epoch, in an order of its own', () => {
    const [first, second] = epochs();
    expect([...first!.positives].sort()).toEqual(all);
    expect([...second!.positives].sort()).toEqual(all);
    expect(second!.positives).not.toEqual(first!.positives);
    expect(epochs()[0]).toEqual(first);
  });

  it('hold no negative that the user had, unless without weight', () => {
    for (const { negatives } of epochs()) {
      for (const [user, item, weight] of negatives) if (weight > 0) expect(all).not.toContain(`${user}:${item}`);
    }
  });

  it('give up on negatives of a user who had everything', () => {
    const random = seededRandom(2);
    const made = new Batches(users([0, 1]), new NegativeSampler(new Uint32Array(2), 0, random), random, options);
    for (const { weights } of made.epoch()) expect([...weights.subarray(0, 6)]).toEqual([1, 0, 0, 0.5, 0, 0]);
  });
});

describe('negatives', () => {
  it.each([0, 0.5, 1])('are drawn in proportion to count^%f, and corrected for it', (exponent) => {
    const counts = [1, 4, 9, 100];
    const sampler = new NegativeSampler(counts, exponent, seededRandom(8));
    const drawn = [0, 0, 0, 0];
    for (let k = 0; k < 40_000; k++) drawn[sampler.draw()]!++;
    const total = counts.reduce((sum, count) => sum + count ** exponent, 0);
    counts.forEach((count, item) => {
      const share = count ** exponent / total;
      expect(Math.abs(drawn[item]! / 40_000 - share)).toBeLessThan(0.01);
      expect(sampler.correction[item]).toBeCloseTo(-Math.log(4 * share), 5);
    });
  });
});

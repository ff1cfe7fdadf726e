import { openTensors, type Tensor, type TensorBackend, type TensorFlow } from '../../../src/models/tensor/open-tensors';
import { gaussian, seededRandom } from '../../../src/platform/random';
import { INSTALLED_BACKENDS } from './installed-backends';

/** `count` normal draws, the same in every run. */
const normals = (count: number, seed: number): Float32Array => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => gaussian(random));
};

/** What a tower is made of, forward and backward, on numbers that are the same on every backend. */
const COMPUTATIONS: Readonly<Record<string, (tf: TensorFlow) => Tensor>> = {
  'matMul [37 × 48] · [48 × 29]': (tf) => tf.matMul(tf.tensor2d(normals(37 * 48, 1), [37, 48]), tf.tensor2d(normals(48 * 29, 2), [48, 29])),
  'matMul of a batch, transposed': (tf) =>
    tf.matMul(tf.tensor3d(normals(3 * 5 * 8, 3), [3, 5, 8]), tf.tensor3d(normals(3 * 7 * 8, 4), [3, 7, 8]), false, true),
  softmax: (tf) => tf.softmax(tf.tensor2d(normals(6 * 50, 5), [6, 50])),
  logSoftmax: (tf) => tf.logSoftmax(tf.tensor2d(normals(6 * 50, 5), [6, 50])),
  'layer normalisation': (tf) => layerNorm(tf, tf.tensor2d(normals(9 * 48, 6), [9, 48])),
  gelu: (tf) => {
    const x = tf.tensor1d(normals(100, 7));
    return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));
  },
  'gradient of a two-layer tower by its inputs': (tf) => {
    const first = tf.tensor2d(normals(16 * 8, 8), [16, 8]);
    const second = tf.tensor2d(normals(8, 9), [8, 1]);
    const loss = (x: Tensor): Tensor => tf.sum(tf.sigmoid(tf.matMul(tf.relu(tf.matMul(tf.reshape(x, [5, 16]), first)), second)));
    return tf.grad(loss)(tf.tensor2d(normals(5 * 16, 10), [5, 16]));
  },
  'gradient of causal self-attention by its inputs': (tf) => {
    const masked = tf.tensor2d([0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0], [3, 3]);
    const weights = tf.tensor2d(normals(12, 11), [3, 4]);
    const attend = (x: Tensor): Tensor => {
      const rows = tf.reshape(x, [3, 4]);
      const shares = tf.softmax(tf.add(tf.mul(tf.matMul(rows, rows, false, true), 0.5), masked));
      return tf.sum(tf.mul(layerNorm(tf, tf.matMul(shares, rows)), weights));
    };
    return tf.grad(attend)(tf.tensor2d(normals(12, 12), [3, 4]));
  },
};

function layerNorm(tf: TensorFlow, x: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
}

async function valuesOf(backend: TensorBackend, computation: (tf: TensorFlow) => Tensor): Promise<number[]> {
  const { tf } = await openTensors(backend);
  return tf.tidy(() => [...computation(tf).dataSync<'float32'>()]);
}

describe.each(INSTALLED_BACKENDS)('on %s', (backend) => {
  let tf: TensorFlow;
  beforeEach(async () => {
    ({ tf } = await openTensors(backend));
    expect(tf.memory().numTensors).toBe(0);
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  it('gives back the bits that a tensor was made of', () => {
    const floats = new Float32Array([0, -0, 1.1, -3.4e38, 1e-38, Infinity]);
    const integers = new Int32Array([0, -1, 2_147_483_647]);
    tf.tidy(() => {
      expect(new Uint32Array(Float32Array.from(tf.tensor1d(floats).dataSync()).buffer)).toEqual(new Uint32Array(floats.buffer));
      expect([...tf.tensor1d(integers, 'int32').dataSync()]).toEqual([...integers]);
    });
  });

  it('keeps what a tensor was made of, when the array is written to afterwards', () => {
    const values = new Float32Array([1, 2]);
    const tensor = tf.tensor1d(values.slice());
    values[0] = 9;
    expect([...tensor.dataSync()]).toEqual([1, 2]);
    tensor.dispose();
  });

  it('multiplies matrices', () => {
    const product = tf.tidy(() => [
      ...tf.matMul(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2])).dataSync(),
    ]);
    expect(product).toEqual([4, 5, 10, 11]);
  });

  it('finds softmax and its logarithm, also of large numbers', () => {
    const [shares, logs] = tf.tidy(() => {
      const x = tf.tensor2d([0, Math.log(3), 1000, 1000], [2, 2]);
      return [[...tf.softmax(x).dataSync()], [...tf.logSoftmax(x).dataSync()]];
    });
    [0.25, 0.75, 0.5, 0.5].forEach((share, k) => {
      expect(shares[k]).toBeCloseTo(share, 6);
      expect(logs[k]).toBeCloseTo(Math.log(share), 5);
    });
  });

  it('normalises a layer to mean 0 and variance 1', () => {
    const rows = tf.tidy(() => layerNorm(tf, tf.tensor2d([1, 3, 10, 30], [2, 2])).arraySync() as number[][]);
    for (const [low, high] of rows) {
      expect(low).toBeCloseTo(-1, 4);
      expect(high).toBeCloseTo(1, 4);
    }
  });

  it('gathers rows', () => {
    const rows = tf.tidy(() => tf.gather(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]), tf.tensor1d([2, 0, 2], 'int32')).arraySync());
    expect(rows).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
  });

  it('takes the gradient by inputs: of Σ (x · W)² it is 2 (x · W) · Wᵀ', () => {
    const gradient = tf.tidy(() => {
      const weights = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      return [
        ...tf
          .grad((x) => tf.sum(tf.square(tf.matMul(tf.reshape(x, [1, 2]), weights))))(tf.tensor2d([1, -1], [1, 2]))
          .dataSync(),
      ];
    });
    expect(gradient).toEqual([-12, -28]); // x · W = [−2, −2]
  });

  it.each(Object.keys(COMPUTATIONS).filter((name) => name.startsWith('gradient')))('repeats the %s to the bit', async (name) => {
    const computation = COMPUTATIONS[name]!;
    expect(await valuesOf(backend, computation)).toEqual(await valuesOf(backend, computation));
  });

  it('steps variables by Adam, and has nothing left when variable and optimiser are disposed of', () => {
    const weight = tf.tidy(() => tf.variable(tf.scalar(1))); // a variable outlives the tidy, what it was made of does not
    const adam = tf.train.adam(0.1);
    adam.minimize(() => tf.sum(tf.square(weight)));
    expect(weight.dataSync()[0]).toBeCloseTo(0.9, 5); // the first step of Adam is the learning rate
    weight.dispose();
    adam.dispose();
  });

  it('drops the same entries by the same seed, others by another', () => {
    const drop = (seed: number): number[] => tf.tidy(() => [...tf.dropout(tf.ones([200]), 0.3, undefined, seed).dataSync()]);
    expect(drop(7)).toEqual(drop(7));
    expect(drop(7)).not.toEqual(drop(8));
    expect(new Set(drop(7).map((value) => value.toFixed(4)))).toEqual(new Set(['0.0000', (1 / 0.7).toFixed(4)]));
  });

  it('leaves no tensors behind a tidy, also when it throws', () => {
    expect(() =>
      tf.tidy(() => {
        tf.square(tf.ones([10]));
        throw new Error('stopped');
      }),
    ).toThrow('stopped');
  });
});

describe.each(Object.entries(COMPUTATIONS))('%s', (_name, computation) => {
  it(`comes to the same on ${INSTALLED_BACKENDS.join(' and ')}, to 1e-4`, async () => {
    const reference = await valuesOf('wasm', computation);
    expect(reference.every((value) => Number.isFinite(value))).toBe(true);
    for (const backend of INSTALLED_BACKENDS) {
      const values = await valuesOf(backend, computation);
      expect(values).toHaveLength(reference.length);
      expect(Math.max(...values.map((value, k) => Math.abs(value - reference[k]!)))).toBeLessThan(1e-4);
    }
  });
});

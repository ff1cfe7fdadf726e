import type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '../tensor/open-tensors';
import { EPSILON, layout, partName, type BlockPart, type TowerShape } from './weights';

/** What the tower multiplies values with while it is trained: [rows × dimensions] zeros and 1 / (1 − rate)s, new at each call. */
export type Dropout = (x: Tensor2D) => Tensor2D;
const KEEP: Dropout = (x) => x;

/**
 * The tower of SASRec (Kang & McAuley, ICDM 2018) in TensorFlow.js: blocks of causal self-attention and a two-layer feed-forward part,
 * each added to what it read. Deviations: normalisation comes before each part and once at the end (pre-norm, Xiong et al., ICML 2020),
 * queries, keys and values all read the normalised input, and heads are joined by a matrix (Vaswani et al., NeurIPS 2017).
 * Gradients are TensorFlow's but for matrix products and normalisation, which are written so that both backends are fast at them.
 */
export class Tower {
  private readonly parts: readonly string[];

  constructor(
    private readonly tf: TensorFlow,
    private readonly shape: TowerShape,
  ) {
    this.parts = layout(shape).map(({ name }) => name);
  }

  /**
   * [sequences · length × dimensions] from the same shape: the state after each position, which depends on no later position. `weights`
   * are the parts of the layout in its order. `dropout` (none: nothing is dropped) is applied to the input and to what each part adds.
   */
  states(input: Tensor2D, weights: readonly Tensor[], length: number, dropout: Dropout = KEEP): Tensor2D {
    const { tf, shape } = this;
    const mask = this.causalMask(length);
    const part = (name: string): Tensor => weights[this.parts.indexOf(name)]!;
    let x = dropout(input);
    for (let block = 0; block < shape.blocks; block++) {
      const vector = (name: BlockPart): Tensor1D => part(partName(block, name)) as Tensor1D;
      const matrix = (name: BlockPart): Tensor2D => part(partName(block, name)) as Tensor2D;
      const read = this.normalise(x, vector('gain1'), vector('shift1'));
      const [q, k, v] = (['query', 'key', 'value'] as const).map((name) => this.product(read, matrix(name)));
      const attended = this.product(this.attend(q!, k!, v!, mask, length), matrix('out'));
      x = tf.add(x, dropout(attended));
      const between = this.normalise(x, vector('gain2'), vector('shift2'));
      const hidden = tf.relu<Tensor2D>(tf.add(this.product(between, matrix('in')), vector('inBias')));
      x = tf.add(x, dropout(tf.add(this.product(hidden, matrix('back')), vector('backBias'))));
    }
    return this.normalise(x, part('gain') as Tensor1D, part('shift') as Tensor1D);
  }

  /** softmax(q · kᵀ / √width + mask) · v for each sequence and head. */
  private attend(q: Tensor2D, k: Tensor2D, v: Tensor2D, mask: Tensor2D, length: number): Tensor2D {
    const { tf, shape } = this;
    const [rows] = q.shape;
    const width = shape.dimensions / shape.heads;
    const byHead = (x: Tensor2D): Tensor3D => {
      if (shape.heads === 1) return tf.reshape(x, [rows / length, length, width]);
      const split = tf.transpose(tf.reshape(x, [rows / length, length, shape.heads, width]), [0, 2, 1, 3]);
      return tf.reshape(split, [(rows / length) * shape.heads, length, width]);
    };
    const scaled = tf.mul<Tensor2D>(q, 1 / Math.sqrt(width));
    const attention = tf.softmax(tf.add(tf.matMul(byHead(scaled), byHead(k), false, true), mask));
    const read = tf.matMul(attention, byHead(v));
    if (shape.heads === 1) return tf.reshape(read, [rows, width]);
    const joined = tf.transpose(tf.reshape(read, [rows / length, shape.heads, length, width]), [0, 2, 1, 3]);
    return tf.reshape(joined, [rows, shape.dimensions]);
  }

  /** [length × length]: 0 where the column is not after the row, else so low that softmax makes it 0. */
  private causalMask(length: number): Tensor2D {
    const mask = new Float32Array(length * length);
    for (let row = 0; row < length; row++) mask.fill(-1e9, row * length + row + 1, (row + 1) * length);
    return this.tf.tensor2d(mask, [length, length]);
  }

  /** a · b. Its gradients transpose only the small factors, as the wasm backend multiplies transposed ones twelve times slower. */
  private product(a: Tensor2D, b: Tensor2D): Tensor2D {
    const { tf } = this;
    return tf.customGrad((x, y, save) => {
      (save as (tensors: Tensor[]) => void)([x as Tensor, y as Tensor]);
      return {
        value: tf.matMul(x as Tensor2D, y as Tensor2D),
        gradFunc: (dz: Tensor, saved: Tensor[]) => [
          tf.matMul(dz, tf.transpose(saved[1] as Tensor2D)),
          tf.matMul(tf.transpose(saved[0] as Tensor2D), dz),
        ],
      };
    })(a, b) as Tensor2D;
  }

  /** gain · (x − mean) / √(variance + ε) + shift, over each row (Ba et al., 2016). */
  private normalise(x: Tensor2D, gain: Tensor1D, shift: Tensor1D): Tensor2D {
    const { tf } = this;
    return tf.customGrad((rows, g, s, save) => {
      const centred = tf.sub(rows as Tensor2D, tf.mean(rows as Tensor2D, 1, true));
      const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), EPSILON));
      const unit = tf.mul(centred, scale);
      (save as (tensors: Tensor[]) => void)([unit, scale, g as Tensor]);
      return {
        value: tf.add(tf.mul(unit, g as Tensor), s as Tensor),
        gradFunc: (dz: Tensor, saved: Tensor[]) => {
          const [y, inverse, factor] = saved as [Tensor2D, Tensor2D, Tensor1D];
          const dy = tf.mul(dz, factor);
          const along = tf.mul(y, tf.mean(tf.mul(dy, y), 1, true));
          const dx = tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, 1, true)), along), inverse);
          return [dx, tf.sum(tf.mul(dz, y), 0), tf.sum(dz, 0)];
        },
      };
    })(x, gain, shift) as Tensor2D;
  }
}

import type { Tensor2D, TensorFlow } from '../tensor/open-tensors';

/** What the states of a batch are asked: which candidate comes next? */
export interface Question {
  /** [candidates × dimensions], row-major. */
  readonly table: Float32Array;
  /** [rows] the candidate that is right; −1: the row is padding and counts nothing. */
  readonly right: Int32Array;
}

/** The mean loss of the rows that are no padding, and its gradients. */
export interface LossGradients {
  readonly loss: number;
  /** [rows × dimensions] with respect to the states; the caller disposes of it. */
  readonly states: Tensor2D;
  /** [candidates × dimensions] with respect to the table. */
  readonly table: Float32Array;
}

export type NextItemLoss = (tf: TensorFlow, states: Tensor2D, question: Question) => LossGradients;

/** [rows × dimensions]: the right candidate of each row; zeros for padding. */
export function gatherRight({ table, right }: Question, dimensions: number): Float32Array {
  const gathered = new Float32Array(right.length * dimensions);
  for (let row = 0; row < right.length; row++) {
    const from = right[row]! * dimensions;
    if (from < 0) continue;
    const to = row * dimensions;
    for (let a = 0; a < dimensions; a++) gathered[to + a] = table[from + a]!;
  }
  return gathered;
}

/** [rows]: 1 / (number of rows that are no padding), 0 for padding. */
export function rowShares(right: Int32Array): Float32Array {
  let count = 0;
  for (const candidate of right) if (candidate >= 0) count++;
  return Float32Array.from(right, (candidate) => (candidate >= 0 ? 1 / count : 0));
}

/** into[right[row]] += factors[row] · states[row] for the rows that are no padding. */
export function scatterRight(into: Float32Array, right: Int32Array, states: Float32Array, factors: ArrayLike<number>): void {
  const dimensions = states.length / right.length;
  for (let row = 0; row < right.length; row++) {
    const to = right[row]! * dimensions;
    if (to < 0) continue;
    const from = row * dimensions;
    const factor = factors[row]!;
    for (let a = 0; a < dimensions; a++) into[to + a]! += factor * states[from + a]!;
  }
}

/**
 * Cross-entropy of the softmax over the candidates, −log softmax(s · cᵀ)[right]: with all items of the catalogue as candidates the full one. With
 * some, each logit is lowered by the log of how likely its item was to be among them (`inclusion`; Bengio & Senécal, IEEE TNN 2008), so that
 * the expected gradient is near that of the full one. Source: Klenitskiy & Vasilev, RecSys 2023, who find that this loss
 * is what lifts SASRec over BERT4Rec; deviation: negatives are shared in the batch, which makes them one matrix product.
 * Gradients are written by hand. No [rows × candidates] matrix is transposed, and of the passes over one only `softmax` is not a product or a
 * maximum: exponentials are slow on wasm.
 */
export const softmaxLoss =
  (inclusion?: Float32Array): NextItemLoss =>
  (tf, states, question) => {
    const { table, right } = question;
    const [rows, dimensions] = states.shape;
    const shares = rowShares(right);
    const result = { loss: 0, table: new Float32Array(0) };
    const gradient = tf.tidy(() => {
      const candidates = tf.tensor2d(table, [table.length / dimensions, dimensions]);
      const wanted = tf.tensor2d(gatherRight(question, dimensions), [rows, dimensions]);
      const share = tf.tensor2d(shares, [rows, 1]);
      let logits = tf.matMul(states, tf.transpose(candidates));
      let logit = tf.sum(tf.mul(states, wanted), 1, true);
      if (inclusion) {
        const offsets = inclusion.map((p) => -Math.log(p));
        logits = tf.add(logits, tf.tensor1d(offsets));
        const own = Float32Array.from(right, (candidate) => (candidate < 0 ? 0 : offsets[candidate]!));
        logit = tf.add(logit, tf.tensor2d(own, [rows, 1]));
      }
      const odds = tf.softmax(logits);
      // log Σ exp z = z_c − log softmax(z)_c for any c; for the largest nothing underflows.
      const normaliser = tf.sub(tf.max(logits, 1, true), tf.log(tf.max(odds, 1, true)));
      result.loss = tf.sum(tf.mul(share, tf.sub(normaliser, logit))).dataSync<'float32'>()[0]!;
      const weighed = tf.mul(states, share);
      const ofTable = tf.transpose(tf.matMul(tf.transpose(weighed), odds));
      result.table = Float32Array.from(ofTable.dataSync<'float32'>());
      return tf.mul<Tensor2D>(tf.sub(tf.matMul(odds, candidates), wanted), share);
    });
    scatterRight(result.table, right, states.dataSync<'float32'>(), shares.map((share) => -share)); // prettier-ignore
    return { ...result, states: gradient };
  };

import type { Tensor2D } from '../tensor/open-tensors';
import { gatherRight, rowShares, scatterRight, type NextItemLoss } from './next-item-loss';

/**
 * β = α (t (1 − 1/α) + 1/α) for α = negatives / (items − 1), the share of possible negatives that is drawn: with t = 0 plain binary
 * cross-entropy (β = 1), with t = 1 scores calibrated as if all negatives had been seen (β = α). (Petrov & Macdonald, RecSys 2023, eq. 15.)
 */
export function positivePower(negatives: number, items: number, t: number): number {
  const alpha = Math.min(1, negatives / Math.max(1, items - 1));
  return alpha * (t * (1 - 1 / alpha) + 1 / alpha);
}

/**
 * gBCE: −β log σ(s · c) for the right candidate, −log(1 − σ(s · c)) for each other one that was drawn (`drawn`, 0 or 1 each).
 * (gSASRec, Petrov & Macdonald, RecSys 2023; deviations: negatives are shared in the batch, and one that is right for a row is no negative
 * there.) Gradients are written by hand.
 */
export const calibratedLoss =
  (beta: number, drawn?: Float32Array): NextItemLoss =>
  (tf, states, question) => {
    const { table, right } = question;
    const [rows, dimensions] = states.shape;
    const shares = rowShares(right);
    const result = { loss: 0, table: new Float32Array(0) };
    let factors: Float32Array = shares;
    const gradient = tf.tidy(() => {
      const count = table.length / dimensions;
      const candidates = tf.tensor2d(table, [count, dimensions]);
      const counted = tf.tensor2d(drawn ?? new Float32Array(count).fill(1), [count, 1]);
      const wanted = tf.tensor2d(gatherRight(question, dimensions), [rows, dimensions]);
      const share = tf.tensor2d(shares, [rows, 1]);
      const ownCounted = tf.tensor2d(Float32Array.from(right, (c) => (c < 0 ? 0 : (drawn?.[c] ?? 1))), [rows, 1]); // prettier-ignore
      const logits = tf.matMul(states, tf.transpose(candidates));
      const logit = tf.sum(tf.mul(states, wanted), 1, true);
      const chance = tf.sigmoid(logits);
      const own = tf.sigmoid(logit);
      // −log(1 − σ(z)) = softplus(z), −log σ(z) = softplus(−z)
      const others = tf.sub(tf.matMul(tf.softplus(logits), counted), tf.mul(ownCounted, tf.softplus(logit)));
      result.loss = tf.sum(tf.mul(share, tf.add(others, tf.mul(tf.softplus(tf.neg(logit)), beta)))).dataSync<'float32'>()[0]!;
      const correction = tf.sub(tf.mul(tf.sub(own, 1), beta), tf.mul(ownCounted, own)); // of the right candidate's logit
      factors = Float32Array.from(tf.mul(correction, share).dataSync<'float32'>());
      const weighed = tf.mul(states, share);
      const ofTable = tf.mul(tf.transpose(tf.matMul(tf.transpose(weighed), chance)), counted);
      result.table = Float32Array.from(ofTable.dataSync<'float32'>());
      const pull = tf.add(tf.matMul(chance, tf.mul(candidates, counted)), tf.mul(wanted, correction));
      return tf.mul<Tensor2D>(pull, share);
    });
    scatterRight(result.table, right, states.dataSync<'float32'>(), factors);
    return { ...result, states: gradient };
  };

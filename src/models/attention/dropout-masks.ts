import type { TensorFlow, Tensor2D } from '../tensor/open-tensors';
import type { Dropout } from './tower';

/**
 * Dropout (Srivastava et al., JMLR 2014) whose masks are drawn here and not by the backend, so that one seed drops the same on every
 * backend. The rate is rounded to 1/256: four numbers are tested for each draw of a 32-bit xorshift generator (Marsaglia, 2003).
 */
export class DropoutMasks {
  private state: number;

  /** @param seed any integer */
  constructor(
    private readonly tf: TensorFlow,
    private readonly rate: number,
    seed: number,
  ) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b) | 1;
  }

  readonly apply: Dropout = (x: Tensor2D) => {
    const threshold = Math.round(this.rate * 256);
    if (threshold === 0) return x;
    const { tf } = this;
    return tf.mul(x, tf.tensor2d(this.draw(x.size, threshold), x.shape));
  };

  private draw(size: number, threshold: number): Float32Array {
    const mask = new Float32Array(size);
    const kept = 256 / (256 - threshold);
    let state = this.state;
    for (let k = 0; k < size; k += 4) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      if ((state & 255) >= threshold) mask[k] = kept;
      if (((state >>> 8) & 255) >= threshold) mask[k + 1] = kept; // writes beyond the end of a typed array are nothing
      if (((state >>> 16) & 255) >= threshold) mask[k + 2] = kept;
      if (state >>> 24 >= threshold) mask[k + 3] = kept;
    }
    this.state = state;
    return mask;
  }
}

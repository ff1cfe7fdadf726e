import type { Tensor2D, TensorFlow } from '../tensor/open-tensors';
import type { DenseWeights } from './dense-weights';

/**
 * The dense part of the MLP over a batch, in TensorFlow.js: forward, and backward written out as matrix products. Written out, because
 * neither backend then needs a tape, and because TensorFlow.js's own gradient of a product asks for transposed operands, which the wasm
 * backend multiplies one number at a time: transposing first made a step of a 64-32-16-8 tower four times as fast.
 */
export class Tower {
  constructor(
    private readonly tf: TensorFlow,
    private readonly weights: DenseWeights,
  ) {}

  /** [samples]: mlpOut · tower(x) of each row of `inputs` [samples × first layer's inputs]. */
  forward(inputs: Float32Array, samples: number): Float32Array {
    return this.run(inputs, samples, undefined).logits;
  }

  /**
   * Forward, then backward from what `head` says is the loss' gradient with respect to the logits [samples]. Adds the weights' gradients
   * to `gradient` and gives those of the inputs [samples × inputs].
   */
  backward(inputs: Float32Array, samples: number, gradient: DenseWeights, head: (logits: Float32Array) => Float32Array): Float32Array {
    return this.run(inputs, samples, { gradient, head }).inputGradient;
  }

  private run(
    inputs: Float32Array,
    samples: number,
    back: { readonly gradient: DenseWeights; readonly head: (logits: Float32Array) => Float32Array } | undefined,
  ): { readonly logits: Float32Array; readonly inputGradient: Float32Array } {
    const { tf, weights } = this;
    let logits: Float32Array = new Float32Array(0);
    let inputGradient = logits;
    tf.tidy(() => {
      const kernels = weights.layers.map((layer) => tf.tensor2d(layer.kernel, [layer.inputs, layer.outputs]));
      const out = tf.tensor2d(weights.mlpOut, [weights.mlpOut.length, 1]);
      const activations: Tensor2D[] = [tf.tensor2d(inputs, [samples, weights.layers[0]!.inputs])];
      weights.layers.forEach(({ bias }, l) => {
        const linear = { a: activations[l]!, b: kernels[l]!, bias: tf.tensor1d(bias), activation: 'relu' as const };
        activations.push(tf.fused.matMul(linear) as Tensor2D);
      });
      logits = floats(tf.matMul(activations.at(-1)!, out));
      if (back === undefined) return;
      const delta = tf.tensor2d(back.head(logits), [samples, 1]);
      add(back.gradient.mlpOut, tf.matMul(tf.transpose(activations.at(-1)!), delta));
      inputGradient = this.backwardLayers(activations, kernels, tf.matMul(delta, tf.transpose(out)), back.gradient);
    });
    return { logits, inputGradient };
  }

  /** `above`: the gradient of the last activations [samples × last width]. */
  private backwardLayers(
    activations: readonly Tensor2D[],
    kernels: readonly Tensor2D[],
    above: Tensor2D,
    gradient: DenseWeights,
  ): Float32Array {
    const { tf } = this;
    const ones: Tensor2D = tf.ones([1, activations[0]!.shape[0]]);
    let delta = above;
    for (let l = kernels.length - 1; l >= 0; l--) {
      const linear = tf.mul<Tensor2D>(delta, tf.step(activations[l + 1]!));
      add(gradient.layers[l]!.kernel, tf.matMul(tf.transpose(activations[l]!), linear));
      add(gradient.layers[l]!.bias, tf.matMul(ones, linear));
      delta = tf.matMul(linear, tf.transpose(kernels[l]!));
    }
    return floats(delta);
  }
}

const floats = (tensor: Tensor2D): Float32Array => tensor.dataSync() as Float32Array;

function add(target: Float32Array, tensor: Tensor2D): void {
  const values = tensor.dataSync();
  for (let k = 0; k < target.length; k++) target[k]! += values[k]!;
}

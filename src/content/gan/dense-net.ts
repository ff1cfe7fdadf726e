import { gaussian, type Random } from '../../platform/random';

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than the arithmetic.
const { sqrt } = Math;

/** A network of one hidden layer: y = W₂ · leaky(W₁ · x + b₁) + b₂. `w1` [inputs × hidden], so that an input of 0 costs nothing; `w2` [outputs × hidden]. */
export interface DenseNet {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly w1: Float64Array;
  readonly b1: Float64Array;
  readonly w2: Float64Array;
  readonly b2: Float64Array;
}

const LEAK = 0.2;

/** Weights drawn with variance 2 / inputs (He et al., ICCV 2015), biases 0. */
export function drawNet(random: Random, { inputs, hidden, outputs }: Pick<DenseNet, 'inputs' | 'hidden' | 'outputs'>): DenseNet {
  const drawn = (length: number, scale: number): Float64Array => Float64Array.from({ length }, () => scale * gaussian(random));
  return {
    inputs,
    hidden,
    outputs,
    w1: drawn(inputs * hidden, sqrt(2 / inputs)),
    b1: new Float64Array(hidden),
    w2: drawn(outputs * hidden, sqrt(1 / hidden)),
    b2: new Float64Array(outputs),
  };
}

/** A net of the same shape with every weight 0: where gradients are summed. */
export const zeroNet = ({ inputs, hidden, outputs, w1, w2 }: DenseNet): DenseNet => ({
  inputs,
  hidden,
  outputs,
  w1: new Float64Array(w1.length),
  b1: new Float64Array(hidden),
  w2: new Float64Array(w2.length),
  b2: new Float64Array(outputs),
});

/** The hidden layer and the outputs for one input. */
export interface Pass {
  readonly hidden: Float64Array;
  readonly output: Float64Array;
}

export function forward(net: DenseNet, x: ArrayLike<number>): Pass {
  const { inputs, hidden, w1 } = net;
  const layer = net.b1.slice();
  for (let k = 0; k < inputs; k++) {
    const value = x[k]!;
    if (value === 0) continue;
    for (let h = 0, at = k * hidden; h < hidden; h++, at++) layer[h]! += w1[at]! * value;
  }
  for (let h = 0; h < hidden; h++) layer[h] = bent(layer[h]!);
  return { hidden: layer, output: outputOf(net, layer) };
}

/** The leaky rectifier. */
export const bent = (value: number): number => (value < 0 ? LEAK * value : value);

/** The outputs for a hidden layer. */
export function outputOf({ hidden, outputs, w2, b2 }: DenseNet, layer: Float64Array): Float64Array {
  const output = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let sum = b2[o]!;
    for (let h = 0, at = o * hidden; h < hidden; h++, at++) sum += w2[at]! * layer[h]!;
    output[o] = sum;
  }
  return output;
}

/** Adds the gradient of the weights for one input into `into`, given that of the output; returns that of the hidden layer before its bend. */
export function backward(net: DenseNet, x: ArrayLike<number>, pass: Pass, ofOutput: ArrayLike<number>, into: DenseNet): Float64Array {
  const { inputs, hidden, outputs, w2 } = net;
  const ofHidden = new Float64Array(hidden);
  for (let o = 0; o < outputs; o++) {
    const g = ofOutput[o]!;
    into.b2[o]! += g;
    for (let h = 0, at = o * hidden; h < hidden; h++, at++) {
      into.w2[at]! += g * pass.hidden[h]!;
      ofHidden[h]! += g * w2[at]!;
    }
  }
  for (let h = 0; h < hidden; h++) {
    if (pass.hidden[h]! < 0) ofHidden[h]! *= LEAK;
    into.b1[h]! += ofHidden[h]!;
  }
  for (let k = 0; k < inputs; k++) {
    const value = x[k]!;
    if (value === 0) continue;
    for (let h = 0, at = k * hidden; h < hidden; h++, at++) into.w1[at]! += ofHidden[h]! * value;
  }
  return ofHidden;
}

/** The gradient of the first `count` inputs, given what `backward` returned. */
export function gradientOfInputs({ hidden, w1 }: DenseNet, ofHidden: Float64Array, count: number): Float64Array {
  const ofInput = new Float64Array(count);
  for (let k = 0; k < count; k++) for (let h = 0, at = k * hidden; h < hidden; h++, at++) ofInput[k]! += w1[at]! * ofHidden[h]!;
  return ofInput;
}

const PARTS = ['w1', 'b1', 'w2', 'b2'] as const;

/** Adam (Kingma & Ba, ICLR 2015) with decay of the weights apart from the gradient (Loshchilov & Hutter, ICLR 2019). */
export class NetAdam {
  private readonly first: DenseNet;
  private readonly second: DenseNet;
  private steps = 0;

  constructor(
    private readonly net: DenseNet,
    private readonly options: { readonly rate: number; readonly beta1: number; readonly beta2: number; readonly decay: number },
  ) {
    this.first = zeroNet(net);
    this.second = zeroNet(net);
  }

  /** Takes one step down the gradient, which is summed over `count` inputs, and clears it. */
  step(gradient: DenseNet, count: number): void {
    const { rate, beta1, beta2, decay } = this.options;
    this.steps++;
    const scale = (rate * sqrt(1 - beta2 ** this.steps)) / (1 - beta1 ** this.steps);
    for (const part of PARTS) {
      const [weights, g, m, v] = [this.net[part], gradient[part], this.first[part], this.second[part]];
      for (let k = 0; k < weights.length; k++) {
        const slope = g[k]! / count;
        m[k] = beta1 * m[k]! + (1 - beta1) * slope;
        v[k] = beta2 * v[k]! + (1 - beta2) * slope * slope;
        weights[k]! -= (scale * m[k]!) / (sqrt(v[k]!) + 1e-8) + rate * decay * weights[k]!;
      }
      g.fill(0);
    }
  }
}

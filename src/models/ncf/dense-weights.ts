/** Sizes of a network: `gmf` and `mlp` numbers per embedding in each part (0: the part is absent), and the tower's layer widths. */
export interface NcfShape {
  readonly gmf: number;
  readonly mlp: number;
  readonly widths: readonly number[];
}

/** out = ReLU(kernelᵀ in + bias), kernel [inputs × outputs] row-major. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Named views of one packed array: logit = gmfOut · (p ∘ q) + mlpOut · tower([p; q]) + bias. */
export interface DenseWeights {
  /** [gmf] */
  readonly gmfOut: Float32Array;
  readonly layers: readonly DenseLayer[];
  /** [last width] */
  readonly mlpOut: Float32Array;
  /** [1] */
  readonly bias: Float32Array;
}

/** How many numbers a network of this shape has beside its embeddings. */
export function denseLength({ gmf, mlp, widths }: NcfShape): number {
  let inputs = 2 * mlp;
  let length = gmf + 1;
  for (const width of widths) {
    length += (inputs + 1) * width;
    inputs = width;
  }
  return length + (widths.at(-1) ?? 0);
}

/** Views into `packed`, in the order of `DenseWeights`' fields. @throws RangeError when its length is another. */
export function denseWeights(packed: Float32Array, shape: NcfShape): DenseWeights {
  if (packed.length !== denseLength(shape)) throw new RangeError(`${packed.length} weights, the shape takes ${denseLength(shape)}`);
  let at = 0;
  const take = (length: number): Float32Array => packed.subarray(at, (at += length));
  const gmfOut = take(shape.gmf);
  let inputs = 2 * shape.mlp;
  const layers = shape.widths.map((outputs): DenseLayer => {
    const layer = { inputs, outputs, kernel: take(inputs * outputs), bias: take(outputs) };
    inputs = outputs;
    return layer;
  });
  return { gmfOut, layers, mlpOut: take(shape.widths.at(-1) ?? 0), bias: take(1) };
}

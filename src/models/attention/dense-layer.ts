/** How many rows `applyLayer` computes at once: it writes whole groups, so its arrays have room for one group more than their rows. */
export const ROW_GROUP = 4;

/** x ↦ W · x + b, or ReLU of it: one layer of the source article's formulas. Numbers are 64-bit, which JavaScript is three times faster at. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs × inputs], row-major. */
  readonly weights: Float64Array;
  /** [outputs] */
  readonly bias: Float64Array;
  readonly relu: boolean;
}

/** A layer from its matrix as TensorFlow multiplies with it, [inputs × outputs], and its bias (none: zeros). */
export function layerOf(matrix: ArrayLike<number>, outputs: number, bias?: ArrayLike<number>, relu = false): DenseLayer {
  const inputs = matrix.length / outputs;
  const weights = new Float64Array(matrix.length);
  for (let i = 0; i < inputs; i++) for (let o = 0; o < outputs; o++) weights[o * inputs + i] = matrix[i * outputs + o]!;
  return { inputs, outputs, weights, bias: bias ? Float64Array.from(bias) : new Float64Array(outputs), relu };
}

/**
 * into[r] = layer(x[r]) for the rows `first … end − 1` of x [rows × inputs], and of up to 3 rows after them that `x` and `into` have room for:
 * four rows and two outputs at a time, whose sums do not wait for each other.
 */
export function applyLayer(layer: DenseLayer, x: Float64Array, first: number, end: number, into: Float64Array): void {
  const { inputs, outputs } = layer;
  for (let row = first; row < end; row += ROW_GROUP) {
    for (let o = 0; o + 1 < outputs; o += 2) pairOfOutputs(layer, x, row * inputs, o, into, row * outputs + o);
    if (outputs % 2 === 1) lastOutput(layer, x, row * inputs, into, row * outputs + outputs - 1);
  }
}

function pairOfOutputs(layer: DenseLayer, x: Float64Array, from: number, o: number, into: Float64Array, to: number): void {
  const { inputs, outputs, weights, bias, relu } = layer;
  const [x0, x1, x2, x3] = [from, from + inputs, from + 2 * inputs, from + 3 * inputs];
  const u = o * inputs;
  const v = u + inputs;
  let s0 = bias[o]!;
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let t0 = bias[o + 1]!;
  let t1 = t0;
  let t2 = t0;
  let t3 = t0;
  for (let i = 0; i < inputs; i++) {
    const a = weights[u + i]!;
    const b = weights[v + i]!;
    const y0 = x[x0 + i]!;
    const y1 = x[x1 + i]!;
    const y2 = x[x2 + i]!;
    const y3 = x[x3 + i]!;
    s0 += a * y0;
    s1 += a * y1;
    s2 += a * y2;
    s3 += a * y3;
    t0 += b * y0;
    t1 += b * y1;
    t2 += b * y2;
    t3 += b * y3;
  }
  put(into, to, outputs, relu, s0, s1, s2, s3);
  put(into, to + 1, outputs, relu, t0, t1, t2, t3);
}

function lastOutput(
  { inputs, outputs, weights, bias, relu }: DenseLayer,
  x: Float64Array,
  from: number,
  into: Float64Array,
  to: number,
): void {
  const u = (outputs - 1) * inputs;
  for (let r = 0; r < ROW_GROUP; r++) {
    let sum = bias[outputs - 1]!;
    for (let i = 0; i < inputs; i++) sum += weights[u + i]! * x[from + r * inputs + i]!;
    into[to + r * outputs] = relu && sum < 0 ? 0 : sum;
  }
}

function put(into: Float64Array, to: number, step: number, relu: boolean, a: number, b: number, c: number, d: number): void {
  into[to] = relu && a < 0 ? 0 : a;
  into[to + step] = relu && b < 0 ? 0 : b;
  into[to + 2 * step] = relu && c < 0 ? 0 : c;
  into[to + 3 * step] = relu && d < 0 ? 0 : d;
}

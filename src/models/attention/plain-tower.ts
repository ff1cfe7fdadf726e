import { applyLayer, layerOf, ROW_GROUP, type DenseLayer } from './dense-layer';
import { EPSILON, layout, partName, sizeOf, type BlockPart, type Parameters, type TowerShape } from './weights';

/** Scale and offset of a layer normalisation, each [dimensions]. */
interface Norm {
  readonly gain: Float64Array;
  readonly shift: Float64Array;
}

interface Block {
  readonly before: Norm;
  readonly query: DenseLayer;
  readonly key: DenseLayer;
  readonly value: DenseLayer;
  readonly out: DenseLayer;
  readonly between: Norm;
  readonly into: DenseLayer;
  readonly back: DenseLayer;
}

/**
 * The tower's forward pass without TensorFlow, one sequence at a time: the state after its last item. Of the last block only keys and
 * values are made of the other positions. Agrees with `Tower` to 1e-4. Memory is reused: not for concurrent use.
 */
export class PlainTower {
  private readonly blocks: readonly Block[];
  private readonly end: Norm;
  private readonly x: Float64Array;
  private readonly read: Float64Array;
  private readonly q: Float64Array;
  private readonly k: Float64Array;
  private readonly v: Float64Array;
  private readonly mixed: Float64Array;
  private readonly hidden: Float64Array;
  private readonly attention: Float64Array;

  constructor(
    private readonly shape: TowerShape,
    private readonly parameters: Parameters,
  ) {
    const { dimensions: d, length, hidden } = shape;
    const parts = new Map(layout(shape).map((part) => [part.name, part]));
    const numbers = (name: string): Float32Array => {
      const { start, shape: size } = parts.get(name)!;
      return parameters.weights.subarray(start, start + sizeOf(size));
    };
    this.blocks = Array.from({ length: shape.blocks }, (_, b) => blockOf(shape, (part) => numbers(partName(b, part))));
    this.end = { gain: Float64Array.from(numbers('gain')), shift: Float64Array.from(numbers('shift')) };
    const scratch = (width: number): Float64Array => new Float64Array((length + ROW_GROUP) * width);
    this.x = scratch(d);
    this.read = scratch(d);
    this.q = scratch(d);
    this.k = scratch(d);
    this.v = scratch(d);
    this.mixed = scratch(d);
    this.hidden = scratch(hidden);
    this.attention = scratch(1);
  }

  /** Writes the state after the last of `items[0 … count − 1]` (rows of the table, oldest first; 1 ≤ count ≤ length) into `state` [dimensions]. */
  lastState(items: ArrayLike<number>, count: number, state: Float64Array): void {
    const { x, blocks, end } = this;
    const { dimensions: d } = this.shape;
    const { table, positions } = this.parameters;
    const root = Math.sqrt(d);
    for (let p = 0; p < count; p++) {
      const from = items[p]! * d;
      const at = p * d;
      for (let a = 0; a < d; a++) x[at + a] = table[from + a]! * root + positions[at + a]!;
    }
    blocks.forEach((block, b) => this.apply(block, count, b === blocks.length - 1 ? count - 1 : 0));
    normalise(x, (count - 1) * d, end, state, 0);
  }

  /** Replaces x at the positions `first … count − 1` by what the block makes of all. */
  private apply(block: Block, count: number, first: number): void {
    const { x, read, q, k, v, mixed, hidden } = this;
    const { dimensions: d } = this.shape;
    for (let p = 0; p < count; p++) normalise(x, p * d, block.before, read, p * d);
    applyLayer(block.query, read, first, count, q);
    applyLayer(block.key, read, 0, count, k);
    applyLayer(block.value, read, 0, count, v);
    for (let p = first; p < count; p++) this.attend(p);
    applyLayer(block.out, mixed, first, count, read);
    for (let at = first * d; at < count * d; at++) x[at]! += read[at]!;
    for (let p = first; p < count; p++) normalise(x, p * d, block.between, read, p * d);
    applyLayer(block.into, read, first, count, hidden);
    applyLayer(block.back, hidden, first, count, read);
    for (let at = first * d; at < count * d; at++) x[at]! += read[at]!;
  }

  /** mixed[p] = Σ over positions o ≤ p of softmax(q[p] · k[o] / √width) · v[o], for each head. */
  private attend(p: number): void {
    const { q, k, v, mixed, attention } = this;
    const { dimensions: d, heads } = this.shape;
    const width = d / heads;
    const scale = 1 / Math.sqrt(width);
    for (let h = 0; h < d; h += width) {
      const from = p * d + h;
      let largest = -Infinity;
      for (let o = 0; o <= p; o++) {
        const other = o * d + h;
        let dot = 0;
        for (let a = 0; a < width; a++) dot += q[from + a]! * k[other + a]!;
        attention[o] = dot * scale;
        largest = Math.max(largest, dot * scale);
      }
      let sum = 0;
      for (let o = 0; o <= p; o++) sum += attention[o] = Math.exp(attention[o]! - largest);
      mixed.fill(0, from, from + width);
      for (let o = 0; o <= p; o++) {
        const share = attention[o]! / sum;
        const other = o * d + h;
        for (let a = 0; a < width; a++) mixed[from + a]! += share * v[other + a]!;
      }
    }
  }
}

function blockOf({ dimensions: d, hidden }: TowerShape, numbers: (part: BlockPart) => Float32Array): Block {
  const norm = (gain: BlockPart, shift: BlockPart): Norm => ({
    gain: Float64Array.from(numbers(gain)),
    shift: Float64Array.from(numbers(shift)),
  });
  return {
    before: norm('gain1', 'shift1'),
    query: layerOf(numbers('query'), d),
    key: layerOf(numbers('key'), d),
    value: layerOf(numbers('value'), d),
    out: layerOf(numbers('out'), d),
    between: norm('gain2', 'shift2'),
    into: layerOf(numbers('in'), hidden, numbers('inBias'), true),
    back: layerOf(numbers('back'), d, numbers('backBias')),
  };
}

/** into[to …] = gain · (x − mean) / √(variance + ε) + shift, of the row of x that begins at `from` (Ba et al., 2016). */
function normalise(x: Float64Array, from: number, { gain, shift }: Norm, into: Float64Array, to: number): void {
  const size = gain.length;
  let mean = 0;
  for (let a = 0; a < size; a++) mean += x[from + a]!;
  mean /= size;
  let variance = 0;
  for (let a = 0; a < size; a++) {
    const centred = x[from + a]! - mean;
    variance += centred * centred;
  }
  const scale = 1 / Math.sqrt(variance / size + EPSILON);
  for (let a = 0; a < size; a++) into[to + a] = gain[a]! * (x[from + a]! - mean) * scale + shift[a]!;
}

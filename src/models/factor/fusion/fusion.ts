import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { learnModalities, ModalityReader, type FusedItem, type ModalitySpaces, type ModalVectors } from './modalities';

export interface FusionOptions {
  /** Numbers that each modality is cut to before it is projected. */
  readonly width: number;
  /** λ of the ridge regression. */
  readonly ridge: number;
}

/** How an item that nobody has had gets a factor vector from what it is. Plain data, a part of a snapshot. */
export interface Fusion extends ModalitySpaces {
  readonly dimensions: number;
  /** One bit a modality: the sets of modalities that a projection was learnt for, ascending. */
  readonly subsets: Uint32Array;
  /** [(1 + Σ widths of the set) × dimensions] of each set, one after the other; the first row is the constant. */
  readonly projections: Float32Array;
}

/** Sets of modalities are all tried, so there may not be many. */
const MOST_MODALITIES = 5;
/** What fewer items have cannot be learnt from. */
const FEWEST_ITEMS = 8;
/** Items that are learnt from at most, the first ones. */
const MOST_ITEMS = 20_000;

/**
 * For every set S of modalities: a ridge regression from what S says of an item to its factor vector, learnt from all items that have S, with
 * whatever else they have dropped. So a missing modality is met in training exactly as it will be in serving, and never stands as zeros:
 * modality dropout (Neverova et al., *ModDrop*, PAMI 2016), over all sets instead of drawn ones, which a linear map can afford.
 * `table` holds the factor vector of items[k] in row k: [items × dimensions]. Deterministic. Fewer than 8 items: no set, nothing is projected.
 */
export function learnFusion(items: readonly FusedItem[], table: Float32Array, dimensions: number, options: FusionOptions): Fusion {
  const learnt = items.slice(0, MOST_ITEMS);
  const spaces = learnModalities(learnt, { width: options.width, most: MOST_MODALITIES, fewestItems: FEWEST_ITEMS });
  const reader = new ModalityReader(spaces);
  const read = learnt.map((item) => reader.read(item));
  const subsets: number[] = [];
  const projections: Float64Array[] = [];
  for (let subset = 1; subset < 2 ** spaces.modalities.length; subset++) {
    const rows = read.flatMap((vectors, k) => (has(vectors, subset) ? [k] : []));
    if (rows.length < FEWEST_ITEMS) continue;
    subsets.push(subset);
    const inputs = rows.map((k) => joined(read[k]!, subset));
    projections.push(ridge(inputs, (r, a) => table[rows[r]! * dimensions + a]!, dimensions, options.ridge));
  }
  const whole = new Float32Array(projections.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const projection of projections) {
    whole.set(projection, at);
    at += projection.length;
  }
  return { ...spaces, dimensions, subsets: Uint32Array.from(subsets), projections: whole };
}

const inSubset = (subset: number, m: number): boolean => ((subset >>> m) & 1) === 1;
const has = (vectors: ModalVectors, subset: number): boolean => vectors.every((vector, m) => vector !== undefined || !inSubset(subset, m));

/** What a set of modalities says of an item, one after the other. */
function joined(vectors: ModalVectors, subset: number): Float64Array {
  return Float64Array.from(vectors.flatMap((vector, m) => (inSubset(subset, m) ? [...vector!] : [])));
}

/**
 * B and c that minimise Σ_r |y_r − c − Bᵀ x_r|² + λ |B|²: [(1 + width) × dimensions], c first. The constant is not shrunk: inputs and outputs are
 * centred.
 */
function ridge(
  inputs: readonly Float64Array[],
  output: (row: number, a: number) => number,
  dimensions: number,
  lambda: number,
): Float64Array {
  const [rows, width] = [inputs.length, inputs[0]!.length];
  const inputMean = new Float64Array(width);
  const outputMean = new Float64Array(dimensions);
  for (let r = 0; r < rows; r++) {
    for (let p = 0; p < width; p++) inputMean[p]! += inputs[r]![p]! / rows;
    for (let a = 0; a < dimensions; a++) outputMean[a]! += output(r, a) / rows;
  }
  const left = Matrix.zeros(width, width);
  const right = Matrix.zeros(width, dimensions);
  for (let r = 0; r < rows; r++) addRow(left, right, { input: inputs[r]!, inputMean, outputOf: (a) => output(r, a) - outputMean[a]! });
  for (let p = 0; p < width; p++) {
    for (let q = 0; q < p; q++) left.set(q, p, left.get(p, q));
    left.set(p, p, left.get(p, p) + lambda);
  }
  const solution = new CholeskyDecomposition(left).solve(right);
  const projection = new Float64Array((1 + width) * dimensions);
  for (let a = 0; a < dimensions; a++) {
    let constant = outputMean[a]!;
    for (let p = 0; p < width; p++) {
      projection[(1 + p) * dimensions + a] = solution.get(p, a);
      constant -= inputMean[p]! * solution.get(p, a);
    }
    projection[a] = constant;
  }
  return projection;
}

interface RegressionRow {
  readonly input: Float64Array;
  readonly inputMean: Float64Array;
  readonly outputOf: (a: number) => number;
}

/** The lower half of left += x xᵀ, right += x yᵀ. */
function addRow(left: Matrix, right: Matrix, { input, inputMean, outputOf }: RegressionRow): void {
  for (let p = 0; p < input.length; p++) {
    const x = input[p]! - inputMean[p]!;
    if (x === 0) continue;
    for (let q = 0; q <= p; q++) left.set(p, q, left.get(p, q) + x * (input[q]! - inputMean[q]!));
    for (let a = 0; a < right.columns; a++) right.set(p, a, right.get(p, a) + x * outputOf(a));
  }
}

/** Places items in the space of the factors by what they are. */
export class FusionProjector {
  private readonly reader: ModalityReader;
  /** By set of modalities: where its projection begins. */
  private readonly starts = new Map<number, number>();

  constructor(private readonly fusion: Fusion) {
    this.reader = new ModalityReader(fusion);
    let at = 0;
    for (const subset of fusion.subsets) {
      this.starts.set(subset, at);
      at += (1 + this.widthOf(subset)) * fusion.dimensions;
    }
  }

  /**
   * The item's factor vector, [dimensions], by the largest learnt set of the modalities that it has (ties: the set learnt for the earlier ones);
   * undefined when it has none of them.
   */
  project(item: FusedItem): Float64Array | undefined {
    const vectors = this.reader.read(item);
    let best = 0;
    for (const subset of this.fusion.subsets) if (has(vectors, subset) && bits(subset) > bits(best)) best = subset;
    const start = this.starts.get(best);
    if (start === undefined) return undefined;
    const { dimensions, projections } = this.fusion;
    const projected = Float64Array.from(projections.subarray(start, start + dimensions));
    joined(vectors, best).forEach((value, p) => {
      const row = start + (1 + p) * dimensions;
      for (let a = 0; a < dimensions; a++) projected[a]! += value * projections[row + a]!;
    });
    return projected;
  }

  private widthOf(subset: number): number {
    return this.fusion.modalityWidths.reduce((sum, width, m) => sum + (inSubset(subset, m) ? width : 0), 0);
  }
}

function bits(subset: number): number {
  let count = 0;
  for (let rest = subset; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}

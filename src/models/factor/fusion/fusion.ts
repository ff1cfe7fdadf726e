import { Matrix } from 'ml-matrix';
import { Imputers, type Imputer } from './imputation';
import { learnModalities, ModalityReader, type FusedItem, type ModalitySpaces, type ModalVectors } from './modalities';
import { bitsIn, holds, inSet, ModalityLayout } from './modality-sets';
import { lambdaOf, modalityWeights } from './modality-weights';
import { Moments, ridge, type LinearMap } from './moments';

export interface FusionOptions {
  /** Numbers that each modality is cut to before it is projected. */
  readonly width: number;
  /** λ of the ridge regressions, before modalities are weighed. */
  readonly ridge: number;
}

/** How an item that nobody has had gets a factor vector from what it is. Plain data, a part of a snapshot. */
export interface Fusion extends ModalitySpaces {
  readonly dimensions: number;
  /** One bit a modality: the sets of modalities that items are placed by, ascending. */
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
 * How items are placed: one ridge regression from all modalities to the *direction* of the factor vector (how long it is, is how many had the item,
 * which content does not tell; all count as long as items are on average), learnt from all items with their missing modalities guessed from those that
 * they have, each modality weighed by what it tells of items that were left out. For every set S of modalities the guess and the regression make one
 * map, so that an item is placed from what it has; a missing modality never stands as zeros, and is met in training as it will be in serving.
 * Sources: imputation by regression (Little and Rubin, *Statistical Analysis with Missing Data*, ch. 4); a ridge for each group of inputs (Dupré la Tour
 * et al., NeuroImage 2022, “banded” ridge). `table` holds the factor vector of items[k] in row k: [items × dimensions]. Deterministic. Fewer than 8
 * items: no set, nothing is projected.
 */
export function learnFusion(items: readonly FusedItem[], table: Float32Array, dimensions: number, options: FusionOptions): Fusion {
  const learnt = items.slice(0, MOST_ITEMS);
  const spaces = learnModalities(learnt, { width: options.width, most: MOST_MODALITIES, fewestItems: FEWEST_ITEMS });
  const reader = new ModalityReader(spaces);
  const layout = new ModalityLayout([...spaces.modalityWidths]);
  const described = learnt
    .map((item, k) => ({ vectors: reader.read(item), output: table.subarray(k * dimensions, (k + 1) * dimensions) }))
    .filter(({ vectors }) => setOf(vectors) > 0);
  if (described.length < FEWEST_ITEMS) return { ...spaces, dimensions, subsets: new Uint32Array(), projections: new Float32Array() };
  const imputations = learnImputations(
    described.map(({ vectors }) => vectors),
    layout,
    options.ridge,
  );
  const rows = described.map(({ vectors }) => filled(vectors, imputations.get(setOf(vectors))!, layout));
  const placing = learnPlacing(rows, directions(described.map(({ output }) => output)), layout, options.ridge);
  const projections = [...imputations].map(([set, imputers]) => projectionOf(set, { imputers, placing, layout, dimensions }));
  return { ...spaces, dimensions, subsets: Uint32Array.from(imputations.keys()), projections: Float32Array.from(projections.flat()) };
}

const has = (vectors: ModalVectors, subset: number): boolean => holds(setOf(vectors), subset);
const setOf = (vectors: ModalVectors): number => vectors.reduce((set, vector, m) => (vector === undefined ? set : set | (1 << m)), 0);

/** What a set of modalities says of an item, one after the other. */
function joined(vectors: ModalVectors, subset: number): Float64Array {
  return Float64Array.from(vectors.flatMap((vector, m) => (inSet(subset, m) ? [...vector!] : [])));
}

/** All vectors, made as long as they are on average; zeros stay. */
function directions(vectors: readonly Float32Array[]): Float64Array[] {
  const lengths = vectors.map((vector) => Math.hypot(...vector));
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return vectors.map((vector, k) => Float64Array.from(vector, (value) => (lengths[k] === 0 ? 0 : (value * average) / lengths[k]!)));
}

/** By modality how it is guessed; undefined: it is there. */
type SetImputers = readonly (Imputer | undefined)[];

/** For every set of modalities, ascending. */
function learnImputations(items: readonly ModalVectors[], layout: ModalityLayout, ridge: number): Map<number, SetImputers> {
  const imputers = new Imputers(layout, { ridge, fewestItems: FEWEST_ITEMS });
  for (const vectors of items) imputers.add(setOf(vectors), filled(vectors, [], layout));
  const sets = Array.from({ length: layout.whole }, (_, k) => k + 1);
  return new Map(sets.map((set) => [set, layout.widths.map((_, m) => (inSet(set, m) ? undefined : imputers.learn(set, m)))]));
}

/** A row of all numbers; what is not there is guessed, where there is a guess, else 0. */
function filled(vectors: ModalVectors, imputers: SetImputers, layout: ModalityLayout): Float64Array {
  const row = new Float64Array(layout.total);
  vectors.forEach((vector, m) => {
    const imputer = imputers[m];
    if (vector !== undefined) row.set(vector, layout.starts[m]);
    else if (imputer !== undefined) row.set(applied(imputer.map, joined(vectors, imputer.from)), layout.starts[m]);
  });
  return row;
}

function applied({ slopes, inputMeans, outputMeans }: LinearMap, input: Float64Array): Float64Array {
  return Float64Array.from(outputMeans, (mean, a) =>
    input.reduce((sum, value, p) => sum + (value - inputMeans[p]!) * slopes.get(p, a), mean),
  );
}

function learnPlacing(rows: readonly Float64Array[], outputs: readonly Float64Array[], layout: ModalityLayout, lambda: number): LinearMap {
  const weights = modalityWeights(rows, outputs, layout, lambda);
  const dimensions = outputs[0]!.length;
  const moments = new Moments(layout.total + dimensions);
  rows.forEach((row, k) => moments.add(Float64Array.from([...row, ...outputs[k]!])));
  const { modalityOf } = layout;
  const outputColumns = Array.from({ length: dimensions }, (_, a) => layout.total + a);
  return ridge(moments, layout.columnsOf(layout.whole), outputColumns, (p) => lambdaOf(weights[modalityOf[p]!]!, lambda));
}

interface Composition {
  readonly imputers: SetImputers;
  readonly placing: LinearMap;
  readonly layout: ModalityLayout;
  readonly dimensions: number;
}

/** Guessing and placing as one map from what a set says: [(1 + width of the set) × dimensions], row-major, the constant first. */
function projectionOf(set: number, { imputers, placing, layout, dimensions }: Composition): number[] {
  const columns = layout.columnsOf(set);
  const place = new Map(columns.map((column, k) => [column, k]));
  // From 1 and the numbers of the set to all numbers, about the means of the placing.
  const whole = Matrix.zeros(1 + columns.length, layout.total);
  for (let q = 0; q < layout.total; q++) whole.set(0, q, -placing.inputMeans[q]!);
  for (const column of columns) whole.set(1 + place.get(column)!, column, 1);
  imputers.forEach((imputer, m) => {
    if (imputer === undefined) return;
    const { slopes, inputMeans, outputMeans } = imputer.map;
    const from = layout.columnsOf(imputer.from).map((column) => 1 + place.get(column)!);
    for (let b = 0; b < slopes.columns; b++) {
      const q = layout.starts[m]! + b;
      let constant = whole.get(0, q) + outputMeans[b]!;
      from.forEach((row, p) => {
        whole.set(row, q, slopes.get(p, b));
        constant -= slopes.get(p, b) * inputMeans[p]!;
      });
      whole.set(0, q, constant);
    }
  });
  const projection = whole.mmul(placing.slopes).to1DArray();
  for (let a = 0; a < dimensions; a++) projection[a]! += placing.outputMeans[a]!;
  return projection;
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
    for (const subset of this.fusion.subsets) if (has(vectors, subset) && bitsIn(subset) > bitsIn(best)) best = subset;
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
    return this.fusion.modalityWidths.reduce((sum, width, m) => sum + (inSet(subset, m) ? width : 0), 0);
  }
}

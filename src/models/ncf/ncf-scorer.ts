import { dot } from '../dot';
import type { Cells } from '../factor/cells';
import type { Pull, Scorer, ScoringQuery, Snapshot } from '../model';
import type { SparseScores } from '../sparse-scores';
import { TopK } from '../top-k';
import { denseWeights, type DenseWeights, type NcfShape } from './dense-weights';
import { LayerPass } from './layer-pass';
import type { NcfOptions } from './ncf-options';

export interface NcfSnapshot extends Snapshot, Cells {
  readonly items: readonly string[];
  readonly kind: string;
  /** What trained it: a tensor backend, or `NOTHING_LEARNT`, and then nothing is scored. */
  readonly backend: string;
  readonly gmfDimensions: number;
  readonly mlpDimensions: number;
  /** Of the tower's layers. */
  readonly widths: Uint32Array;
  /** [items × (gmf + mlp)]: what an item adds to the vector of a user who had it. */
  readonly history: Float32Array;
  /** [items × (gmf + mlp)]: the item as a candidate. */
  readonly table: Float32Array;
  /** See `DenseWeights`. */
  readonly dense: Float32Array;
}

export const shapeOf = ({ gmfDimensions, mlpDimensions, widths }: NcfSnapshot): NcfShape => ({
  gmf: gmfDimensions,
  mlp: mlpDimensions,
  widths: [...widths],
});

/** Stands for the backend of a snapshot that nothing trained. */
export const NOTHING_LEARNT = 'none';

/** A query's `history` holds no more (see `ScoringQuery`): only then do items of `seen` beyond it say something. */
const HISTORY_LIMIT = 200;

/**
 * score(i) = softplus(logit of NeuMF for the user and i), so > 0 and in the logit's order. The user is folded in: their vector is the weighted
 * sum of their items' `history` rows (see `ItemsUserSide`), in closed form, so nobody is ever new to the model. Forward pass in plain typed
 * arrays: the item side of the first layer and the output weights of the product part are worked into tables once.
 */
export class NcfScorer implements Scorer {
  readonly name = 'ncf';
  private readonly shape: NcfShape;
  private readonly weights: DenseWeights;
  /** [items × gmf]: gmfOut ∘ q_G. */
  private readonly products: Float32Array;
  /** [items × first width]: what the item adds to the first layer, with its bias. */
  private readonly firsts: Float32Array;
  private readonly user: Float64Array;
  private readonly userFirst: Float64Array;
  /** Output of the first layer, for one item. */
  private readonly first: Float64Array;
  private readonly passes: readonly LayerPass[];
  private readonly mlpOut: Float64Array;
  private readonly snapshotRow: Int32Array;
  private readonly cellOrder: TopK;

  constructor(
    private readonly options: Pick<NcfOptions, 'profileDecay' | 'profileItems' | 'normExponent' | 'scan'>,
    private readonly snapshot: NcfSnapshot,
    private readonly rowMap: Int32Array,
  ) {
    this.shape = shapeOf(snapshot);
    this.weights = denseWeights(snapshot.dense, this.shape);
    this.user = new Float64Array(this.shape.gmf + this.shape.mlp);
    this.userFirst = new Float64Array(this.shape.widths[0] ?? 0);
    this.first = new Float64Array(this.userFirst.length);
    this.passes = this.weights.layers.slice(1).map((layer) => new LayerPass(layer));
    this.mlpOut = Float64Array.from(this.weights.mlpOut);
    this.products = itemProducts(snapshot);
    this.firsts = itemFirsts(snapshot);
    this.snapshotRow = new Int32Array(rowMap.reduce((most, row) => Math.max(most, row), -1) + 1).fill(-1);
    rowMap.forEach((row, item) => (this.snapshotRow[row] = item));
    this.cellOrder = new TopK(Math.max(1, snapshot.cellStart.length - 1));
  }

  score(query: ScoringQuery, into: SparseScores, limit: number): void {
    if (limit < 1 || this.snapshot.backend === NOTHING_LEARNT || !this.foldIn(query)) return;
    const { rowMap } = this;
    const best = new TopK(limit);
    if (this.snapshot.centroids.length === 0) {
      for (let item = 0; item < rowMap.length; item++) best.offer(item, this.logit(item));
    } else {
      this.offerCells(best);
    }
    for (let k = 0; k < best.size; k++) into.add(rowMap[best.rowAt(k)]!, softplus(best.scoreAt(k)));
  }

  /** The vector of the user in the query, [gmf + mlp]; all zeros when none of the history is in the snapshot. */
  userVector(query: ScoringQuery): Float64Array {
    this.foldIn(query);
    return this.user.slice();
  }

  /** The share of the product part's logit that each history item brought; the tower's has no such parts, so `mlp` explains nothing. */
  explain(query: ScoringQuery, row: number, limit: number): Pull[] {
    const { snapshot, products, shape, options } = this;
    const item = this.snapshotRow[row] ?? -1;
    const total = this.weighHistory(query);
    if (item < 0 || total <= 0 || shape.gmf === 0) return [];
    const norm = total ** -options.normExponent;
    const pulls = query.history.slice(0, options.profileItems).map(({ row: had, weight }, r): Pull => {
      const known = this.snapshotRow[had] ?? -1;
      let product = 0;
      const at = known * this.user.length;
      if (known >= 0) for (let a = 0; a < shape.gmf; a++) product += snapshot.history[at + a]! * products[item * shape.gmf + a]!;
      return { row: had, amount: norm * weight * options.profileDecay ** r * product };
    });
    const positive = pulls.filter(({ amount }) => amount > 0);
    return positive.sort((a, b) => b.amount - a.amount || a.row - b.row).slice(0, limit);
  }

  private foldIn(query: ScoringQuery): boolean {
    const { user, options } = this;
    const total = this.sumHistory(query);
    if (total <= 0) return false;
    const norm = total ** -options.normExponent;
    for (let a = 0; a < user.length; a++) user[a]! *= norm;
    this.foldIntoFirst();
    return true;
  }

  /** Σ w of the known items, and Σ w h in `user`. */
  private sumHistory(query: ScoringQuery): number {
    const { user, snapshot } = this;
    user.fill(0);
    return this.weighHistory(query, (item, weight) => {
      const at = item * user.length;
      for (let a = 0; a < user.length; a++) user[a]! += weight * snapshot.history[at + a]!;
    });
  }

  /** Σ w of the known items, each of which is given to `visit` with its w. */
  private weighHistory({ history, seen }: ScoringQuery, visit: (item: number, weight: number) => void = () => undefined): number {
    const { options } = this;
    let total = 0;
    const add = (row: number, weight: number): void => {
      const item = this.snapshotRow[row] ?? -1;
      if (item < 0) return;
      visit(item, weight);
      total += weight;
    };
    let listed = 0;
    for (let r = 0; r < Math.min(history.length, options.profileItems); r++) {
      const { row, weight } = history[r]!;
      add(row, weight * options.profileDecay ** r);
      listed += weight;
    }
    if (history.length < HISTORY_LIMIT) return total;
    const last = seen.lastIndexOf(history.at(-1)!.row);
    const typical = listed / Math.min(history.length, options.profileItems);
    for (let k = last + 1, r = history.length; k < seen.length && r < options.profileItems; k++, r++) {
      add(seen[k]!, typical * options.profileDecay ** r);
    }
    return total;
  }

  /** What the user adds to the first layer: W_user p_M. */
  private foldIntoFirst(): void {
    const { userFirst, user, shape, weights } = this;
    const layer = weights.layers[0];
    if (layer === undefined) return;
    userFirst.fill(0);
    for (let a = 0; a < shape.mlp; a++) {
      for (let o = 0; o < layer.outputs; o++) userFirst[o]! += user[shape.gmf + a]! * layer.kernel[a * layer.outputs + o]!;
    }
  }

  private logit(item: number): number {
    const logit = this.weights.bias[0]! + dot(this.products, item * this.shape.gmf, this.user, 0, this.shape.gmf);
    return this.first.length === 0 ? logit : logit + this.towerLogit(item);
  }

  private towerLogit(item: number): number {
    const { firsts, userFirst, first, passes, mlpOut } = this;
    const at = item * first.length;
    for (let o = 0; o < first.length; o++) {
      const z = firsts[at + o]! + userFirst[o]!;
      first[o] = z > 0 ? z : 0;
    }
    let last = first;
    for (let l = 0; l < passes.length; l++) last = passes[l]!.run(last);
    let logit = 0;
    for (let o = 0; o < last.length; o++) logit += last[o]! * mlpOut[o]!;
    return logit;
  }

  private offerCells(best: TopK): void {
    const { cellOrder, snapshot, user, shape } = this;
    const { centroids, cellStart, members } = snapshot;
    cellOrder.clear();
    for (let c = 0; c < cellStart.length - 1; c++) {
      let pull = 0;
      for (let a = 0; a < shape.gmf; a++) pull += centroids[c * shape.gmf + a]! * user[a]!;
      cellOrder.offer(c, pull);
    }
    cellOrder.sort();
    for (let p = 0, looked = 0; p < cellOrder.size && looked < this.options.scan; p++) {
      const cell = cellOrder.rowAt(p);
      for (let k = cellStart[cell]!; k < cellStart[cell + 1]!; k++) best.offer(members[k]!, this.logit(members[k]!));
      looked += cellStart[cell + 1]! - cellStart[cell]!;
    }
  }
}

/** log(1 + e^z), kept above 0 where it would round to it. */
export const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(Math.max(z, -700))));

/** [items × gmf] */
export function itemProducts(snapshot: Pick<NcfSnapshot, 'table' | 'dense' | 'gmfDimensions' | 'mlpDimensions' | 'widths'>): Float32Array {
  const { gmfDimensions: gmf, mlpDimensions: mlp, table, dense, widths } = snapshot;
  const { gmfOut } = denseWeights(dense, { gmf, mlp, widths: [...widths] });
  const items = table.length / Math.max(1, gmf + mlp);
  const out = new Float32Array(items * gmf);
  for (let item = 0; item < items; item++) {
    for (let a = 0; a < gmf; a++) out[item * gmf + a] = gmfOut[a]! * table[item * (gmf + mlp) + a]!;
  }
  return out;
}

/** [items × first width] */
function itemFirsts(snapshot: NcfSnapshot): Float32Array {
  const { gmf, mlp } = shapeOf(snapshot);
  const layer = denseWeights(snapshot.dense, shapeOf(snapshot)).layers[0];
  if (layer === undefined) return new Float32Array(0);
  const { outputs, kernel, bias } = layer;
  const out = new Float32Array(snapshot.items.length * outputs);
  const sum = new Float64Array(outputs);
  for (let item = 0; item < snapshot.items.length; item++) {
    sum.set(bias);
    for (let a = 0; a < mlp; a++) {
      const q = snapshot.table[item * (gmf + mlp) + gmf + a]!;
      for (let o = 0; o < outputs; o++) sum[o]! += q * kernel[(mlp + a) * outputs + o]!;
    }
    out.set(sum, item * outputs);
  }
  return out;
}

import type { Item } from '../../catalogue/item';
import { seededRandom } from '../../platform/random';
import { transpose } from '../csr-transpose';
import { dot } from '../dot';
import type { ItemIndex } from '../item-index';
import { eachPull, type ProfileOptions } from '../item-knn/profile-pulls';
import { joinItems } from '../join-items';
import type { Model, Scorer, ScoringQuery, Snapshot, TrainingEvents } from '../model';
import type { SparseScores } from '../sparse-scores';
import { TopK } from '../top-k';
import { userVectors } from '../user-knn/user-vectors';
import { gramOf, randomTable, RowSolver, solveRows, type AlsObjective } from './als';
import { makeCells, NO_CELLS, type Cells } from './cells';
import { fuseFactors } from './fusion/fuse-factors';
import type { Fusion } from './fusion/fusion';
import { Newcomers } from './fusion/newcomers';

export interface FactorOptions extends AlsObjective, ProfileOptions {
  /** Numbers per user and item. @default 64 */
  readonly dimensions: number;
  /** @default 0.6 */
  readonly unobservedWeight: number;
  /** @default 0.01 */
  readonly regularisation: number;
  /** Passes over users and items. @default 12 */
  readonly epochs: number;
  /** Conjugate-gradient steps for a row in an epoch, from where the last one ended. @default 4 */
  readonly stepsPerEpoch: number;
  /** @default 1 */
  readonly seed: number;
  /** Most recently active users that are learnt from, with their newest items. @default 200_000 */
  readonly mostUsers: number;
  /** @default 2_000 */
  readonly mostItems: number;
  /** The r-th newest item of the live user (0: the newest) counts decay^r. @default 0.9 */
  readonly profileDecay: number;
  /** How many of the newest items of the profile are folded in. @default 50 */
  readonly profileItems: number;
  /** Items looked at by a query at least; with no more than these in all, every one is. @default 4_096 */
  readonly scan: number;
  /** Whether items that nobody has had get a vector from what they are: words, categories, tags, vectors. @default false */
  readonly fuse: boolean;
  /** Numbers that each modality is cut to. @default 64 */
  readonly fuseWidth: number;
  /** λ of the projections. @default 10 */
  readonly fuseRidge: number;
  /** An item had by n users keeps n / (n + this) of its own vector; the rest is that of what it is. @default 0 */
  readonly fuseEvidence: number;
  /** Items that nobody has had and that can be recommended, the newest; every query looks at all of them. @default 4_096 */
  readonly fuseItems: number;
}

export interface FactorSnapshot extends Snapshot {
  readonly items: readonly string[];
  readonly dimensions: number;
  /** [items × dimensions], row-major. */
  readonly table: Float32Array;
  /** See `Cells`. */
  readonly centroids: Float32Array;
  readonly cellStart: Uint32Array;
  readonly members: Uint32Array;
}

/** Only items that somebody has had, and how the others are placed among them. */
type FusedSnapshot = FactorSnapshot & Fusion;
const isFused = (snapshot: FactorSnapshot): snapshot is FusedSnapshot => 'projections' in snapshot;

/** Steps of a fold-in: from zero, the residual is below a thousandth long before on every data set tried. */
const FOLD_IN_STEPS = 24;

/**
 * score(i) = x · y_i, where the live user's x is solved for the fixed item table as one row of the fit would be: it is
 * never waited for. Only positive scores are given. With cells, the cells of highest centroid · x are looked at
 * until `scan` items have been.
 */
export class FactorScorer implements Scorer {
  readonly name = 'factor';
  private readonly solver: RowSolver;
  private readonly user: Float64Array;
  private readonly cellOrder: TopK;
  protected readonly snapshotRow = new Map<number, number>();
  private readonly rows: Int32Array;
  private readonly weights: Float64Array;

  constructor(
    private readonly options: FactorOptions,
    private readonly snapshot: FactorSnapshot,
    private readonly rowMap: Int32Array,
    /** Of `table`, where there are any. */
    protected readonly newcomers?: Newcomers,
    /** The snapshot's, with room for newcomers after its rows. */
    private readonly table: Float32Array = snapshot.table,
  ) {
    const { dimensions, items } = snapshot;
    this.solver = new RowSolver(table, gramOf(snapshot.table, dimensions), { ...options, dimensions }, items.length);
    this.user = new Float64Array(dimensions);
    this.cellOrder = new TopK(Math.max(1, snapshot.cellStart.length - 1));
    this.rows = new Int32Array(options.profileItems);
    this.weights = new Float64Array(options.profileItems);
    rowMap.forEach((row, item) => this.snapshotRow.set(row, item));
  }

  score(query: ScoringQuery, into: SparseScores, limit: number): void {
    if (limit < 1 || !this.foldIn(query)) return;
    const { snapshot, rowMap, newcomers } = this;
    const best = new TopK(limit);
    if (snapshot.centroids.length === 0) {
      for (let item = 0; item < snapshot.items.length; item++) this.offer(best, item);
    } else {
      this.offerCells(best);
    }
    if (newcomers !== undefined) for (const place of newcomers.taken) this.offer(best, place);
    for (let k = 0; k < best.size; k++) {
      const item = best.rowAt(k);
      into.add(item < rowMap.length ? rowMap[item]! : newcomers!.rowAt(item), best.scoreAt(k));
    }
  }

  /** The vector of the user in the query, [dimensions]; all zeros when none of the history is in the snapshot. */
  userVector(query: ScoringQuery): Float64Array {
    this.foldIn(query);
    return this.user.slice();
  }

  private foldIn(query: ScoringQuery): boolean {
    const { rows, weights, options } = this;
    let known = 0;
    eachPull(query, options, (row, pull) => {
      const item = this.snapshotRow.get(row) ?? this.newcomers?.placeOf(row);
      if (item === undefined) return;
      rows[known] = item;
      weights[known++] = pull;
    });
    this.user.fill(0);
    if (known > 0) this.solver.solve(this.user, rows, weights, 0, known, FOLD_IN_STEPS, 1e-3);
    return known > 0;
  }

  private offerCells(best: TopK): void {
    const { cellOrder, snapshot, user } = this;
    const { centroids, cellStart, members, dimensions } = snapshot;
    cellOrder.clear();
    for (let c = 0; c < cellStart.length - 1; c++) cellOrder.offer(c, dot(centroids, c * dimensions, user, 0, dimensions));
    cellOrder.sort();
    let looked = 0;
    for (let p = 0; p < cellOrder.size && looked < this.options.scan; p++) {
      const cell = cellOrder.rowAt(p);
      for (let k = cellStart[cell]!; k < cellStart[cell + 1]!; k++) this.offer(best, members[k]!);
      looked += cellStart[cell + 1]! - cellStart[cell]!;
    }
  }

  private offer(best: TopK, item: number): void {
    const { dimensions } = this.snapshot;
    const score = dot(this.table, item * dimensions, this.user, 0, dimensions);
    if (score > 0) best.offer(item, score);
  }
}

/** Over a fused snapshot: an item that it does not know has a vector, and can be recommended, as soon as it is placed. */
class FusedFactorScorer extends FactorScorer {
  declare protected readonly newcomers: Newcomers;

  constructor(
    options: FactorOptions,
    snapshot: FusedSnapshot,
    private readonly index: ItemIndex,
  ) {
    const { table, dimensions, items } = snapshot;
    const larger = withRoom(table, options.fuseItems * dimensions);
    super(options, snapshot, joinItems(items, index), new Newcomers(snapshot, larger, items.length), larger);
  }

  placeItems(items: readonly Item[]): void {
    const unknown = items.map((item) => ({ item, row: this.index.intern(item.id) })).filter(({ row }) => !this.snapshotRow.has(row));
    // What more items than there is room for would be placed for is to be forgotten again.
    for (const { row, item } of unknown.slice(-this.newcomers.room)) this.newcomers.put(row, item);
  }

  displaceItem(itemId: string): void {
    const row = this.index.rowOf(itemId);
    if (row !== undefined) this.newcomers.remove(row);
  }
}

const withRoom = (table: Float32Array, room: number): Float32Array => {
  const larger = new Float32Array(table.length + room);
  larger.set(table);
  return larger;
};

function fit(
  events: TrainingEvents,
  options: FactorOptions,
  progress?: (done: number, total: number) => void,
  catalogue?: readonly Item[],
): FactorSnapshot {
  const { dimensions, epochs, stepsPerEpoch } = options;
  const items = events.itemIds.length;
  const { indptr, items: targets, weights: values } = userVectors(events, options.mostUsers, options.mostItems);
  const byUser = { indptr, targets, values };
  const byItem = transpose(byUser, items);
  const random = seededRandom(options.seed);
  const table = randomTable(items, dimensions, random);
  const users = randomTable(indptr.length - 1, dimensions, random);
  for (let epoch = 0; epoch < epochs; epoch++) {
    solveRows(users, table, byUser, options, stepsPerEpoch);
    solveRows(table, users, byItem, options, stepsPerEpoch);
    progress?.(epoch + 1, epochs);
  }
  if (!options.fuse || catalogue === undefined) {
    return { items: [...events.itemIds], dimensions, table, ...cellsOf(table, options, dimensions) };
  }
  const counts = byItem.indptr.subarray(1).map((end, row) => end - byItem.indptr[row]!);
  const fused = fuseFactors({ itemIds: events.itemIds, dimensions, table, users: counts }, catalogue, {
    width: options.fuseWidth,
    ridge: options.fuseRidge,
    evidence: options.fuseEvidence,
  });
  const snapshot: FusedSnapshot = {
    ...fused.fusion,
    items: fused.items,
    dimensions,
    table: fused.table,
    ...cellsOf(fused.table, options, dimensions),
  };
  return snapshot;
}

const cellsOf = (table: Float32Array, { scan }: FactorOptions, dimensions: number): Cells => {
  const { centroids, cellStart, members } = table.length / dimensions > scan ? makeCells(table, dimensions) : NO_CELLS;
  return { centroids, cellStart, members };
};

/**
 * Implicit alternating least squares: minimises Σ_had w (1 − x·y)² + α₀ Σ_all (x·y)² + λ Σ (frequency) |·|² (Hu, Koren,
 * Volinsky, ICDM 2008, in the form of Rendle et al., RecSys 2022: α₀ for every pair, regularisation scaled by frequency
 * with exponent 1). Deviation: rows are solved by a few conjugate-gradient steps, warm-started, instead of exactly.
 */
export const factor = {
  name: 'factor',
  defaults: {
    dimensions: 64,
    unobservedWeight: 0.6,
    regularisation: 0.01,
    epochs: 12,
    stepsPerEpoch: 4,
    seed: 1,
    mostUsers: 200_000,
    mostItems: 2_000,
    profileDecay: 0.9,
    profileItems: 50,
    scan: 4_096,
    fuse: false,
    fuseWidth: 64,
    fuseRidge: 10,
    fuseEvidence: 0,
    fuseItems: 4_096,
  },
  readsCatalogue: ({ fuse }) => fuse,
  fit,
  scorer: (snapshot, index: ItemIndex, options) => {
    if (snapshot === undefined) return undefined;
    if (options.fuse && isFused(snapshot)) return new FusedFactorScorer(options, snapshot, index);
    return new FactorScorer(options, snapshot, joinItems(snapshot.items, index));
  },
} satisfies Model<FactorSnapshot, FactorOptions>;

import { cosine } from '../cosine';
import type { Scorer, ScoringQuery, Snapshot } from '../model';
import type { SparseScores } from '../sparse-scores';
import { TopK } from '../top-k';
import { ItemSearch } from './item-search';
import type { AttentionOptions } from './options';
import { PlainTower } from './plain-tower';
import { unitRows } from './unit-rows';
import type { TowerShape } from './weights';

export interface AttentionSnapshot extends Snapshot, TowerShape {
  readonly items: readonly string[];
  /** What computed the fit: tfjs-node or wasm; `none` when there was nothing to learn. */
  readonly backend: string;
  readonly similarity: AttentionOptions['similarity'];
  /** What cosines are divided by. */
  readonly temperature: number;
  /** See `Parameters`. */
  readonly table: Float32Array;
  readonly positions: Float32Array;
  readonly weights: Float32Array;
  /** See `Cells`: of the table, or of its unit rows for the cosine. */
  readonly centroids: Float32Array;
  readonly cellStart: Uint32Array;
  readonly members: Uint32Array;
}

/** No candidate is less likely than this, since scores are above 0. */
const LEAST = 1e-300;

/**
 * score(i) = exp(r_i) / Σ exp(r) over the items looked at: the softmax that was learnt, so an item's score is how likely it is to be next. r_i is the
 * dot product of user and item embedding, or their cosine divided by the temperature. The user embedding is the tower's state after the newest
 * `length` items that the snapshot knows: there is no state of a user elsewhere, and a behaviour counts at once. Weights and times of the history do not.
 * A history without known items gives nothing. With more than `scan` items, only the cells nearest to the user are looked at.
 */
export class AttentionScorer implements Scorer {
  readonly name = 'attention';
  private readonly tower: PlainTower;
  private readonly search: ItemSearch;
  private readonly state: Float64Array;
  private readonly read: Int32Array;
  private readonly snapshotRow = new Map<number, number>();
  private best: TopK | undefined;

  /** @param rowMap [items of the snapshot] the worker's row of each */
  constructor(
    private readonly snapshot: AttentionSnapshot,
    private readonly rowMap: Int32Array,
    scan: number,
  ) {
    const { dimensions, length, table } = snapshot;
    this.tower = new PlainTower(snapshot, snapshot);
    const compared = snapshot.similarity === 'cosine' ? unitRows(table, dimensions).unit : table;
    this.search = new ItemSearch(compared, snapshot, scan);
    this.state = new Float64Array(dimensions);
    this.read = new Int32Array(length);
    rowMap.forEach((row, item) => this.snapshotRow.set(row, item));
  }

  score(query: ScoringQuery, into: SparseScores, limit: number): void {
    if (limit < 1 || !this.embed(query)) return;
    const best = this.bestOf(limit);
    const total = this.search.offer(this.state, best);
    for (let k = 0; k < best.size; k++) into.add(this.rowMap[best.rowAt(k)]!, Math.max(LEAST, Math.exp(best.scoreAt(k) - total)));
  }

  /** The embedding of the user in the query, [dimensions]; undefined when the snapshot knows nothing of the history. */
  userVector(query: ScoringQuery): Float64Array | undefined {
    return this.embed(query) ? this.state.slice() : undefined;
  }

  /** Cosine of the user's embedding with that of the item in a worker's row, 0 for one that the snapshot does not know; undefined as above. */
  cosines(query: ScoringQuery): ((row: number) => number) | undefined {
    const user = this.userVector(query);
    if (user === undefined) return undefined;
    const { table, dimensions } = this.snapshot;
    return (row) => {
      const item = this.snapshotRow.get(row);
      return item === undefined ? 0 : cosine(user, table.subarray(item * dimensions, (item + 1) * dimensions));
    };
  }

  private embed({ history }: ScoringQuery): boolean {
    const { read, state, snapshot } = this;
    let known = 0;
    for (let r = 0; r < history.length && known < read.length; r++) {
      const item = this.snapshotRow.get(history[r]!.row);
      if (item !== undefined) read[known++] = item;
    }
    if (known === 0) return false;
    read.subarray(0, known).reverse(); // the tower reads the oldest first
    this.tower.lastState(read, known, state);
    if (snapshot.similarity === 'cosine') {
      const scale = 1 / (Math.sqrt(state.reduce((sum, value) => sum + value * value, 0)) * snapshot.temperature);
      for (let a = 0; a < state.length; a++) state[a]! *= scale;
    }
    return true;
  }

  private bestOf(limit: number): TopK {
    if (this.best?.capacity !== limit) this.best = new TopK(limit);
    this.best.clear();
    return this.best;
  }
}

import type { ItemIndex } from '../item-index';
import { eachPull, type ProfileOptions } from '../item-knn/profile-pulls';
import { joinItems } from '../join-items';
import type { Model, Scorer, ScoringQuery, Snapshot, TrainingEvents } from '../model';
import { SparseScores } from '../sparse-scores';
import { addTop, TopK } from '../top-k';
import { userVectors } from './user-vectors';

export interface UserKnnOptions extends ProfileOptions {
  /** Nearest users that give score. @default 100 */
  readonly k: number;
  /** Added to the product of norms: users with little in common shrink towards 0. @default 0 */
  readonly shrink: number;
  /** The r-th newest item of the live user (0: the newest) counts decay^r. @default 0.85 */
  readonly profileDecay: number;
  /** How many of the newest items of the profile are looked at. @default 40 */
  readonly profileItems: number;
  /** Most recently active users that are kept. @default 200_000 */
  readonly mostUsers: number;
  /** Newest items kept of each. @default 300 */
  readonly mostItems: number;
  /** Most recently active users that an item leads to. @default 500 */
  readonly mostPostings: number;
  /** Items that fewer of the nearest users had get no score. @default 1 // all do */
  readonly minUsers: number;
}

export interface UserKnnSnapshot extends Snapshot {
  readonly items: readonly string[];
  /** [users + 1]; users most recently active first. */
  readonly userStart: Uint32Array;
  readonly userItems: Int32Array;
  readonly userWeights: Float32Array;
  /** [users]: √Σ weight². */
  readonly norms: Float32Array;
  /** [items + 1]; users of each item, most recently active first, with their weight on it. */
  readonly postingStart: Uint32Array;
  readonly postings: Int32Array;
  readonly postingWeights: Float32Array;
}

/**
 * r_ui = Σ over the k nearest users j of sim(u, j) · r_ji, sim the cosine of the users' weighted behaviour (Resnick et
 * al., CSCW 1994; source article §4.2). The live user's vector is x_i = weight · profileDecay^r. Users are found through
 * the items in common: those beyond `mostPostings` of an item are not compared on it. Equal similarities: more recently
 * active user first.
 */
export class UserKnnScorer implements Scorer {
  readonly name = 'user-knn';
  private readonly scratch = new SparseScores();
  private readonly products: SparseScores;
  /** How many of the nearest users had each item; undefined: nobody asks. */
  private readonly backing: SparseScores | undefined;
  private readonly nearest: TopK;
  private readonly snapshotRow = new Map<number, number>();

  constructor(
    private readonly options: UserKnnOptions,
    private readonly snapshot: UserKnnSnapshot,
    private readonly rowMap: Int32Array,
  ) {
    this.products = new SparseScores(snapshot.norms.length);
    this.nearest = new TopK(options.k);
    this.backing = options.minUsers > 1 ? new SparseScores() : undefined;
    rowMap.forEach((row, item) => this.snapshotRow.set(row, item));
  }

  score(query: ScoringQuery, into: SparseScores, limit: number): void {
    this.findNearest(query);
    const { nearest, snapshot, scratch, rowMap } = this;
    scratch.clear();
    this.backing?.clear();
    for (let k = 0; k < nearest.size; k++) {
      const user = nearest.rowAt(k);
      const similarity = nearest.scoreAt(k);
      for (let at = snapshot.userStart[user]!; at < snapshot.userStart[user + 1]!; at++) {
        scratch.add(rowMap[snapshot.userItems[at]!]!, similarity * snapshot.userWeights[at]!);
        this.backing?.add(rowMap[snapshot.userItems[at]!]!, 1);
      }
    }
    if (this.backing) this.dropUnbacked(this.backing);
    addTop(scratch, into, limit);
  }

  private dropUnbacked(backing: SparseScores): void {
    for (const row of backing.rows) if (backing.get(row) < this.options.minUsers) this.scratch.add(row, -this.scratch.get(row));
  }

  private findNearest(query: ScoringQuery): void {
    const { products, nearest, snapshot, options } = this;
    products.clear();
    nearest.clear();
    let squares = 0;
    eachPull(query, options, (row, x) => {
      squares += x * x;
      const item = this.snapshotRow.get(row);
      if (item === undefined) return; // newer than the snapshot: no one there has had it
      for (let at = snapshot.postingStart[item]!; at < snapshot.postingStart[item + 1]!; at++) {
        products.add(snapshot.postings[at]!, x * snapshot.postingWeights[at]!);
      }
    });
    const norm = Math.sqrt(squares);
    for (const user of products.rows) nearest.offer(user, products.get(user) / (norm * snapshot.norms[user]! + options.shrink));
  }
}

function fit(events: TrainingEvents, options: UserKnnOptions, progress?: (done: number, total: number) => void): UserKnnSnapshot {
  const itemCount = events.itemIds.length;
  const { indptr, items, weights } = userVectors(events, options.mostUsers, options.mostItems);
  const users = indptr.length - 1;
  const norms = new Float32Array(users);
  const frequencies = new Uint32Array(itemCount);
  for (let u = 0; u < users; u++) {
    let squares = 0;
    for (let k = indptr[u]!; k < indptr[u + 1]!; k++) {
      squares += weights[k]! * weights[k]!;
      frequencies[items[k]!]!++;
    }
    norms[u] = Math.sqrt(squares);
  }
  const postingStart = new Uint32Array(itemCount + 1);
  for (let i = 0; i < itemCount; i++) postingStart[i + 1] = postingStart[i]! + Math.min(options.mostPostings, frequencies[i]!);
  const postings = new Int32Array(postingStart[itemCount]!);
  const postingWeights = new Float32Array(postings.length);
  const next = postingStart.slice();
  for (let u = 0; u < users; u++) {
    for (let k = indptr[u]!; k < indptr[u + 1]!; k++) {
      const item = items[k]!;
      if (next[item]! >= postingStart[item + 1]!) continue;
      postings[next[item]!] = u;
      postingWeights[next[item]!++] = weights[k]!;
    }
  }
  progress?.(1, 1);
  return {
    items: [...events.itemIds],
    userStart: indptr,
    userItems: items,
    userWeights: weights,
    norms,
    postingStart,
    postings,
    postingWeights,
  };
}

/** What people like this one had. A user who appeared a second ago is compared by the same path as all others. */
export const userKnn = {
  name: 'user-knn',
  defaults: { k: 100, shrink: 0, profileDecay: 0.85, profileItems: 40, mostUsers: 200_000, mostItems: 300, mostPostings: 500, minUsers: 1 },
  fit,
  scorer: (snapshot, index: ItemIndex, options) =>
    snapshot === undefined ? undefined : new UserKnnScorer(options, snapshot, joinItems(snapshot.items, index)),
} satisfies Model<UserKnnSnapshot, UserKnnOptions>;

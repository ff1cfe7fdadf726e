import { remapCsr, type Csr } from '../csr';
import type { ItemIndex } from '../item-index';
import type { ProfileOptions } from '../item-knn/profile-pulls';
import { explainNeighbours, scoreNeighbours, type NeighboursOf } from '../item-knn/score-neighbours';
import { joinItems } from '../join-items';
import { LiveRows } from '../live-rows';
import type { Model, Pull, Scorer, ScoringQuery, Snapshot, TrainingEvents } from '../model';
import { SparseScores } from '../sparse-scores';
import { openTensors } from '../tensor/open-tensors';
import { TopK } from '../top-k';
import { userVectors } from '../user-knn/user-vectors';
import { coOccurrences, mostHad } from './co-occurrences';
import { invertSymmetric } from './invert-symmetric';
import { plainProduct, tensorProduct } from './matrix-product';

export interface EaseOptions extends ProfileOptions {
  /** λ, > 0: the ridge on every weight; the more, the closer to plain co-occurrence. @default 1_000 */
  readonly lambda: number;
  /** Strongest neighbours kept of each item, by the weight's size, positive or negative. @default 300 */
  readonly keep: number;
  /** @default 0.8 */
  readonly profileDecay: number;
  /** @default 50 */
  readonly profileItems: number;
  /** Items learnt from, those that most users had: memory is 4 · items² bytes, time grows with items³. @default 10_000 // 400 MB */
  readonly mostItems: number;
  /** Most recently active users that are learnt from. @default 200_000 */
  readonly mostUsers: number;
}

export interface EaseSnapshot extends Snapshot {
  readonly items: readonly string[];
  /** Row i: what having item i says for each target, strongest first. */
  readonly indptr: Uint32Array;
  readonly targets: Int32Array;
  readonly weights: Float32Array;
}

/** Newest items of one user that are learnt from: bounds the pairs of a user. */
const MOST_ITEMS_OF_A_USER = 2_500;
/** Up to here plain products take less time than TensorFlow.js takes to load. */
const PLAIN_ITEMS = 512;

/** score(j) = Σ over the newest items h_r of weight(h_r) · profileDecay^r · B(h_r, j): the item-knn scorer over EASE's weights. */
export class EaseScorer implements Scorer {
  readonly name = 'ease';
  private readonly scratch = new SparseScores();
  private readonly neighboursOf: NeighboursOf;

  constructor(
    private readonly options: EaseOptions,
    weights: Csr,
  ) {
    const rows = new LiveRows(options.keep, weights);
    this.neighboursOf = (row) => rows.read(row);
  }

  score(query: ScoringQuery, into: SparseScores, limit: number): void {
    scoreNeighbours(query, this.options, this.neighboursOf, this.scratch, into, limit);
  }

  explain(query: ScoringQuery, row: number, limit: number): Pull[] {
    return explainNeighbours(query, this.options, this.neighboursOf, row, limit);
  }
}

async function fit(events: TrainingEvents, options: EaseOptions, progress?: (done: number, total: number) => void): Promise<EaseSnapshot> {
  if (!(options.lambda > 0)) throw new RangeError(`lambda ${options.lambda} is not positive`);
  const vectors = userVectors(events, options.mostUsers, MOST_ITEMS_OF_A_USER);
  const learnt = mostHad(vectors, events.itemIds.length, options.mostItems);
  const n = learnt.length;
  const matrix = coOccurrences(vectors, learnt, events.itemIds.length);
  for (let i = 0; i < n; i++) matrix[i * n + i]! += options.lambda;
  const product = n <= PLAIN_ITEMS ? plainProduct : tensorProduct((await openTensors()).tf);
  invertSymmetric(matrix, n, product, { progress: (done) => progress?.(done, n + 1) });
  const { indptr, targets, values } = strongestWeights(matrix, n, options.keep);
  progress?.(n + 1, n + 1);
  return { items: Array.from(learnt, (item) => events.itemIds[item]!), indptr, targets, weights: values };
}

/**
 * B = I − P · diag(1 / P_jj) of the inverse P [n × n]: B_ij = −P_ij / P_jj, B_ii = 0. Row i keeps its `keep` weights of largest size, largest first
 * (ties: lower target first); weights of 0 are no neighbours.
 */
export function strongestWeights(inverse: Float32Array, n: number, keep: number): Csr {
  const best = new TopK(keep);
  const indptr = new Uint32Array(n + 1);
  const targets = new Int32Array(n * Math.min(keep, Math.max(0, n - 1)));
  const values = new Float32Array(targets.length);
  const weight = (i: number, j: number): number => -inverse[i * n + j]! / inverse[j * n + j]!;
  for (let i = 0; i < n; i++) {
    best.clear();
    for (let j = 0; j < n; j++) if (j !== i && inverse[i * n + j] !== 0) best.offer(j, Math.abs(weight(i, j)));
    best.sort();
    const start = indptr[i]!;
    for (let k = 0; k < best.size; k++) {
      targets[start + k] = best.rowAt(k);
      values[start + k] = weight(i, best.rowAt(k));
    }
    indptr[i + 1] = start + best.size;
  }
  return { indptr, targets: targets.slice(0, indptr[n]), values: values.slice(0, indptr[n]) };
}

function scorer(snapshot: EaseSnapshot | undefined, index: ItemIndex, options: EaseOptions): EaseScorer | undefined {
  if (snapshot === undefined) return undefined;
  const rowMap = joinItems(snapshot.items, index);
  const { indptr, targets, weights: values } = snapshot;
  return new EaseScorer(options, remapCsr({ indptr, targets, values }, rowMap, index.size));
}

/**
 * Shallow linear autoencoder: min over B of |X − XB|² + λ|B|², diag B = 0, X binary [users × items] (Steck, WWW 2019, in closed form). Deviations:
 * the weights are cut to the strongest of each item, and the live user's items count by recency and weight instead of 1.
 */
export const ease = {
  name: 'ease',
  defaults: { lambda: 1_000, keep: 300, profileDecay: 0.8, profileItems: 50, mostItems: 10_000, mostUsers: 200_000 },
  fit,
  scorer,
} satisfies Model<EaseSnapshot, EaseOptions>;

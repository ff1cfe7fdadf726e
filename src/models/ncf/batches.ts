import type { Random } from '../../platform/random';
import { shuffle } from '../../platform/shuffle';
import type { UserVectors } from '../user-knn/user-vectors';
import type { NcfOptions } from './ncf-options';
import type { NegativeSampler } from './negative-sampler';

/** Positives of one user that are told from one state of their profile: the items at positions from … to − 1 of their vector. */
export interface Chunk {
  readonly user: number;
  readonly from: number;
  readonly to: number;
}

/** Groups of one positive and its negatives. A sample is at g · (1 + negatives) + k, k = 0 the positive. */
export interface Batch {
  /** Cover the groups in order. */
  readonly chunks: Chunk[];
  groups: number;
  /** [groups × (1 + negatives)] item rows. */
  readonly items: Int32Array;
  /** [groups × (1 + negatives)] weights in the loss; 0 where no negative was found. */
  readonly weights: Float32Array;
}

/**
 * Positives of a chunk: few, so that a batch is of many users; more than one, since each chunk costs a sum over its user's items. So at
 * least 16, but no more than 8 chunks a user, and never more than a batch.
 */
const LEAST_CHUNK = 16;
const MOST_CHUNKS = 8;
/** Draws for a negative before it is given up (the user had nearly everything). */
const TRIES = 16;

/** The chunks of all users in a new order each epoch, and the batches made of them. */
export class Batches {
  readonly groupsPerBatch: number;
  private readonly order: Chunk[] = [];
  private readonly batch: Batch;
  private readonly isHad: Uint8Array;

  constructor(
    private readonly users: UserVectors,
    private readonly sampler: NegativeSampler,
    private readonly random: Random,
    private readonly options: Pick<NcfOptions, 'negatives' | 'batchSamples' | 'leastSteps'>,
  ) {
    const groupSize = 1 + options.negatives;
    const positives = users.items.length;
    const wanted = Math.floor(Math.min(options.batchSamples, Math.max(256, (positives * groupSize) / 16)) / groupSize);
    this.groupsPerBatch = Math.max(1, Math.min(wanted, positives));
    const samples = this.capacity * groupSize;
    this.batch = { chunks: [], groups: 0, items: new Int32Array(samples), weights: new Float32Array(samples) };
    this.isHad = new Uint8Array(sampler.items);
    for (let user = 0; user < users.indptr.length - 1; user++) {
      const length = users.indptr[user + 1]! - users.indptr[user]!;
      const size = Math.min(this.groupsPerBatch, Math.max(LEAST_CHUNK, Math.ceil(length / MOST_CHUNKS)));
      for (let from = 0; from < length; from += size) this.order.push({ user, from, to: Math.min(length, from + size) });
    }
  }

  /** Most groups of a batch. */
  get capacity(): number {
    return 2 * this.groupsPerBatch + LEAST_CHUNK;
  }

  get stepsPerEpoch(): number {
    return Math.ceil(this.users.items.length / this.groupsPerBatch);
  }

  /** The batches of one epoch; each is valid until the next is asked for. The last one may be small. */
  *epoch(): Generator<Batch> {
    const { order, random, batch } = this;
    shuffle(order, random);
    for (let next = 0; next < order.length;) {
      batch.chunks.length = 0;
      batch.groups = 0;
      while (next < order.length && batch.groups < this.groupsPerBatch) this.add(order[next++]!);
      yield batch;
    }
  }

  private add(chunk: Chunk): void {
    const { users, batch, isHad, options } = this;
    const start = users.indptr[chunk.user]!;
    const end = users.indptr[chunk.user + 1]!;
    for (let k = start; k < end; k++) isHad[users.items[k]!] = 1;
    let sample = batch.groups * (1 + options.negatives);
    for (let k = start + chunk.from; k < start + chunk.to; k++) {
      const weight = users.weights[k]!;
      batch.items[sample] = users.items[k]!;
      batch.weights[sample++] = weight;
      for (let n = 0; n < options.negatives; n++) this.drawNegative(sample++, weight);
    }
    for (let k = start; k < end; k++) isHad[users.items[k]!] = 0;
    batch.chunks.push(chunk);
    batch.groups += chunk.to - chunk.from;
  }

  private drawNegative(sample: number, weight: number): void {
    let row = this.sampler.draw();
    for (let tries = 1; tries < TRIES && this.isHad[row] === 1; tries++) row = this.sampler.draw();
    this.batch.items[sample] = row;
    this.batch.weights[sample] = this.isHad[row] === 1 ? 0 : weight;
  }
}

import { BeckonError } from '../../platform/errors';
import { seededRandom, type Random } from '../../platform/random';
import type { TensorFlow } from '../tensor/open-tensors';
import type { UserVectors } from '../user-knn/user-vectors';
import { AdamTable, gaussianArray } from './adam-table';
import { Batches } from './batches';
import type { NcfShape } from './dense-weights';
import type { NcfOptions } from './ncf-options';
import { NegativeSampler } from './negative-sampler';
import { initialDense, Network } from './network';
import { IdUserSide, ItemsUserSide, type UserSide } from './user-side';

/** What is learnt. An embedding is one row: gmf numbers, then mlp numbers. */
export interface NcfParameters {
  /** What users are made of: with `user: 'items'` [items × (gmf + mlp)], what an item adds to the vector of a user; with `id` [users × …]. */
  readonly userTable: Float32Array;
  /** [items × (gmf + mlp)]: the item as a candidate. */
  readonly table: Float32Array;
  /** See `DenseWeights`. */
  readonly dense: Float32Array;
}

export interface TrainingInput {
  readonly tf: TensorFlow;
  readonly users: UserVectors;
  readonly items: number;
  readonly shape: NcfShape;
  readonly options: NcfOptions;
  /** Told the step just done, of how many. */
  readonly progress: (done: number, total: number) => void;
  /** Parameters to start from. Without: drawn. */
  readonly start?: NcfParameters | undefined;
}

/** Deviation of new embeddings. The paper's .01 leaves the product part near a saddle for the first epochs. */
const DEVIATION = 0.05;

/**
 * Trains a network of this shape. Deterministic by seed, backend and events.
 * @throws BeckonError INTERNAL, not retryable, when a loss or a gradient is not finite.
 */
export function trainNcf({ tf, users, items, shape, options, progress, start }: TrainingInput): NcfParameters {
  const random = seededRandom(options.seed);
  const dimensions = shape.gmf + shape.mlp;
  const sampler = new NegativeSampler(itemCounts(users, items), options.negativePopularity, random);
  const batches = new Batches(users, sampler, random, options);
  const itemTable = new AdamTable(start?.table.slice() ?? gaussianArray(items * dimensions, DEVIATION, random), dimensions, 'the items');
  const side = userSide(users, items, dimensions, batches.capacity, random, options, start);
  const dense = start?.dense.slice() ?? initialDense(shape, random);
  const network = new Network(tf, shape, dense, side, itemTable, sampler.correction, options);
  const epochs = Math.max(options.epochs, Math.ceil(options.leastSteps / Math.max(1, batches.stepsPerEpoch)));
  const total = epochs * batches.stepsPerEpoch;
  let done = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of batches.epoch()) {
      const rate = options.learningRate * Math.max(0.02, 1 - done / total);
      trainStep(network, batch, rate, `${options.kind}, epoch ${epoch + 1}, step ${done + 1}`);
      progress(Math.min(++done, total), total);
    }
  }
  progress(total, total);
  return { userTable: side.table.values, table: itemTable.values, dense };
}

function trainStep(network: Network, batch: Parameters<Network['train']>[0], rate: number, where: string): void {
  let loss = NaN;
  let cause: unknown;
  try {
    loss = network.train(batch, rate);
  } catch (error) {
    if (!(error instanceof BeckonError)) throw error;
    cause = error;
  }
  if (!Number.isFinite(loss)) {
    const why = cause instanceof BeckonError ? cause.message : `the loss is ${loss}`;
    throw new BeckonError('INTERNAL', `training of ncf (${where}) stopped: ${why}`, { cause });
  }
}

function itemCounts({ items }: UserVectors, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  for (const item of items) counts[item]!++;
  return counts;
}

function userSide(
  users: UserVectors,
  items: number,
  dimensions: number,
  capacity: number,
  random: Random,
  options: NcfOptions,
  start: NcfParameters | undefined,
): UserSide {
  const rows = options.user === 'id' ? users.indptr.length - 1 : items;
  const values = start?.userTable.slice() ?? gaussianArray(rows * dimensions, DEVIATION, random);
  const table = new AdamTable(values, dimensions, 'the users');
  return options.user === 'id' ? new IdUserSide(table) : new ItemsUserSide(table, users, random, options, capacity);
}

import { seededRandom } from '../../platform/random';
import { dot } from '../dot';
import { makeCells, NO_CELLS } from '../factor/cells';
import type { TrainingEvents } from '../model';
import { openTensors } from '../tensor/open-tensors';
import type { AttentionSnapshot } from './attention-scorer';
import { heldOutNdcg, holdOut, type HeldOutUser } from './held-out';
import { shapeOf, type AttentionOptions } from './options';
import { PlainTower } from './plain-tower';
import { drawBatches, userSequences, type Sequences } from './sequences';
import { randomParameters, Trainer } from './trainer';
import { unitRows } from './unit-rows';
import type { Parameters } from './weights';

/** Fewer places than `batch` full windows are still as many steps an epoch, as far as there are windows. */
const FEWEST_STEPS = 8;
/** Share of the epochs in which the learning rate rises, at most. */
const MOST_WARM_UP = 0.1;
/** The users held out are asked after every second epoch, and after the last. */
const EPOCHS_PER_TEST = 2;
/**
 * Share of the newest NDCG in the running mean that decides which epoch is best: 1,000 users tell the NDCG to about ±.01, and a lucky
 * draw in the middle must not outdo the end, where the learning rate is low.
 */
const NEWEST = 0.3;
/** What the learning rate falls to, as a share of its highest. */
const FLOOR = 0.05;

/**
 * The parameters of the epoch with the best running mean of NDCG@10 of users whose last item was held out (see `holdOut`); without such users,
 * those after the last epoch.
 * Without a user with two items there is nothing to learn, and TensorFlow is not loaded. Same seed and backend: same bits.
 * @throws BeckonError INTERNAL when the loss or a gradient is not a finite number.
 */
export async function fitAttention(
  events: TrainingEvents,
  options: AttentionOptions,
  progress?: (done: number, total: number) => void,
): Promise<AttentionSnapshot> {
  const random = seededRandom(options.seed);
  const sequences = userSequences(events, options.mostUsers, options.mostItems);
  if (sequences.items.length === 0) {
    progress?.(options.epochs, options.epochs);
    return snapshotOf([], randomParameters(0, options, random), 'none', options);
  }
  const parameters = randomParameters(events.itemIds.length, options, random);
  const { tf, backend } = await openTensors(options.backend);
  const { fit, users } = holdOut(sequences);
  const trainer = new Trainer(tf, options, parameters, fit, random);
  let best = { epoch: 0, ndcg: -1, parameters };
  let smoothed = 0;
  const schedule = new Schedule(fit, options);
  for (let epoch = 1; epoch <= options.epochs && epoch - best.epoch <= options.patience; epoch++) {
    const batches = drawBatches(fit, options.length, schedule.batchRows, random);
    batches.forEach((batch, step) => {
      trainer.step(batch, schedule.rateAt(epoch - 1 + step / batches.length), `epoch ${epoch}, step ${step + 1}`);
    });
    if (users.length === 0) best = { epoch, ndcg: 0, parameters };
    else if (epoch % EPOCHS_PER_TEST === 0 || epoch === options.epochs) {
      smoothed += (evaluate(parameters, users, options) - smoothed) * NEWEST;
      if (smoothed > best.ndcg) best = { epoch, ndcg: smoothed, parameters: copyOf(parameters) };
    }
    progress?.(epoch, options.epochs);
    await new Promise(setImmediate); // lets the thread report and stop
  }
  progress?.(options.epochs, options.epochs);
  return snapshotOf(events.itemIds, best.parameters, backend, options);
}

/** How large batches are, and how the learning rate rises and falls (Loshchilov & Hutter, ICLR 2017, without restarts). */
class Schedule {
  readonly batchRows: number;
  private readonly warmUpEpochs: number;

  constructor(
    { indptr }: Sequences,
    private readonly options: AttentionOptions,
  ) {
    let rows = 0;
    for (let u = 0; u + 1 < indptr.length; u++) rows += Math.min(options.length, indptr[u + 1]! - indptr[u]! - 1);
    this.batchRows = Math.max(1, Math.min(options.batch * options.length, Math.ceil(rows / FEWEST_STEPS)));
    const stepsPerEpoch = Math.max(1, rows / this.batchRows);
    this.warmUpEpochs = Math.min(options.warmUp / stepsPerEpoch, options.epochs * MOST_WARM_UP);
  }

  /** @param done epochs, with a fraction */
  rateAt(done: number): number {
    const { learningRate, epochs } = this.options;
    const rise = this.warmUpEpochs > 0 ? Math.min(1, (done + 1e-3) / this.warmUpEpochs) : 1;
    return learningRate * rise * Math.max(FLOOR, 0.5 * (1 + Math.cos((Math.PI * done) / epochs)));
  }
}

function evaluate(parameters: Parameters, users: readonly HeldOutUser[], options: AttentionOptions): number {
  const { dimensions: d, length, similarity } = options;
  const tower = new PlainTower(shapeOf(options), parameters);
  const table = similarity === 'cosine' ? unitRows(parameters.table, d).unit : parameters.table;
  const state = new Float64Array(d);
  const scores = new Float64Array(table.length / d);
  return heldOutNdcg(users, (history) => {
    const newest = history.subarray(Math.max(0, history.length - length));
    tower.lastState(newest, newest.length, state);
    for (let item = 0; item < scores.length; item++) scores[item] = dot(table, item * d, state, 0, d);
    return scores;
  });
}

const copyOf = ({ table, positions, weights }: Parameters): Parameters => ({
  table: table.slice(),
  positions: positions.slice(),
  weights: weights.slice(),
});

function snapshotOf(items: readonly string[], parameters: Parameters, backend: string, options: AttentionOptions): AttentionSnapshot {
  const { dimensions, similarity, temperature, scan } = options;
  const { table, positions, weights } = parameters;
  const compared = similarity === 'cosine' ? unitRows(table, dimensions).unit : table;
  const { centroids, cellStart, members } = items.length > scan ? makeCells(compared, dimensions) : NO_CELLS;
  const shape = shapeOf(options);
  return { items: [...items], backend, ...shape, similarity, temperature, table, positions, weights, centroids, cellStart, members };
}

import { BeckonError } from '../../platform/errors';
import { gaussian, type Random } from '../../platform/random';
import { SparseAdam } from '../tensor/sparse-adam';
import type { Tensor, Tensor2D, TensorFlow } from '../tensor/open-tensors';
import { calibratedLoss, positivePower } from './calibrated-loss';
import { CandidateSampler, type Candidates } from './candidates';
import { DropoutMasks } from './dropout-masks';
import { softmaxLoss, type LossGradients, type NextItemLoss } from './next-item-loss';
import { shapeOf, type AttentionOptions } from './options';
import type { Batch, Sequences } from './sequences';
import { Tower } from './tower';
import { throughUnitRows, unitRows } from './unit-rows';
import { layout, randomWeights, sizeOf, type Parameters, type Part, type TowerShape } from './weights';

/** Of the embeddings at the start. */
const SIGMA = 0.02;
/** Second moments forget faster than by default: the tables change fast at first. */
const ADAM = { beta2: 0.98 };
/** Added to squared lengths, so that a state of zeros has a gradient. */
const TINY = 1e-12;

/** Embeddings normal with σ = .02; the tower as `randomWeights`. */
export function randomParameters(items: number, options: AttentionOptions, random: Random): Parameters {
  const { dimensions, length } = options;
  const table = Float32Array.from({ length: items * dimensions }, () => gaussian(random) * SIGMA);
  const positions = Float32Array.from({ length: length * dimensions }, () => gaussian(random) * SIGMA);
  return { table, positions, weights: randomWeights(shapeOf(options), random) };
}

/** What a step learnt: its loss and its gradients. */
export interface Gradients {
  readonly loss: number;
  /** With respect to the table: of rows of it, which may be named more than once. [rows.length × dimensions] */
  readonly rows: Int32Array;
  readonly table: Float32Array;
  readonly positions: Float32Array;
  readonly weights: Float32Array;
}

/**
 * Changes parameters, in place, by one batch after the other. Item and position embeddings are outside the graph: TensorFlow gives the gradient with
 * respect to the tower's input and parts. An item's row has gradients as input and as candidate; Adam takes their sum.
 */
export class Trainer {
  private readonly shape: TowerShape;
  private readonly tower: Tower;
  private readonly parts: readonly Part[];
  private readonly masks: DropoutMasks;
  private readonly sampler: CandidateSampler;
  private readonly tableAdam: SparseAdam;
  private readonly positionsAdam: SparseAdam;
  private readonly weightsAdam: SparseAdam;
  private readonly positivePower: number;

  constructor(
    private readonly tf: TensorFlow,
    private readonly options: AttentionOptions,
    readonly parameters: Parameters,
    sequences: Sequences,
    random: Random,
  ) {
    const { table, positions, weights } = parameters;
    const { dimensions, negatives, calibration } = options;
    this.shape = shapeOf(options);
    this.tower = new Tower(tf, this.shape);
    this.parts = layout(this.shape);
    this.masks = new DropoutMasks(tf, options.dropout, options.seed);
    const items = table.length / dimensions;
    this.sampler = new CandidateSampler(items, sequences.items, negatives, random);
    this.positivePower = positivePower(negatives, items, calibration);
    this.tableAdam = new SparseAdam(table, dimensions, ADAM);
    this.positionsAdam = new SparseAdam(positions, dimensions, ADAM);
    this.weightsAdam = new SparseAdam(weights, Math.max(1, weights.length), ADAM);
  }

  /**
   * One step against the mean loss of the batch, which it gives.
   * @throws BeckonError INTERNAL, not retryable, when the loss or a gradient is no number; `place` is named in its message. Nothing is changed then.
   */
  step(batch: Batch, learningRate: number, place: string): number {
    const { loss, rows, table, positions, weights } = this.gradients(batch);
    if (![[loss], table, positions, weights].every(isFinite)) {
      throw new BeckonError('INTERNAL', `attention: the loss or a gradient is not a finite number in ${place}`);
    }
    this.weightsAdam.stepAll(weights, learningRate);
    this.tableAdam.step(rows, table, learningRate);
    this.positionsAdam.step(Int32Array.from({ length: batch.length }, (_, p) => p), positions, learningRate); // prettier-ignore
    return loss;
  }

  /** The loss of a batch and its gradients; parameters stay. */
  gradients(batch: Batch): Gradients {
    const { tf, parameters, parts, tower, masks, options } = this;
    const candidates = this.sampler.draw(batch);
    const outcome: { value?: LossGradients } = {};
    const lossOf = tf.customGrad((states, save) => {
      const { loss, states: gradient } = (outcome.value = this.loss(states as Tensor2D, candidates));
      (save as (tensors: Tensor[]) => void)([gradient]);
      return { value: tf.scalar(loss), gradFunc: (_dy: Tensor, saved: Tensor[]) => saved[0]! };
    });
    let found: readonly Float32Array[] = [];
    tf.tidy(() => {
      const weights = parts.map(({ start, shape }) => tf.tensor(parameters.weights.slice(start, start + sizeOf(shape)), [...shape]));
      const input = tf.tensor2d(this.embed(batch), [batch.inputs.length, options.dimensions]);
      const { grads } = tf.valueAndGrads((x: Tensor, ...rest: Tensor[]) => {
        const states = tower.states(x as Tensor2D, rest, batch.length, masks.apply);
        return lossOf(options.similarity === 'cosine' ? this.unitStates(states) : states);
      })([input, ...weights]);
      found = grads.map((gradient) => gradient.dataSync<'float32'>()); // not out of tidy, which would walk through all numbers
    });
    const { loss, table } = outcome.value!;
    const weights = new Float32Array(parameters.weights.length);
    parts.forEach(({ start }, k) => weights.set(found[k + 1]!, start));
    return { loss, weights, ...this.embeddingGradients(batch, candidates, found[0]!, table) };
  }

  /** States divided by their lengths and by the temperature. */
  private unitStates(states: Tensor2D): Tensor2D {
    const { tf } = this;
    const length = tf.sqrt(tf.add(tf.sum(tf.square(states), 1, true), TINY));
    return tf.div(states, tf.mul(length, this.options.temperature));
  }

  private loss(states: Tensor2D, { items, right, inclusion, drawn }: Candidates): LossGradients {
    const { options, tf, parameters } = this;
    const d = options.dimensions;
    const loss: NextItemLoss = options.loss === 'gbce' ? calibratedLoss(this.positivePower, drawn) : softmaxLoss(inclusion);
    const table = new Float32Array(items.length * d);
    items.forEach((item, k) => table.set(parameters.table.subarray(item * d, (item + 1) * d), k * d));
    if (options.similarity === 'dot') return loss(tf, states, { table, right });
    const rows = unitRows(table, d);
    const gradients = loss(tf, states, { table: rows.unit, right });
    throughUnitRows(gradients.table, rows, d);
    return gradients;
  }

  /** [windows · length × dimensions]: √dimensions · item + position. */
  private embed({ inputs, length }: Batch): Float32Array {
    const { table, positions } = this.parameters;
    const d = this.options.dimensions;
    const root = Math.sqrt(d);
    const embedded = new Float32Array(inputs.length * d);
    for (let k = 0; k < inputs.length; k++) {
      const from = inputs[k]! * d;
      const at = (k % length) * d;
      for (let a = 0; a < d; a++) embedded[k * d + a] = table[from + a]! * root + positions[at + a]!;
    }
    return embedded;
  }

  private embeddingGradients(
    { inputs, targets, length }: Batch,
    { items }: Candidates,
    input: Float32Array,
    ofCandidates: Float32Array,
  ): Pick<Gradients, 'rows' | 'table' | 'positions'> {
    const d = this.options.dimensions;
    const root = Math.sqrt(d);
    const positions = new Float32Array(length * d);
    const rows = new Int32Array(items.length + inputs.length);
    const table = new Float32Array(rows.length * d);
    rows.set(items);
    table.set(ofCandidates);
    let count = items.length;
    for (let k = 0; k < inputs.length; k++) {
      if (targets[k]! < 0) continue; // padding
      rows[count] = inputs[k]!;
      const at = (k % length) * d;
      for (let a = 0; a < d; a++) {
        positions[at + a]! += input[k * d + a]!;
        table[count * d + a] = input[k * d + a]! * root;
      }
      count++;
    }
    return { rows: rows.subarray(0, count), table: table.subarray(0, count * d), positions };
  }
}

function isFinite(numbers: ArrayLike<number>): boolean {
  let sum = 0; // of finite 32-bit floats it stays finite in 64 bits
  for (let k = 0; k < numbers.length; k++) sum += numbers[k]!;
  return Number.isFinite(sum);
}

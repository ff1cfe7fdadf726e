import { gaussian, type Random } from '../../platform/random';
import type { TensorFlow } from '../tensor/open-tensors';
import { AdamTable } from './adam-table';
import type { Batch } from './batches';
import { denseLength, denseWeights, type DenseWeights, type NcfShape } from './dense-weights';
import { Tower } from './tower';
import type { UserSide } from './user-side';

export interface NetworkOptions {
  readonly negatives: number;
  readonly regularisation: number;
}

/**
 * NeuMF over batches (He et al., WWW 2017, eq. 12): logit = gmfOut · (p_G ∘ q_G) + mlpOut · tower([p_M; q_M]) + bias, with the parts that the
 * shape has. The loss is the weighted sum of binary cross-entropies, plus λ/2 (|p|² + |q|²) for each sample. An embedding is one row:
 * the product part's numbers, then the tower's. The product part and the embeddings are plain loops, the tower is TensorFlow.js's.
 */
export class Network {
  readonly dense: AdamTable;
  readonly weights: DenseWeights;
  private readonly gradient: DenseWeights;
  private readonly tower: Tower | undefined;
  private readonly dimensions: number;
  private vectors = new Float32Array(0);
  private vectorGradient = new Float32Array(0);
  private inputs = new Float32Array(0);
  private logits = new Float64Array(0);

  constructor(
    tf: TensorFlow,
    private readonly shape: NcfShape,
    packed: Float32Array,
    readonly users: UserSide,
    readonly items: AdamTable,
    /** [items]: added to a sample's logit in the loss. */
    private readonly correction: Float32Array,
    private readonly options: NetworkOptions,
  ) {
    this.dense = new AdamTable(packed, packed.length, 'the dense weights');
    this.weights = denseWeights(packed, shape);
    this.gradient = denseWeights(this.dense.gradient, shape);
    this.tower = shape.widths.length === 0 ? undefined : new Tower(tf, this.weights);
    this.dimensions = shape.gmf + shape.mlp;
  }

  /** One step of Adam on the batch. The loss before it, without regularisation, a positive or negative; not finite when the network is spoilt. */
  train(batch: Batch, learningRate: number): number {
    const loss = this.accumulate(batch);
    if (!Number.isFinite(loss)) return loss;
    this.users.table.step(learningRate);
    this.items.step(learningRate);
    this.dense.step(learningRate);
    return loss;
  }

  /** The mean loss of the batch; its gradient (of the sum) is added to the tables'. */
  accumulate(batch: Batch): number {
    const samples = batch.groups * (1 + this.options.negatives);
    this.reserve(batch.groups, samples);
    this.users.forward(batch, this.vectors);
    this.dense.touch(0);
    this.multiply(batch);
    let loss = 0;
    const head = (towerLogits: Float32Array | undefined): Float32Array => {
      const delta = new Float32Array(samples);
      loss = this.differentiate(batch, towerLogits, delta);
      this.spreadProduct(batch, delta);
      return delta;
    };
    if (this.tower === undefined) head(undefined);
    else this.spreadTower(batch, this.tower.backward(this.fillInputs(batch), samples, this.gradient, head));
    this.users.backward(batch, this.vectorGradient);
    return loss / samples;
  }

  private reserve(groups: number, samples: number): void {
    const { dimensions, shape } = this;
    if (this.vectors.length < groups * dimensions) {
      this.vectors = new Float32Array(groups * dimensions);
      this.vectorGradient = new Float32Array(groups * dimensions);
    }
    if (this.inputs.length !== samples * 2 * shape.mlp) this.inputs = new Float32Array(samples * 2 * shape.mlp);
    if (this.logits.length < samples) this.logits = new Float64Array(samples);
  }

  /** [samples × 2 mlp]: [p_M; q_M] of each sample. */
  private fillInputs({ groups, items }: Batch): Float32Array {
    const { inputs, vectors, dimensions } = this;
    const { gmf, mlp } = this.shape;
    const size = 1 + this.options.negatives;
    const table = this.items.values;
    for (let g = 0, sample = 0; g < groups; g++) {
      const p = g * dimensions + gmf;
      for (let n = 0; n < size; n++, sample++) {
        const q = items[sample]! * dimensions + gmf;
        const x = sample * 2 * mlp;
        for (let a = 0; a < mlp; a++) {
          inputs[x + a] = vectors[p + a]!;
          inputs[x + mlp + a] = table[q + a]!;
        }
      }
    }
    return inputs;
  }

  /** logits = gmfOut · (p_G ∘ q_G) + bias + correction. */
  private multiply({ groups, items }: Batch): void {
    const { vectors, logits, dimensions, correction, weights } = this;
    const { gmf } = this.shape;
    const size = 1 + this.options.negatives;
    const table = this.items.values;
    const scaled = new Float64Array(gmf);
    for (let g = 0, sample = 0; g < groups; g++) {
      for (let a = 0; a < gmf; a++) scaled[a] = vectors[g * dimensions + a]! * weights.gmfOut[a]!;
      for (let n = 0; n < size; n++, sample++) {
        const q = items[sample]! * dimensions;
        let logit = weights.bias[0]! + correction[items[sample]!]!;
        for (let a = 0; a < gmf; a++) logit += scaled[a]! * table[q + a]!;
        logits[sample] = logit;
      }
    }
  }

  /** The loss, and in `delta` its gradient by the logits: weight · (σ(logit) − label). */
  private differentiate({ groups, weights }: Batch, towerLogits: Float32Array | undefined, delta: Float32Array): number {
    const size = 1 + this.options.negatives;
    let loss = 0;
    let biasGradient = 0;
    for (let sample = 0; sample < groups * size; sample++) {
      const logit = this.logits[sample]! + (towerLogits === undefined ? 0 : towerLogits[sample]!);
      const label = sample % size === 0 ? 1 : 0;
      const weight = weights[sample]!;
      loss += weight * (Math.max(logit, 0) - label * logit + Math.log1p(Math.exp(-Math.abs(logit))));
      delta[sample] = weight * (1 / (1 + Math.exp(-logit)) - label);
      biasGradient += delta[sample]!;
    }
    this.gradient.bias[0]! += biasGradient;
    return loss;
  }

  /** Gradients of the product part, and of the regularisation of both parts. */
  private spreadProduct({ groups, items }: Batch, delta: Float32Array): void {
    const { vectors, vectorGradient, dimensions, weights, gradient } = this;
    const { gmf } = this.shape;
    const { negatives, regularisation } = this.options;
    const table = this.items.values;
    const itemGradient = this.items.gradient;
    const size = 1 + negatives;
    const pulled = new Float64Array(gmf);
    for (let g = 0, sample = 0; g < groups; g++) {
      const p = g * dimensions;
      pulled.fill(0);
      for (let n = 0; n < size; n++, sample++) {
        const q = this.items.touch(items[sample]!);
        const d = delta[sample]!;
        for (let a = 0; a < gmf; a++) {
          const value = table[q + a]!;
          pulled[a]! += d * value;
          itemGradient[q + a]! += d * weights.gmfOut[a]! * vectors[p + a]! + regularisation * value;
        }
        for (let a = gmf; a < dimensions; a++) itemGradient[q + a]! += regularisation * table[q + a]!;
      }
      for (let a = 0; a < gmf; a++) {
        vectorGradient[p + a] = weights.gmfOut[a]! * pulled[a]! + regularisation * size * vectors[p + a]!;
        gradient.gmfOut[a]! += pulled[a]! * vectors[p + a]!;
      }
      for (let a = gmf; a < dimensions; a++) vectorGradient[p + a] = regularisation * size * vectors[p + a]!;
    }
  }

  /** `inputGradient` [samples × 2 mlp] goes to the vectors and the items that made the inputs. */
  private spreadTower({ groups, items }: Batch, inputGradient: Float32Array): void {
    const { vectorGradient, dimensions } = this;
    const { gmf, mlp } = this.shape;
    const itemGradient = this.items.gradient;
    const size = 1 + this.options.negatives;
    for (let g = 0, sample = 0; g < groups; g++) {
      const p = g * dimensions + gmf;
      for (let n = 0; n < size; n++, sample++) {
        const q = items[sample]! * dimensions + gmf;
        const x = sample * 2 * mlp;
        for (let a = 0; a < mlp; a++) {
          vectorGradient[p + a]! += inputGradient[x + a]!;
          itemGradient[q + a]! += inputGradient[x + mlp + a]!;
        }
      }
    }
  }
}

/**
 * New dense weights: the product part begins as a plain inner product (1), layers as in Glorot & Bengio (AISTATS 2010, uniform), biases 0.
 */
export function initialDense(shape: NcfShape, random: Random): Float32Array {
  const packed = new Float32Array(denseLength(shape));
  const { gmfOut, layers, mlpOut } = denseWeights(packed, shape);
  gmfOut.fill(1);
  for (const { kernel, inputs, outputs } of layers) {
    const limit = Math.sqrt(6 / (inputs + outputs));
    for (let k = 0; k < kernel.length; k++) kernel[k] = limit * (2 * random() - 1);
  }
  for (let k = 0; k < mlpOut.length; k++) mlpOut[k] = gaussian(random) / Math.sqrt(mlpOut.length);
  return packed;
}

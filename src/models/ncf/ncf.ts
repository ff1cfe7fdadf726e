import { makeCells, NO_CELLS } from '../factor/cells';
import type { ItemIndex } from '../item-index';
import { joinItems } from '../join-items';
import type { Model, TrainingEvents } from '../model';
import { openTensors } from '../tensor/open-tensors';
import { userVectors, type UserVectors } from '../user-knn/user-vectors';
import { denseLength, denseWeights, type NcfShape } from './dense-weights';
import { foldInTable } from './fold-in-table';
import { towerWidths, type NcfOptions } from './ncf-options';
import { itemProducts, NcfScorer, NOTHING_LEARNT, type NcfSnapshot } from './ncf-scorer';
import { trainNcf, type NcfParameters, type TrainingInput } from './train-ncf';

type Progress = (done: number, total: number) => void;

function shapeFor(options: NcfOptions): NcfShape {
  return {
    gmf: options.kind === 'mlp' ? 0 : options.gmfDimensions,
    mlp: options.kind === 'gmf' ? 0 : options.mlpDimensions,
    widths: towerWidths(options),
  };
}

async function fit(events: TrainingEvents, options: NcfOptions, progress: Progress = () => undefined): Promise<NcfSnapshot> {
  const users = userVectors(events, options.mostUsers, options.mostItems);
  const shape = shapeFor(options);
  if (users.items.length === 0) {
    progress(1, 1);
    return toSnapshot(events.itemIds, NOTHING_LEARNT, options, emptyParameters(events.itemIds.length, shape));
  }
  const { tf, backend } = await openTensors(options.backend);
  const input = { tf, users, items: events.itemIds.length, options };
  const trained =
    options.pretrain && options.kind === 'neumf' ? trainFused(input, shape, progress) : trainNcf({ ...input, shape, progress });
  return toSnapshot(events.itemIds, backend, options, withHistory(trained, users, events.itemIds.length, shape, options));
}

/** Items' embeddings instead of users': those that were learnt, or those that tell the learnt users' vectors best. */
function withHistory(
  trained: NcfParameters,
  users: UserVectors,
  items: number,
  { gmf, mlp }: NcfShape,
  options: NcfOptions,
): NcfParameters {
  return options.user === 'items' ? trained : { ...trained, userTable: foldInTable(users, items, trained.userTable, gmf + mlp, options) };
}

/** GMF, then the tower, then NeuMF from both: three trainings of one length. */
function trainFused(input: Omit<TrainingInput, 'shape' | 'progress'>, shape: NcfShape, progress: Progress): NcfParameters {
  const inPhase = (phase: number) => (done: number, total: number) => progress(phase * total + done, 3 * total);
  const gmf = trainNcf({ ...input, shape: { gmf: shape.gmf, mlp: 0, widths: [] }, progress: inPhase(0) });
  const mlp = trainNcf({ ...input, shape: { ...shape, gmf: 0 }, progress: inPhase(1) });
  return trainNcf({ ...input, shape, start: fuse(gmf, mlp, shape), progress: inPhase(2) });
}

/** NeuMF that gives the mean of the two logits (He et al. §3.4.1 with α = ½). */
export function fuse(gmf: NcfParameters, mlp: NcfParameters, shape: NcfShape): NcfParameters {
  const dense = new Float32Array(denseLength(shape));
  const fused = denseWeights(dense, shape);
  const product = denseWeights(gmf.dense, { gmf: shape.gmf, mlp: 0, widths: [] });
  const tower = denseWeights(mlp.dense, { ...shape, gmf: 0 });
  fused.gmfOut.set(product.gmfOut.map((weight) => weight / 2));
  fused.layers.forEach(({ kernel, bias }, l) => {
    kernel.set(tower.layers[l]!.kernel);
    bias.set(tower.layers[l]!.bias);
  });
  fused.mlpOut.set(tower.mlpOut.map((weight) => weight / 2));
  fused.bias[0] = (product.bias[0]! + tower.bias[0]!) / 2;
  return {
    userTable: sideBySide(gmf.userTable, shape.gmf, mlp.userTable, shape.mlp),
    table: sideBySide(gmf.table, shape.gmf, mlp.table, shape.mlp),
    dense,
  };
}

/** Rows [a, b] of two tables with as many rows. */
function sideBySide(a: Float32Array, aWidth: number, b: Float32Array, bWidth: number): Float32Array {
  const rows = aWidth === 0 ? b.length / bWidth : a.length / aWidth;
  const out = new Float32Array(rows * (aWidth + bWidth));
  for (let row = 0; row < rows; row++) {
    out.set(a.subarray(row * aWidth, (row + 1) * aWidth), row * (aWidth + bWidth));
    out.set(b.subarray(row * bWidth, (row + 1) * bWidth), row * (aWidth + bWidth) + aWidth);
  }
  return out;
}

function emptyParameters(items: number, shape: NcfShape): NcfParameters {
  const table = new Float32Array(items * (shape.gmf + shape.mlp));
  return { userTable: table, table, dense: new Float32Array(denseLength(shape)) };
}

function toSnapshot(itemIds: readonly string[], backend: string, options: NcfOptions, learnt: NcfParameters): NcfSnapshot {
  const { gmf, mlp, widths } = shapeFor(options);
  const network = {
    kind: options.kind,
    backend,
    gmfDimensions: gmf,
    mlpDimensions: mlp,
    widths: Uint32Array.from(widths),
    history: learnt.userTable,
    table: learnt.table,
    dense: learnt.dense,
  };
  const { centroids, cellStart, members } = gmf > 0 && itemIds.length > options.scan ? makeCells(itemProducts(network), gmf) : NO_CELLS;
  return { items: [...itemIds], ...network, centroids, cellStart, members };
}

/**
 * Neural collaborative filtering (He et al., WWW 2017): GMF, MLP and NeuMF. Deviations: the user's input is by default the weighted items
 * that they had instead of an id (§3.1 allows for it), so that a user whom the model never saw is folded in by one weighted sum and the
 * snapshot holds no users; batches of thousands with a learning rate that falls to 0; L2 on the embeddings; a bias in the output.
 * Memory while fitting: 16 bytes a number of each table (items twice, or items and users), i.e. 300 MB for 200,000 users of 96 numbers.
 */
export const ncf = {
  name: 'ncf',
  defaults: {
    kind: 'neumf',
    user: 'items',
    gmfDimensions: 64,
    mlpDimensions: 32,
    widths: '8',
    negatives: 4,
    negativePopularity: 0,
    epochs: 15,
    leastSteps: 400,
    batchSamples: 8_192,
    learningRate: 0.01,
    regularisation: 0.005,
    historyDropout: 0,
    pretrain: false,
    seed: 1,
    backend: 'auto',
    mostUsers: 200_000,
    mostItems: 2_000,
    profileDecay: 0.8,
    profileItems: 50,
    normExponent: 0.75,
    foldInRidge: 0.1,
    scan: 4_096,
  },
  fit,
  scorer: (snapshot, index: ItemIndex, options) =>
    snapshot === undefined ? undefined : new NcfScorer(options, snapshot, joinItems(snapshot.items, index)),
} satisfies Model<NcfSnapshot, NcfOptions>;

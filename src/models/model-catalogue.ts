import type { ModelName } from '../push/recommendation-list';
import { factor, type FactorOptions, type FactorSnapshot } from './factor/factor';
import { itemKnn, type ItemKnnOptions, type ItemKnnSnapshot } from './item-knn/item-knn';
import type { ItemIndex } from './item-index';
import type { Model, Scorer, Snapshot, TrainingEvents } from './model';
import { popular, type PopularOptions, type PopularSnapshot } from './popular/popular';
import { sessionKnn, type SessionKnnOptions, type SessionKnnSnapshot } from './session-knn/session-knn';
import { decodeSnapshot, encodeSnapshot, type SnapshotMeta } from './snapshot-codec';
import { transition, type TransitionOptions, type TransitionSnapshot } from './transition/transition';
import { userKnn, type UserKnnOptions, type UserKnnSnapshot } from './user-knn/user-knn';

/** The models that learn from behaviours; content-based needs none, and the hybrid is a blend of all. */
export const TRAINABLE_MODEL_NAMES = [
  'popular',
  'user-knn',
  'session-knn',
  'item-knn',
  'transition',
  'factor',
] as const satisfies readonly ModelName[];
export type TrainableModelName = (typeof TRAINABLE_MODEL_NAMES)[number];

/** The options of each model; what is absent takes the model's default. */
export interface ModelOptions {
  readonly popular?: Partial<PopularOptions>;
  readonly 'user-knn'?: Partial<UserKnnOptions>;
  readonly 'session-knn'?: Partial<SessionKnnOptions>;
  readonly 'item-knn'?: Partial<ItemKnnOptions>;
  readonly transition?: Partial<TransitionOptions>;
  readonly factor?: Partial<FactorOptions>;
}

/** A model with its options and snapshot type settled, as the training job and the workers need it. */
export interface TrainableModel {
  readonly name: TrainableModelName;
  /** Learns from behaviours at once and can start without a snapshot. */
  readonly live: boolean;
  fit(events: TrainingEvents, progress?: (done: number, total: number) => void): Snapshot;
  /** `fit`, then the bytes of the snapshot. */
  train(events: TrainingEvents, version: string, trainedAt: number, progress?: (done: number, total: number) => void): Buffer;
  /**
   * A scorer from encoded bytes.
   * @throws BeckonError when they are not a snapshot of this model (see `decodeSnapshot`).
   */
  load(bytes: Buffer, index: ItemIndex): { readonly meta: SnapshotMeta; readonly scorer: Scorer };
  /** A scorer from a snapshot that `fit` gave; `undefined` starts empty, which only live models can. */
  scorer(snapshot: Snapshot | undefined, index: ItemIndex): Scorer | undefined;
}

function trainable<S extends Snapshot, O extends object>(
  model: Model<S, O>,
  name: TrainableModelName,
  live: boolean,
  given: Partial<O> | undefined,
): TrainableModel {
  const options: O = { ...model.defaults, ...given };
  return {
    name,
    live,
    fit: (events, progress) => model.fit(events, options, progress),
    train: (events, version, trainedAt, progress) =>
      encodeSnapshot({ model: name, version, trainedAt }, model.fit(events, options, progress)),
    load: (bytes, index) => {
      const { meta, snapshot } = decodeSnapshot(bytes, name);
      const scorer = model.scorer(snapshot as S, index, options);
      if (scorer === undefined) throw new Error(`${name} made no scorer of a snapshot`);
      return { meta, scorer };
    },
    scorer: (snapshot, index) => model.scorer(snapshot as S | undefined, index, options),
  };
}

/** Every model that is trained, by name, with the given options. */
export function trainableModels(options: ModelOptions = {}): Readonly<Record<TrainableModelName, TrainableModel>> {
  return {
    popular: trainable<PopularSnapshot, PopularOptions>(popular, 'popular', true, options.popular),
    'user-knn': trainable<UserKnnSnapshot, UserKnnOptions>(userKnn, 'user-knn', false, options['user-knn']),
    'session-knn': trainable<SessionKnnSnapshot, SessionKnnOptions>(sessionKnn, 'session-knn', false, options['session-knn']),
    'item-knn': trainable<ItemKnnSnapshot, ItemKnnOptions>(itemKnn, 'item-knn', true, options['item-knn']),
    transition: trainable<TransitionSnapshot, TransitionOptions>(transition, 'transition', true, options.transition),
    factor: trainable<FactorSnapshot, FactorOptions>(factor, 'factor', false, options.factor),
  };
}

/** Every model that is trained, with its default options. */
export const TRAINABLE_MODELS = trainableModels();

import type { Item } from '../catalogue/item';
import { attention } from './attention/attention';
import { ease } from './ease/ease';
import { factor } from './factor/factor';
import type { ItemIndex } from './item-index';
import { itemKnn } from './item-knn/item-knn';
import type { Model, Scorer, Snapshot, TrainingEvents } from './model';
import { ncf } from './ncf/ncf';
import { popular } from './popular/popular';
import { sessionKnn } from './session-knn/session-knn';
import { decodeSnapshot, encodeSnapshot, type SnapshotMeta } from './snapshot-codec';
import { transition } from './transition/transition';
import { userKnn } from './user-knn/user-knn';

/**
 * The models that learn from behaviours, in the order in which workers hold them; content-based needs none, and the hybrid is a blend of
 * all. A model that joins is one line here.
 */
const MODELS = {
  popular: { model: popular, live: true },
  'user-knn': { model: userKnn, live: false },
  'session-knn': { model: sessionKnn, live: false },
  'item-knn': { model: itemKnn, live: true },
  transition: { model: transition, live: true },
  factor: { model: factor, live: false },
  ease: { model: ease, live: false },
  ncf: { model: ncf, live: false, fewestEvents: 5_000 },
  attention: { model: attention, live: false, fewestEvents: 50_000 },
} as const;

interface Entry<S extends Snapshot, O> {
  readonly model: Model<S, O>;
  /** Learns from behaviours at once and can start without a snapshot. */
  readonly live: boolean;
  /** With fewer behaviours than this a fit is not worth its time: the training job says so instead. @default 1 */
  readonly fewestEvents?: number;
}

export type TrainableModelName = keyof typeof MODELS;
export const TRAINABLE_MODEL_NAMES = Object.keys(MODELS) as readonly TrainableModelName[];

type OptionsOf<N extends TrainableModelName> = (typeof MODELS)[N]['model'] extends Model<infer _S, infer O> ? O : never;
/** The options of each model; what is absent takes the model's default. */
export type ModelOptions = { readonly [N in TrainableModelName]?: Partial<OptionsOf<N>> };

/** The name and the default options of a model, whatever it is. */
export const modelDefaults = (name: TrainableModelName): { readonly name: TrainableModelName; readonly defaults: object } => ({
  name,
  defaults: MODELS[name].model.defaults,
});

/** A model with its options and snapshot type settled, as the training job and the workers need it. */
export interface TrainableModel {
  readonly name: TrainableModelName;
  readonly live: boolean;
  /** Of its snapshots. */
  readonly layout: number;
  /** With fewer behaviours than this it is not trained. */
  readonly fewestEvents: number;
  /** Whether `fit` is to be given the catalogue. */
  readonly readsCatalogue: boolean;
  fit(events: TrainingEvents, progress?: (done: number, total: number) => void, catalogue?: readonly Item[]): Promise<Snapshot>;
  /** The bytes of a snapshot that `fit` gave. */
  encode(snapshot: Snapshot, version: string, trainedAt: number): Buffer;
  /**
   * A scorer from encoded bytes.
   * @throws BeckonError when they are not a snapshot of this model (see `decodeSnapshot`).
   */
  load(bytes: Buffer, index: ItemIndex): { readonly meta: SnapshotMeta; readonly scorer: Scorer };
  /** A scorer from a snapshot that `fit` gave; `undefined` starts empty, which only live models can. */
  scorer(snapshot: Snapshot | undefined, index: ItemIndex): Scorer | undefined;
}

function trainable<S extends Snapshot, O extends object>(
  name: TrainableModelName,
  { model, live, fewestEvents = 1 }: Entry<S, O>,
  given: Partial<O> | undefined,
  drawSeed: (() => string) | undefined,
): TrainableModel {
  const options: O = { ...model.defaults, ...given };
  const { layout = 1 } = model;
  return {
    name,
    live,
    layout,
    fewestEvents,
    readsCatalogue: model.readsCatalogue?.(options) ?? false,
    fit: async (events, progress, catalogue) =>
      model.fit(events, (drawSeed && model.forFit?.(options, drawSeed)) ?? options, progress, catalogue),
    encode: (snapshot, version, trainedAt) => encodeSnapshot({ model: name, version, trainedAt, layout }, snapshot),
    load: (bytes, index) => {
      const { meta, snapshot } = decodeSnapshot(bytes, { model: name, layout });
      const scorer = model.scorer(snapshot as S, index, options);
      if (scorer === undefined) throw new Error(`${name} made no scorer of a snapshot`);
      return { meta, scorer };
    },
    scorer: (snapshot, index) => model.scorer(snapshot as S | undefined, index, options),
  };
}

/**
 * Every model that is trained, by name, with the given options. `drawSeed` gives a secret seed for each fit that needs one; without it, fits are
 * what the options say and repeat.
 */
export function trainableModels(options: ModelOptions = {}, drawSeed?: () => string): Readonly<Record<TrainableModelName, TrainableModel>> {
  const entries = TRAINABLE_MODEL_NAMES.map((name) => {
    const entry = MODELS[name] as unknown as Entry<Snapshot, object>;
    return [name, trainable(name, entry, options[name], drawSeed)] as const;
  });
  return Object.fromEntries(entries) as Record<TrainableModelName, TrainableModel>;
}

/** Every model that is trained, with its default options. */
export const TRAINABLE_MODELS = trainableModels();

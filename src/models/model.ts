import type { Item } from '../catalogue/item';
import type { EpochMs } from '../platform/clock';
import type { ModelName } from '../push/recommendation-list';
import type { ItemIndex } from './item-index';
import type { SparseScores } from './sparse-scores';

/**
 * Behaviours to learn from, as columns of one length, ordered by (time, order of arrival).
 * `users[k]` and `items[k]` index `userIds` and `itemIds`.
 */
export interface TrainingEvents {
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly users: Int32Array;
  readonly items: Int32Array;
  /** Strength in (−1, 1], never 0: behaviours that say nothing about taste are left out before. */
  readonly weights: Float32Array;
  readonly times: Float64Array;
}

/** One item of a user's history, for scoring. */
export interface Interaction {
  readonly row: number;
  readonly weight: number;
  readonly at: EpochMs;
}

/** What every model may look at when it scores. */
export interface ScoringQuery {
  /** The user's items, newest first, one entry an item (its newest behaviour), positive weights only, at most 200. */
  readonly history: readonly Interaction[];
  /** Distinct rows of all items the user has had (at most 2,000, newest first): `history` is a prefix of it when nothing is negative. */
  readonly seen: readonly number[];
  /** Groups that the user belongs to and lets be used, by name, each with how surely, in (0, 1]; absent: none. */
  readonly segments?: readonly { readonly name: string; readonly weight: number }[];
  readonly now: EpochMs;
}

/** A part of a score: the history item (by row) that pulled the candidate up, and by how much. */
export interface Pull {
  readonly row: number;
  readonly amount: number;
}

/** A behaviour that live models learn from at once. */
export interface ObservedBehaviour {
  readonly row: number;
  readonly weight: number;
  readonly at: EpochMs;
  /** The user's distinct items before, newest first, at most 30. */
  readonly previous: readonly number[];
}

/**
 * A snapshot joined to a worker's rows, ready to score. Scoring does not change it and is deterministic;
 * `observe` (live models only) does.
 */
export interface Scorer {
  readonly name: ModelName;
  /**
   * Adds candidates with scores (higher is better, scale is the model's own, finite, > 0) into `into`, which comes in
   * clear. Touches at most about `limit` rows, the best it can find; may include items of the history.
   * An empty history may give nothing.
   */
  score(query: ScoringQuery, into: SparseScores, limit: number): void;
  /** The history items that pulled `row` up, strongest first, at most `limit`; empty where the model cannot say. */
  explain?(query: ScoringQuery, row: number, limit: number): Pull[];
  /** Learns from one behaviour at once. */
  observe?(behaviour: ObservedBehaviour): void;
  /** Takes over items of the catalogue, or their changes, oldest first: models that place an item by what it is, also one that nobody has had. */
  placeItems?(items: readonly Item[]): void;
  /** The item is not to be recommended for what it is any more. */
  displaceItem?(itemId: string): void;
}

/**
 * A model: `fit(events, options) → snapshot`, `scorer(snapshot, index) → Scorer`. Pure, seeded, deterministic.
 * S is plain data: numbers, strings, string arrays, and typed arrays, one level deep (see snapshot-codec.ts).
 */
export interface Model<S extends Snapshot, O> {
  readonly name: ModelName;
  readonly defaults: O;
  /**
   * Rises with every change of what its snapshots hold or mean: a snapshot of another layout is refused by name, and the model is trained
   * again. @default 1
   */
  readonly layout?: number;
  /** The options of one fit of a training run: what must be drawn anew for each is. @default they are those that are given */
  forFit?(options: O, drawSeed: () => string): O;
  /** Whether a fit with these options wants the catalogue. @default never */
  readsCatalogue?(options: O): boolean;
  /** A model that needs tensors opens them itself, so that only a process that fits loads them: then this is a promise. */
  fit(events: TrainingEvents, options: O, progress?: (done: number, total: number) => void, catalogue?: readonly Item[]): S | Promise<S>;
  /** Joins a snapshot to rows, interning its items. `undefined`: start empty (live models) — returns undefined where that makes no sense. */
  scorer(snapshot: S | undefined, index: ItemIndex, options: O): Scorer | undefined;
}

export type SnapshotValue =
  number | string | readonly string[] | Float32Array | Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** Plain data, immutable by convention: nobody writes into its arrays after `fit`. */
export type Snapshot = Readonly<Record<string, SnapshotValue>>;

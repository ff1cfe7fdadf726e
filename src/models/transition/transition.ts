import { remapColumn, remapCsr } from '../csr';
import { GrowableColumn } from '../growable-column';
import type { ItemIndex } from '../item-index';
import { joinItems } from '../join-items';
import { LiveRows } from '../live-rows';
import type { Interaction, Model, ObservedBehaviour, Pull, Scorer, ScoringQuery, Snapshot, TrainingEvents } from '../model';
import { RecentItems } from '../recent-items';
import { SparseScores } from '../sparse-scores';
import { addTop } from '../top-k';

export interface TransitionOptions {
  /** Each behaviour is linked from this many of the user's previous distinct items. @default 10 // at most 30 */
  readonly window: number;
  /** A link over distance d (1: the item just before) counts decay^(d − 1). @default 0.65 */
  readonly linkDecay: number;
  /** Added to the outgoing total of an item: how much evidence a rare item needs. @default 20 */
  readonly smoothing: number;
  /** The r-th newest item of the profile (0: the newest) counts decay^r. @default 0.8 */
  readonly profileDecay: number;
  /** How many of the newest items of the profile are looked at. @default 10 */
  readonly profileItems: number;
  /** Successors kept for an item; up to twice as many live. @default 256 */
  readonly keep: number;
}

export interface TransitionSnapshot extends Snapshot {
  readonly items: readonly string[];
  /** Row i: what follows item i, by count, largest first. */
  readonly indptr: Uint32Array;
  readonly targets: Int32Array;
  readonly counts: Float32Array;
  /** [items]: all links out of an item, also those that were cut. */
  readonly totals: Float32Array;
}

/**
 * score(j) = Σ over the newest items h_r of weight(h_r) · profileDecay^r · p(h_r → j), with
 * p(i → j) = count(i → j) / (Σ_j count(i → j) + smoothing). First-order, ordered: what follows what.
 */
export class TransitionScorer implements Scorer {
  readonly name = 'transition';
  private readonly scratch = new SparseScores();

  constructor(
    private readonly options: TransitionOptions,
    readonly counts: LiveRows,
    readonly totals: GrowableColumn,
  ) {}

  score({ history }: ScoringQuery, into: SparseScores, limit: number): void {
    const { scratch } = this;
    scratch.clear();
    for (let r = 0; r < Math.min(history.length, this.options.profileItems); r++) {
      const pull = this.pullOf(history[r]!, r);
      const { targets, values, start, end } = this.counts.read(history[r]!.row);
      for (let k = start; k < end; k++) scratch.add(targets[k]!, pull * values[k]!);
    }
    addTop(scratch, into, limit);
  }

  explain({ history }: ScoringQuery, row: number, limit: number): Pull[] {
    return history
      .slice(0, this.options.profileItems)
      .map((item, r) => ({ row: item.row, amount: this.pullOf(item, r) * this.counts.get(item.row, row) }))
      .filter(({ amount }) => amount > 0)
      .sort((a, b) => b.amount - a.amount || a.row - b.row)
      .slice(0, limit);
  }

  observe({ row, weight, previous }: ObservedBehaviour): void {
    this.link(row, weight, previous);
  }

  /** Counts one positive behaviour as what follows the items before it; a negative one says nothing about order. */
  link(row: number, weight: number, previous: ArrayLike<number>): void {
    if (!(weight > 0)) return;
    let amount = weight;
    for (let d = 0; d < Math.min(previous.length, this.options.window); d++) {
      const from = previous[d]!;
      if (from !== row) {
        this.counts.add(from, row, amount);
        this.totals.add(from, amount);
      }
      amount *= this.options.linkDecay;
    }
  }

  private pullOf({ row, weight }: Interaction, r: number): number {
    const { profileDecay, smoothing } = this.options;
    const total = this.totals.get(row) + smoothing;
    return total > 0 ? (weight * profileDecay ** r) / total : 0;
  }
}

function fit(events: TrainingEvents, options: TransitionOptions, progress?: (done: number, total: number) => void): TransitionSnapshot {
  const scorer = new TransitionScorer(options, new LiveRows(options.keep), new GrowableColumn());
  const recent = new RecentItems(events.userIds.length, options.window);
  for (let k = 0; k < events.items.length; k++) {
    const weight = events.weights[k]!;
    if (!(weight > 0)) continue;
    scorer.link(events.items[k]!, weight, recent.of(events.users[k]!));
    recent.push(events.users[k]!, events.items[k]!);
    if (k % 65_536 === 0) progress?.(k, events.items.length);
  }
  progress?.(events.items.length, events.items.length);
  const { indptr, targets, values } = scorer.counts.toCsr(events.itemIds.length);
  return { items: [...events.itemIds], indptr, targets, counts: values, totals: scorer.totals.toFloat32(events.itemIds.length) };
}

function scorer(snapshot: TransitionSnapshot | undefined, index: ItemIndex, options: TransitionOptions): TransitionScorer {
  if (snapshot === undefined) return new TransitionScorer(options, new LiveRows(options.keep), new GrowableColumn());
  const rowMap = joinItems(snapshot.items, index);
  const csr = { indptr: snapshot.indptr, targets: snapshot.targets, values: snapshot.counts };
  return new TransitionScorer(
    options,
    new LiveRows(options.keep, remapCsr(csr, rowMap, index.size)),
    new GrowableColumn(remapColumn(snapshot.totals, rowMap, index.size)),
  );
}

/**
 * What follows what: ordered first-order item-to-item counts, live. A fit is a replay of `observe` over the log, so
 * live and refitted counts are the same numbers as long as no row was cut. Time inside a second says nothing in many
 * logs; the window is what makes the counts robust to that.
 */
export const transition = {
  name: 'transition',
  defaults: { window: 10, linkDecay: 0.65, smoothing: 20, profileDecay: 0.8, profileItems: 10, keep: 256 },
  fit,
  scorer,
} satisfies Model<TransitionSnapshot, TransitionOptions>;

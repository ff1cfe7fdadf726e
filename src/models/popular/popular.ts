import { GrowableColumn } from '../growable-column';
import type { ItemIndex } from '../item-index';
import { joinItems } from '../join-items';
import type { Model, ObservedBehaviour, Scorer, ScoringQuery, Snapshot, TrainingEvents } from '../model';
import type { SparseScores } from '../sparse-scores';
import { TopList } from './top-list';

export const POPULARITY_WINDOWS = ['hour', 'day', 'week', 'all'] as const;
export type PopularityWindow = (typeof POPULARITY_WINDOWS)[number];

/** Half-life of a behaviour's weight in each window. */
export const HALF_LIFE_MS: Readonly<Record<PopularityWindow, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  all: Infinity,
};

export interface PopularOptions {
  /** The window that scores. @default 'all' */
  readonly window: PopularityWindow;
  /** Longest list of the best that is kept ready, for each window, of all items. @default 1_000 */
  readonly longest: number;
  /** The same for each category. @default 200 */
  readonly longestByCategory: number;
  /** Items that fewer users had when the model was fitted are not counted, nor counted live. @default 1 // all are */
  readonly minUsers: number;
}

export interface PopularSnapshot extends Snapshot {
  readonly items: readonly string[];
  /** [items] for each window: log2 of the decayed count at time 0; −Infinity: never. */
  readonly hour: Float64Array;
  readonly day: Float64Array;
  readonly week: Float64Array;
  readonly all: Float64Array;
}

/** An item and its decayed count as of the time asked for. */
export interface PopularItem {
  readonly row: number;
  readonly count: number;
}

/** log2(2^a + 2^b), exact where a or b alone would overflow. */
function addLog2(a: number, b: number): number {
  if (a === -Infinity) return b;
  const [high, low] = a > b ? [a, b] : [b, a];
  return high + Math.log2(1 + 2 ** (low - high));
}

/** The decayed counts of one window, and its best items ready in order, overall and by category. */
class WindowCounts {
  readonly overall: TopList;
  private readonly keys: GrowableColumn;
  private readonly byCategory = new Map<string, TopList>();

  constructor(
    private readonly halfLifeMs: number,
    private readonly options: PopularOptions,
    private readonly index: ItemIndex,
    keys: Float64Array,
  ) {
    this.keys = new GrowableColumn(keys, -Infinity);
    this.overall = new TopList(options.longest, index);
    const bestFirst = Uint32Array.from(keys.keys()).sort((a, b) => (keys[b] === keys[a] ? a - b : keys[b]! > keys[a]! ? 1 : -1));
    for (const row of bestFirst) this.overall.raise(row, keys[row]!);
  }

  /** Behaviour counts are kept as log2(Σ w · 2^(at / halfLife)): decay is then a matter of reading. */
  add(row: number, weight: number, at: number, categories: readonly string[]): void {
    const key = addLog2(this.keys.get(row), Math.log2(weight) + at / this.halfLifeMs);
    this.keys.set(row, key);
    this.overall.raise(row, key);
    for (const category of categories) this.byCategory.get(category)?.raise(row, key);
  }

  /** The list of a category, made from its `members` when first asked for. */
  ofCategory(category: string, members: Iterable<number>): TopList {
    const known = this.byCategory.get(category);
    if (known !== undefined) return known;
    const list = new TopList(this.options.longestByCategory, this.index);
    for (const row of members) list.raise(row, this.keys.get(row));
    this.byCategory.set(category, list);
    return list;
  }

  forget(category: string): void {
    this.byCategory.delete(category);
  }

  /** log2 of the decayed count at time 0; −Infinity: never counted. */
  keyOf(row: number): number {
    return this.keys.get(row);
  }

  countAt(key: number, now: number): number {
    return 2 ** (key - now / this.halfLifeMs);
  }
}

/**
 * score(i) = decayed count of i as a share of the most popular item's, for the most popular items only: who has no
 * history gets these. count(i) = Σ over behaviours of weight · 2^(−age / halfLife): forward decay (Cormode et al.,
 * ICDE 2009), so the order of items never changes by the mere passing of time, and late events need no special care.
 */
export class PopularScorer implements Scorer {
  readonly name = 'popular';
  private readonly windows: ReadonlyMap<PopularityWindow, WindowCounts>;
  private readonly categoriesOf = new Map<number, readonly string[]>();
  private readonly membersOf = new Map<string, Set<number>>();

  constructor(
    private readonly options: PopularOptions,
    index: ItemIndex,
    keysOf: (window: PopularityWindow) => Float64Array,
  ) {
    this.windows = new Map(
      POPULARITY_WINDOWS.map((window) => [window, new WindowCounts(HALF_LIFE_MS[window], options, index, keysOf(window))]),
    );
  }

  score(_query: ScoringQuery, into: SparseScores, limit: number): void {
    const { rows, keys, size } = this.windows.get(this.options.window)!.overall;
    const best = keys[0] ?? 0;
    for (let k = 0; k < Math.min(size, limit); k++) into.add(rows[k]!, Math.max(Number.MIN_VALUE, 2 ** (keys[k]! - best)));
  }

  observe({ row, weight, at }: ObservedBehaviour): void {
    if (!(weight > 0)) return;
    if (this.options.minUsers > 1 && this.logCountOf('all', row) === -Infinity) return; // no behaviour says how many users are behind it
    const categories = this.categoriesOf.get(row) ?? [];
    for (const counts of this.windows.values()) counts.add(row, weight, at, categories);
  }

  /** Says which categories an item is in now; an empty list takes it out of all. */
  setCategories(row: number, categories: readonly string[]): void {
    const before = this.categoriesOf.get(row) ?? [];
    const distinct = [...new Set(categories)];
    for (const category of before) {
      if (distinct.includes(category)) continue;
      this.membersOf.get(category)?.delete(row);
      this.forget(category);
    }
    for (const category of distinct) {
      if (before.includes(category)) continue;
      const members = this.membersOf.get(category);
      if (members === undefined) this.membersOf.set(category, new Set([row]));
      else members.add(row);
      this.forget(category);
    }
    this.categoriesOf.set(row, distinct);
  }

  /**
   * Most popular items of a window, of one category or of all, best first (ties: lower item id first); items never
   * counted are not in it. At most `longest` (`longestByCategory`) are known.
   */
  top(window: PopularityWindow, now: number, limit: number, category?: string): PopularItem[] {
    const counts = this.windows.get(window)!;
    const list = category === undefined ? counts.overall : counts.ofCategory(category, this.membersOf.get(category) ?? []);
    return Array.from({ length: Math.min(limit, list.size) }, (_, k) => ({
      row: list.rows[k]!,
      count: counts.countAt(list.keys[k]!, now),
    }));
  }

  /** log2 of an item's decayed count as of time 0 (now: less now / half-life of the window), where no decay can round it away; −Infinity: never. */
  logCountOf(window: PopularityWindow, row: number): number {
    return this.windows.get(window)!.keyOf(row);
  }

  private forget(category: string): void {
    for (const counts of this.windows.values()) counts.forget(category);
  }
}

/** [items] how many users had each item. */
function usersOfItems({ users, items, weights, itemIds }: TrainingEvents): Uint32Array {
  const had = itemIds.map(() => new Set<number>());
  for (let k = 0; k < items.length; k++) if (weights[k]! > 0) had[items[k]!]!.add(users[k]!);
  return Uint32Array.from(had, ({ size }) => size);
}

function fit(events: TrainingEvents, { minUsers }: PopularOptions, progress?: (done: number, total: number) => void): PopularSnapshot {
  const backing = minUsers > 1 ? usersOfItems(events) : undefined;
  const columns = POPULARITY_WINDOWS.map((window) => {
    const keys = new Float64Array(events.itemIds.length).fill(-Infinity);
    for (let k = 0; k < events.items.length; k++) {
      const weight = events.weights[k]!;
      if (!(weight > 0)) continue;
      const item = events.items[k]!;
      if (backing && backing[item]! < minUsers) continue;
      keys[item] = addLog2(keys[item]!, Math.log2(weight) + events.times[k]! / HALF_LIFE_MS[window]);
    }
    return keys;
  });
  progress?.(1, 1);
  return { items: [...events.itemIds], hour: columns[0]!, day: columns[1]!, week: columns[2]!, all: columns[3]! };
}

function scorer(snapshot: PopularSnapshot | undefined, index: ItemIndex, options: PopularOptions): PopularScorer {
  if (snapshot === undefined) return new PopularScorer(options, index, () => new Float64Array(0));
  const rowMap = joinItems(snapshot.items, index);
  return new PopularScorer(options, index, (window) => {
    const keys = new Float64Array(index.size).fill(-Infinity);
    rowMap.forEach((row, item) => (keys[row] = snapshot[window][item]!));
    return keys;
  });
}

/** What most people do, lately: exponentially decayed counts by window and category, live. */
export const popular = {
  name: 'popular',
  defaults: { window: 'all', longest: 1_000, longestByCategory: 200, minUsers: 1 },
  fit,
  scorer,
} satisfies Model<PopularSnapshot, PopularOptions>;

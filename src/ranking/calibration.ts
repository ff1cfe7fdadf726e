import type { Item } from '../catalogue/item';

/** Part of the history's distribution that is mixed into the list's, so that the divergence is finite. (Steck 2018, §3.) */
const SMOOTHING = 0.01;

/** Categories of an item of the history, and how much it counts; > 0. */
export interface WeightedCategories {
  readonly categories: readonly string[];
  readonly weight: number;
}

/**
 * What share of somebody's history each category has: Σ weight · (1 / number of the item's categories) / Σ weight, over the items that have any.
 * Sums to 1, or is empty.
 */
export function categoryShares(history: Iterable<WeightedCategories>): Map<string, number> {
  const shares = new Map<string, number>();
  let total = 0;
  for (const { categories, weight } of history) {
    if (categories.length === 0 || !(weight > 0)) continue;
    total += weight;
    for (const category of categories) shares.set(category, (shares.get(category) ?? 0) + weight / categories.length);
  }
  for (const [category, mass] of shares) shares.set(category, mass / total);
  return shares;
}

/**
 * How far a list that is being filled is from the categories of a history: KL(p ‖ q̃) in nats, q̃ = 0.99 q + 0.01 p, the list's items counting
 * the same. (Steck, Calibrated Recommendations, RecSys 2018, eq. 2–6.) Items without categories change nothing. `divergenceWith` costs one
 * logarithm or two for each category of the item that the history has.
 */
export class CalibratedList {
  private readonly numbers = new Map<string, number>();
  private readonly wanted: readonly number[];
  /** [categories] Σ over the list's items of 1 / number of the item's categories. */
  private readonly mass: Float64Array;
  /** Items on the list that have categories. */
  private length = 0;
  /** Divergence with one more item that has none of the categories of the history. */
  private withForeign: number;
  private readonly numbered = new WeakMap<Item, readonly number[]>();

  /** `wanted` sums to 1. @throws RangeError when it is empty: there is nothing to be calibrated to. */
  constructor(wanted: ReadonlyMap<string, number>) {
    if (wanted.size === 0) throw new RangeError('a history without categories cannot be calibrated to');
    for (const category of wanted.keys()) this.numbers.set(category, this.numbers.size);
    this.wanted = [...wanted.values()];
    this.mass = new Float64Array(this.wanted.length);
    this.withForeign = this.sum(1);
  }

  /** Of the list as it is; −ln 0.01 of an empty one. */
  get divergence(): number {
    return this.length === 0 ? -Math.log(SMOOTHING) : Math.max(0, this.sum(this.length));
  }

  /** Of the list with this item besides. */
  divergenceWith(item: Item): number {
    const own = item.categories.length;
    if (own === 0) return this.divergence;
    const length = this.length + 1;
    let divergence = this.withForeign;
    for (const category of this.categoriesOf(item)) {
      const held = this.mass[category]!;
      divergence += this.part(category, held + 1 / own, length) - this.part(category, held, length);
    }
    return Math.max(0, divergence); // rounding
  }

  take(item: Item): void {
    if (item.categories.length === 0) return;
    for (const category of this.categoriesOf(item)) this.mass[category]! += 1 / item.categories.length;
    this.length++;
    this.withForeign = this.sum(this.length + 1);
  }

  private sum(length: number): number {
    let divergence = 0;
    for (let category = 0; category < this.wanted.length; category++) divergence += this.part(category, this.mass[category]!, length);
    return divergence;
  }

  /** p · ln(p / q̃) of one category that holds `mass` of a list of `length` items. */
  private part(category: number, mass: number, length: number): number {
    const wanted = this.wanted[category]!;
    return wanted * Math.log(wanted / (((1 - SMOOTHING) * mass) / length + SMOOTHING * wanted));
  }

  private categoriesOf(item: Item): readonly number[] {
    let known = this.numbered.get(item);
    if (known === undefined) {
      known = item.categories.map((category) => this.numbers.get(category)).filter((number) => number !== undefined);
      this.numbered.set(item, known);
    }
    return known;
  }
}

import { seededRandom, type Random } from '../../platform/random';
import { pick } from '../draw';
import type { DemoCatalogue, DemoItem } from '../catalogue';
import { affinity, simulateShoppers, type Shopper } from '../shopper';

/** How people of the simulated shop behave; all of it is made up, and none of it is known to the recommender. */
export interface ReaderOptions {
  /** Chance of a click on the first place of an item that could not be liked more. */
  readonly clickChance: number;
  /** What a click, and what an impression adds to the boredom with a category. */
  readonly boredomOfClick: number;
  readonly boredomOfShown: number;
  /** Days in which boredom falls to 1/e. */
  readonly boredomDays: number;
  /** Chance that a session begins with another favourite than the one before. */
  readonly drift: number;
  /** Chance to leave after a list: always, after one without a click, and with a list that is boring all over. */
  readonly leave: { readonly base: number; readonly unanswered: number; readonly bored: number };
}

export const READER_DEFAULTS: ReaderOptions = {
  clickChance: 1,
  boredomOfClick: 0.4,
  boredomOfShown: 0.03,
  boredomDays: 2,
  drift: 0.1,
  leave: { base: 0.05, unanswered: 0.12, bored: 0.5 },
};

const DAY_MS = 86_400_000;
/** Liking of what belongs to no favourite: on a shelf next to one, and on others. */
const NEARBY = 0.35;
const ELSEWHERE = 0.08;

/** A person with tastes that drift, who gets bored with what they have had much of. */
export class Reader {
  /** Category → liking in (0, 1]; 1 is the favourite of the moment. */
  private readonly liking = new Map<string, number>();
  private readonly boredom = new Map<string, number>();
  private boredomAt = 0;
  private readonly random: Random;

  constructor(
    readonly shopper: Shopper,
    private readonly catalogue: DemoCatalogue,
    private readonly options: ReaderOptions,
    seed: number,
  ) {
    this.random = seededRandom(seed);
    shopper.favourites.forEach(({ category, share }) => this.liking.set(category, Math.sqrt(2 * share)));
  }

  get userId(): string {
    return this.shopper.userId;
  }

  /** Boredom fades, and sometimes a taste takes the place of another. */
  beginSession(at: number): void {
    const days = Math.max(0, at - this.boredomAt) / DAY_MS;
    this.boredomAt = at;
    for (const [category, value] of this.boredom) this.boredom.set(category, value * Math.exp(-days / this.options.boredomDays));
    if (this.random() >= this.options.drift) return;
    const old = pick(this.random, [...this.liking.keys()]);
    const value = this.liking.get(old)!;
    this.liking.delete(old);
    this.liking.set(pick(this.random, [...this.catalogue.byCategory.keys()]), value);
  }

  /** How much an item is wanted now, in [0, 1]: taste × what suits of brand, tag and price × e^(−boredom). */
  wants(item: DemoItem): number {
    const { category } = item.shelf;
    const taste = this.liking.get(category) ?? (this.isNearby(category) ? NEARBY : ELSEWHERE);
    return taste * Math.min(1, 0.4 + affinity(this.shopper, item) / 3) * Math.exp(-(this.boredom.get(category) ?? 0));
  }

  private isNearby(category: string): boolean {
    const department = category.slice(0, category.indexOf('/') + 1);
    return [...this.liking.keys()].some((liked) => liked.startsWith(department));
  }

  /** How boring an item is now, in [0, 1). */
  bores({ shelf }: DemoItem): number {
    return 1 - Math.exp(-(this.boredom.get(shelf.category) ?? 0));
  }

  tire({ shelf }: DemoItem, by: number): void {
    this.boredom.set(shelf.category, (this.boredom.get(shelf.category) ?? 0) + by);
  }
}

/** Readers `from` to `from + count − 1` of the shop, each with a life of their own. */
export function simulateReaders(
  catalogue: DemoCatalogue,
  {
    seed,
    from,
    count,
    options = READER_DEFAULTS,
  }: { readonly seed: number; readonly from: number; readonly count: number; readonly options?: ReaderOptions },
): Reader[] {
  return simulateShoppers(catalogue, seed, from + count)
    .slice(from)
    .map((shopper, k) => new Reader(shopper, catalogue, options, seed + 104_729 * (from + k + 1)));
}

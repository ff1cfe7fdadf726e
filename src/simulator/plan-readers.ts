import type { Item } from '../catalogue/item';
import { itemFacts } from '../content/creatives/item-facts';
import { PLAN_ATTRIBUTES, PLAN_OFFSETS, PLAN_SIZES, PLAN_SPACE, PLAN_WIDTH, type PlanIndices } from '../content/creatives/plan';
import { contextOf, segmentOf, tasteOf, TASTE_WIDTH } from '../content/creatives/taste';
import type { EpochMs } from '../platform/clock';
import { gaussian, seededRandom, type Random } from '../platform/random';
import { simulateCatalogue } from './catalogue';
import { pick, pickWeighted } from './draw';
import { simulateShoppers } from './shopper';

/** Ways to like plans that readers mix, each with its own liking of every value of every attribute. */
const STYLES = 5;
/** Spread of these likings, in units of log-odds. */
const LIKING = 0.25;
/** Log-odds of a click on a plan that is neither liked nor disliked: about 8 %. */
const BASE = -2.4;
/** How much taste decides the style: 0, not at all. */
const CONTRAST = 3;

/** One impression to be filled: a reader before an item. */
export interface PlanOccasion {
  readonly reader: number;
  readonly segment: string;
  readonly context: readonly number[];
  /** Chance of a click with a plan, known to the simulator only. */
  readonly clickRate: (indices: PlanIndices) => number;
  /** The highest of these chances over all plans. */
  readonly bestRate: () => number;
}

/** An item as far as plans go. */
interface Shown {
  readonly shelf: string;
  /** Whether each value of each attribute is seen on it. */
  readonly named: readonly boolean[];
  /** The context with nobody's taste. */
  readonly context: readonly number[];
}

interface PlanReader {
  readonly taste: Float32Array;
  readonly segment: string;
  /** Log-odds that each value of each attribute adds. */
  readonly likings: Float64Array;
  readonly favourites: readonly { readonly category: string; readonly share: number }[];
}

/**
 * Shoppers of the demo shop with known preferences over plans: each mixes five styles of liking by a softmax of their taste, so that what a reader likes can be
 * learnt from the taste and from nothing else. Likings add up in log-odds; what an item lacks is not named, and adds nothing. A pure function of the seed.
 */
export class PlanAudience {
  private readonly readers: readonly PlanReader[];
  private readonly shelves: ReadonlyMap<string, readonly Shown[]>;
  private readonly all: readonly Shown[];

  constructor(seed: number, now: EpochMs, { readers = 2000, items = 600 }: { readonly readers?: number; readonly items?: number } = {}) {
    const random = seededRandom(seed ^ 0x51de);
    const shop = simulateCatalogue(seed, items, now);
    this.all = shop.items.map(({ item: { categories = [], tags = [], ...rest } }) => {
      const item: Item = { ...rest, categories, tags, hidden: false, promoted: false, version: 1 };
      return { shelf: categories.at(-1)!, named: namedValues(item), context: [...contextOf([], item, now)] };
    });
    const shelves = new Map<string, Shown[]>();
    for (const item of this.all) shelves.set(item.shelf, [...(shelves.get(item.shelf) ?? []), item]);
    this.shelves = shelves;
    const styles = Array.from({ length: STYLES }, () => Float64Array.from({ length: PLAN_WIDTH }, () => LIKING * gaussian(random)));
    const leanings = Array.from({ length: STYLES }, () => Float64Array.from({ length: TASTE_WIDTH }, () => gaussian(random)));
    this.readers = simulateShoppers(shop, seed, readers).map(({ favourites }) => {
      const taste = tasteOf({ short: favourites.map(({ category, share }) => ({ topic: `c:${category}`, value: share })), long: [] });
      const pulls = leanings.map((leaning) => Math.exp(CONTRAST * leaning.reduce((sum, weight, k) => sum + weight * taste[k]!, 0)));
      const total = pulls.reduce((sum, pull) => sum + pull, 0);
      const likings = Float64Array.from({ length: PLAN_WIDTH }, (_, k) =>
        styles.reduce((sum, style, s) => sum + (pulls[s]! / total) * style[k]!, 0),
      );
      return { taste, segment: segmentOf(taste), likings, favourites };
    });
  }

  /** A reader, all equally likely, before an item of a shelf they like or of any. */
  next(random: Random): PlanOccasion {
    const number = Math.floor(random() * this.readers.length);
    const { taste, segment, likings, favourites } = this.readers[number]!;
    const shelf = pickWeighted(random, favourites, ({ share }) => share);
    const { named, context: ofItem } = pick(random, (random() < 0.8 && shelf ? this.shelves.get(shelf.category) : undefined) ?? this.all);
    const context = ofItem.slice();
    for (let k = 0; k < TASTE_WIDTH; k++) context[k] = taste[k]!;
    const liked = (place: number): number => (named[place] ? likings[place]! : 0);
    const clickRate = (indices: PlanIndices): number =>
      chance(indices.reduce((sum, value, k) => sum + liked(PLAN_OFFSETS[k]! + value), BASE));
    return { reader: number, segment, context, clickRate, bestRate: () => chance(BASE + mostLiked(liked)) };
  }
}

const mostLiked = (liked: (place: number) => number): number =>
  PLAN_SIZES.reduce((sum, size, k) => sum + Math.max(...Array.from({ length: size }, (_, value) => liked(PLAN_OFFSETS[k]! + value))), 0);

const chance = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Whether each value of each attribute is seen on an item: facts that it lacks are left out by whoever renders. */
function namedValues(item: Item): boolean[] {
  const { price, stock, publishedAt, category, description } = itemFacts(item);
  const absent = new Set([
    ...(price ? [] : ['price']),
    ...(stock === undefined ? ['stock'] : []),
    ...(publishedAt === undefined ? ['date'] : []),
    ...(category === undefined ? ['category'] : []),
    ...(description === undefined ? ['long'] : []),
  ]);
  return PLAN_ATTRIBUTES.flatMap((attribute) => PLAN_SPACE[attribute].map((value) => !absent.has(value)));
}

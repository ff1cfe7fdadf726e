import { gaussian, seededRandom } from '../platform/random';
import type { DemoCatalogue, DemoItem } from './catalogue';
import { pick, pickWeighted, sampleWeighted } from './draw';
import { BRANDS, SHELVES } from './taxonomy';

/** Shares of a shopper's attention that the favourites get; the rest goes to whatever is popular. */
const FAVOURITE_SHARES = [0.5, 0.25, 0.13];

/** A person of the demo shop, and the taste that the recommender is to find out. */
export interface Shopper {
  readonly userId: string;
  /** Two or three shelves, the favourite first, with their shares of attention; the shares sum to less than 1. */
  readonly favourites: readonly { readonly category: string; readonly share: number }[];
  readonly brand: string;
  readonly tag: string;
  /** Where on the price scale of a shelf this shopper feels at home, in standard deviations. */
  readonly priceZ: number;
  /** Mean number of sessions in 30 days. */
  readonly sessionsPerMonth: number;
}

/** `count` shoppers, `user-1` to `user-<count>`: a pure function of catalogue, seed and number; the first ones do not change when more are asked for. */
export function simulateShoppers(catalogue: DemoCatalogue, seed: number, count: number): Shopper[] {
  const random = seededRandom(seed ^ 0x5b0bb3);
  const categories = [...catalogue.byCategory.keys()];
  return Array.from({ length: count }, (_, k) => {
    const first = pick(random, categories);
    const [department] = first.split('/');
    // Tastes lean to one department: three in four further favourites are found next to the first.
    const others = sampleWeighted(
      random,
      categories.filter((category) => category !== first),
      random() < 0.5 ? 1 : 2,
      (category) => (category.startsWith(`${department}/`) ? 24 : 1),
    );
    const favourites = [first, ...others].map((category, rank) => ({ category, share: FAVOURITE_SHARES[rank]! }));
    const shelf = SHELVES.find(({ category }) => category === first)!;
    return {
      userId: `user-${k + 1}`,
      favourites,
      brand: pick(random, BRANDS)
        .toLowerCase()
        .replace(/[^a-z]+/g, '-'),
      tag: pick(random, shelf.tags),
      priceZ: 0.9 * gaussian(random),
      // The first one is the person of the guided tour: a regular.
      sessionsPerMonth: Math.min(30, Math.max(k === 0 ? 6 : 0, 1.6 * Math.exp(0.8 * gaussian(random)))),
    };
  });
}

/** How well an item suits a shopper, > 0; 1 is neutral. Price (a bell around the shopper's own level) times brand times tag. */
export function affinity({ priceZ, brand, tag }: Shopper, { item, priceZ: itemZ, brand: itemBrand }: DemoItem): number {
  const price = 0.1 + 1.5 * Math.exp(-0.5 * ((itemZ - priceZ) / 0.7) ** 2);
  return price * (itemBrand === brand ? 2.5 : 1) * (item.tags?.includes(tag) ? 1.6 : 1);
}

/** The shelf that a shopper turns to, in season more often; undefined: none in particular. */
export function chooseShelf(shopper: Shopper, random: () => number, seasonOf: (category: string) => number): string | undefined {
  const shares: { readonly category: string | undefined; readonly weight: number }[] = shopper.favourites.map(({ category, share }) => ({
    category,
    weight: share * seasonOf(category),
  }));
  shares.push({ category: undefined, weight: 1 - shopper.favourites.reduce((sum, { share }) => sum + share, 0) });
  return pickWeighted(random, shares, ({ weight }) => weight)?.category;
}

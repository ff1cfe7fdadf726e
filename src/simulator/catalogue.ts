import type { NewItem } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import { gaussian, seededRandom, type Random } from '../platform/random';
import { shuffled } from '../platform/shuffle';
import { pick, sampleWeighted } from './draw';
import { BRANDS, FINISHES, SHELVES, STYLES, type Shelf } from './taxonomy';

const DAY_MS = 86_400_000;
const SELLERS = 24;
const COMPANIONS = 3;
/** Companions are looked for among so many draws, so that a large catalogue costs no more for each item. */
const COMPANION_DRAWS = 40;
const POPULAR = 150;

/** An item of the demo shop and what the simulator alone knows of it. */
export interface DemoItem {
  readonly item: NewItem & { readonly price: number };
  readonly shelf: Shelf;
  readonly brand: string;
  /** Chance to be shown relative to other items: Zipf-like, > 0. */
  readonly popularity: number;
  /** Dearness on its shelf: standard deviations of ln(price) from the median. */
  readonly priceZ: number;
}

/** The demo shop: items, and which items are looked at after which. */
export interface DemoCatalogue {
  readonly items: readonly DemoItem[];
  /** The most popular items, best first. */
  readonly popular: readonly DemoItem[];
  readonly byCategory: ReadonlyMap<string, readonly DemoItem[]>;
  /** Item id → the few items that go with it, strongest first: where transitions come from. */
  readonly companions: ReadonlyMap<string, readonly DemoItem[]>;
}

/**
 * The demo shop of `size` items: a pure function of its arguments. Titles are unique.
 * @param asOf when it is now: items get a `publishedAt` in the two years before; absent: none.
 */
export function simulateCatalogue(seed: number, size: number, asOf?: EpochMs): DemoCatalogue {
  const random = seededRandom(seed);
  const ranks = shuffled(Array(size).keys(), random);
  const titles = new Set<string>();
  const items = ranks.map((rank, k) => simulateItem(random, { k, shelf: SHELVES[k % SHELVES.length]!, rank, titles, asOf }));
  return {
    items,
    popular: [...items].sort((a, b) => b.popularity - a.popularity).slice(0, POPULAR),
    byCategory: groupBy(items, ({ shelf }) => shelf.category),
    companions: findCompanions(random, items),
  };
}

interface ItemPlan {
  readonly k: number;
  readonly shelf: Shelf;
  readonly rank: number;
  readonly titles: Set<string>;
  readonly asOf: EpochMs | undefined;
}

function simulateItem(random: Random, { k, shelf, rank, titles, asOf }: ItemPlan): DemoItem {
  const [department = ''] = shelf.category.split('/');
  const brand = pick(random, BRANDS);
  const noun = shelf.nouns[Math.floor(random() * shelf.nouns.length)]!;
  const title = uniqueTitle(random, titles, department === 'books' ? `The ${noun}` : `${brand} ${pick(random, STYLES)} ${noun}`);
  const priceZ = gaussian(random);
  const price = tidyPrice(shelf.medianPrice * Math.exp(shelf.sigma * priceZ));
  const tags = [slug(brand), ...shelf.tags.filter(() => random() < 0.6)];
  const soldOut = random() < 0.02;
  const stock = soldOut ? 0 : 5 + Math.floor(random() * 195);
  const age = asOf === undefined ? undefined : Math.floor(random() * 730 * DAY_MS);
  return {
    item: {
      id: `item-${String(k + 1).padStart(4, '0')}`,
      title,
      categories: [department, shelf.category],
      tags,
      text: describe(random, { title, department, tags, shelf }),
      price,
      currency: 'EUR',
      stock,
      sellerId: `seller-${1 + Math.floor(random() * SELLERS)}`,
      ...(asOf === undefined || age === undefined ? {} : { publishedAt: asOf - age }),
    },
    shelf,
    brand: slug(brand),
    popularity: 1 / (rank + 5) ** 0.8,
    priceZ,
  };
}

function uniqueTitle(random: Random, titles: Set<string>, stem: string): string {
  let title = stem;
  const finishes = shuffled(FINISHES, random);
  for (let k = 0; titles.has(title); k++) {
    const finish = finishes[k % finishes.length]!;
    title = k < finishes.length ? `${stem}, ${finish}` : `${stem}, ${finish} No. ${1 + Math.floor(k / finishes.length)}`;
  }
  titles.add(title);
  return title;
}

/** Ends in .95 or .50, never below one euro. */
const tidyPrice = (euros: number): number => Math.max(1, Math.floor(euros)) + (euros < 10 ? 0.5 : 0.95);
const slug = (name: string): string => name.toLowerCase().replace(/[^a-z]+/g, '-');

interface Description {
  readonly title: string;
  readonly department: string;
  readonly tags: readonly string[];
  readonly shelf: Shelf;
}

function describe(random: Random, { title, department, tags, shelf }: Description): string {
  const opening = `${title}${pick(random, [', made for daily use', ', a favourite of our buyers', ', made in small batches', ''])}.`;
  const place = shelf.category.split('/')[1]!.replace('-', ' ');
  const traits = tags.slice(1).map((tag) => tag.replace('-', ' '));
  const middle =
    traits.length === 0 ? `Chosen for our ${place} shelf.` : `Chosen for our ${place} shelf because it is ${traits.join(', ')}.`;
  return `${opening} ${middle} ${pick(random, [`Part of ${department}.`, 'Repairable, with spare parts.', 'Sent in plain cardboard.', 'Two-year guarantee.'])}`;
}

/** Companions are other shelves' items of one department (a kettle goes with cups, not with another kettle), the popular ones more often. */
function findCompanions(random: Random, items: readonly DemoItem[]): Map<string, DemoItem[]> {
  const departmentOf = ({ shelf }: DemoItem): string => shelf.category.split('/')[0]!;
  const byDepartment = groupBy(items, departmentOf);
  return new Map(
    items.map((item) => {
      const department = byDepartment.get(departmentOf(item))!;
      const drawn = new Set(Array.from({ length: COMPANION_DRAWS }, () => pick(random, department)));
      const others = [...drawn].filter(({ shelf }) => shelf !== item.shelf);
      return [
        item.item.id,
        sampleWeighted(random, others, COMPANIONS, ({ popularity, brand }) => popularity * (brand === item.brand ? 4 : 1)),
      ];
    }),
  );
}

function groupBy(items: readonly DemoItem[], keyOf: (item: DemoItem) => string): Map<string, DemoItem[]> {
  const groups = new Map<string, DemoItem[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

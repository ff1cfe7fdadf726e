import type { Item } from '../../catalogue/item';
import { ItemIndex } from '../../models/item-index';
import { gaussian, seededRandom, type Random } from '../../platform/random';
import { simulateCatalogue, type DemoItem } from '../../simulator/catalogue';
import { simulateHistory } from '../../simulator/history';
import { toEventTable, type EventTable } from '../event-table';

const ITEMS = 600;
const SHOPPERS = 1_500;
const DAYS = 60;
const END_AT = Date.parse('2026-03-01T00:00:00Z');
/** Numbers of a drawn vector, and how much noise each has beside a signal of about 1. */
const WIDTH = 32;
const NOISE = 0.5;
/** Share of the items that have a picture, or a sound. */
const HAVE = 0.8;
/** Behaviours that say that somebody had an item. */
const COUNTED: ReadonlySet<string> = new Set(['view', 'click', 'add_to_cart', 'purchase']);

/** The demo shop with drawn pictures and sounds, and what its shoppers did: a pure function of the seed. */
export function simulatedMedia(seed: number): { readonly table: EventTable; readonly catalogue: readonly Item[] } {
  const shop = simulateCatalogue(seed, ITEMS);
  const random = seededRandom(seed + 1);
  const directions = new Map<string, Float64Array>();
  const catalogue = shop.items.map((demo): Item => {
    const vectors = {
      ...(random() < HAVE && { image: drawn(random, [directionOf(directions, demo.shelf.category, random)], demo.priceZ) }),
      ...(random() < HAVE && { audio: drawn(random, [directionOf(directions, `brand ${demo.brand}`, random)], 0) }),
    };
    return { ...base(demo), vectors };
  });
  const index = new ItemIndex();
  for (const { id } of catalogue) index.intern(id);
  const history = simulateHistory(shop, { seed, users: SHOPPERS, days: DAYS, endAt: END_AT });
  const behaviours = history.flatMap(({ userId, itemId, type, at }) =>
    itemId === undefined || !COUNTED.has(type) ? [] : [{ userId, itemId, type, at }],
  );
  return { table: toEventTable(behaviours, index), catalogue };
}

const base = ({ item }: DemoItem): Item => ({ categories: [], tags: [], hidden: false, promoted: false, version: 1, ...item });

function directionOf(known: Map<string, Float64Array>, name: string, random: Random): Float64Array {
  const direction = known.get(name) ?? Float64Array.from({ length: WIDTH }, () => gaussian(random));
  known.set(name, direction);
  return direction;
}

function drawn(random: Random, parts: readonly Float64Array[], first: number): number[] {
  return Array.from({ length: WIDTH }, (_, a) => {
    const signal = parts.reduce((sum, part) => sum + part[a]!, 0);
    return signal + (a === 0 ? first : 0) + NOISE * gaussian(random);
  });
}

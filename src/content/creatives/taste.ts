import type { Item } from '../../catalogue/item';
import type { EpochMs } from '../../platform/clock';
import type { Interest } from '../../profile/profile';
import { itemFacts } from './item-facts';

/** Numbers of a reader's taste. */
export const TASTE_WIDTH = 8;
/** Numbers of what a plan is chosen by: the taste, facts of the item, its department. */
export const CONTEXT_WIDTH = TASTE_WIDTH + 6 + TASTE_WIDTH;

const DAY_MS = 86_400_000;

/** One of TASTE_WIDTH places for a topic, by its department (`c:garden/pots` → `garden`): FNV-1a, so the same on every machine. */
function placeOf(topic: string): number {
  const name = topic.replace(/^[ct]:/u, '').split('/')[0]!;
  let hash = 0x811c9dc5;
  for (let k = 0; k < name.length; k++) hash = Math.imul(hash ^ name.charCodeAt(k), 0x01000193) >>> 0;
  return hash % TASTE_WIDTH;
}

/**
 * A reader's taste: live interests in categories summed by department into TASTE_WIDTH places, at length 1; all 0 for a reader of whom nothing is
 * known. Departments that share a place share it everywhere.
 */
export function tasteOf(interests: { readonly short: readonly Interest[]; readonly long: readonly Interest[] }): Float32Array {
  const taste = new Float32Array(TASTE_WIDTH);
  for (const { topic, value } of [...interests.short, ...interests.long]) if (topic.startsWith('c:')) taste[placeOf(topic)]! += value;
  const length = Math.sqrt(taste.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? taste.map((value) => value / length) : taste;
}

/** The segment of a taste, `new` or `t0` … `t7` by its strongest place (ties: the first): readers of one segment share what a bandit learns. */
export function segmentOf(taste: ArrayLike<number>): string {
  let best = -1;
  for (let k = 0; k < taste.length; k++) if (taste[k]! > (best < 0 ? 0 : taste[best]!)) best = k;
  return best < 0 ? 'new' : `t${best}`;
}

/** What a plan is chosen by: taste, then of the item whether it has a price, how dear it is, whether it has few left, its age, a description, then its department. */
export function contextOf(taste: ArrayLike<number>, item: Item, now: EpochMs): Float32Array {
  const { price, stock, publishedAt, description } = itemFacts(item);
  const context = new Float32Array(CONTEXT_WIDTH);
  for (let k = 0; k < TASTE_WIDTH; k++) context[k] = taste[k] ?? 0;
  const ageDays = publishedAt === undefined ? undefined : Math.max(0, now - publishedAt) / DAY_MS;
  context.set(
    [
      price ? 1 : 0,
      price ? Math.min(1, Math.log10(1 + price.amount) / 4) : 0,
      stock === undefined ? 0 : 1 / (1 + stock / 10),
      ageDays === undefined ? 0 : 1 / (1 + ageDays / 7),
      description === undefined ? 0 : 1,
      1,
    ],
    TASTE_WIDTH,
  );
  const [department] = item.categories;
  if (department !== undefined) context[TASTE_WIDTH + 6 + placeOf(department)] = 1;
  return context;
}

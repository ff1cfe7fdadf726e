import type { NewItem } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import type { PresetName } from '../tenants/presets';
import { simulateCatalogue, type DemoCatalogue } from './catalogue';
import { simulateCommunity } from './community';
import { simulateMembers } from './community-members';
import { simulateHistory } from './history';
import { simulateReading } from './newsreaders';
import { simulateNewsroom } from './newsroom';
import type { SimulatedBehaviour } from './visit';

export interface DomainOptions {
  readonly seed: number;
  /** When it is now: nothing is later. */
  readonly now: EpochMs;
  /** @default by preset: 1,000, 1,500, 2,500 */
  readonly items?: number;
  /** @default 500 */
  readonly users?: number;
  /** @default by preset: 90, 14, 21 */
  readonly days?: number;
}

/** A catalogue and what was done with it. */
export interface Simulation {
  readonly items: readonly NewItem[];
  /** By time. */
  readonly history: readonly SimulatedBehaviour[];
}

/** What a demo of a preset is called, and where its lists are shown first. */
export const DEMOS: Readonly<
  Record<
    PresetName,
    {
      readonly title: string;
      readonly surface: string;
      readonly items: number;
      readonly days: number;
      readonly itemId: (count: number) => string;
    }
  >
> = {
  shop: { title: 'the demo shop', surface: 'home', items: 1_000, days: 90, itemId: () => 'item-0001' },
  // The last is the newest.
  news: {
    title: 'the demo newspaper',
    surface: 'home',
    items: 1_500,
    days: 14,
    itemId: (count) => `article-${String(count).padStart(4, '0')}`,
  },
  social: {
    title: 'the demo network',
    surface: 'feed',
    items: 2_500,
    days: 21,
    itemId: (count) => `post-${String(count).padStart(4, '0')}`,
  },
};

/** The demo of a preset: its catalogue and weeks of behaviour. A pure function of its arguments; users are `user-1` … */
export function simulateDomain(preset: PresetName, { seed, now, users = 500, ...rest }: DomainOptions): Simulation {
  const { items: size = DEMOS[preset].items, days = DEMOS[preset].days } = rest;
  const whole = { seed, size, days, endAt: now };
  const history = { seed, users, days, endAt: now };
  if (preset === 'news') {
    const newsroom = simulateNewsroom(whole);
    return { items: newsroom.articles.map(({ item }) => item), history: simulateReading(newsroom, history) };
  }
  if (preset === 'social') {
    const community = simulateCommunity(whole);
    return { items: community.posts.map(({ item }) => item), history: simulateMembers(community, history) };
  }
  const shop = simulateCatalogue(seed, size, now);
  return { items: [...shop.items.map(({ item }) => item), ...bundlesOf(shop)], history: simulateHistory(shop, history) };
}

const BUNDLES = 20;

/** Popular items with the one that goes best with each, a tenth cheaper together; nobody has had one yet. */
function bundlesOf({ popular, companions }: DemoCatalogue): NewItem[] {
  return popular.slice(0, BUNDLES).flatMap(({ item, shelf }, k) => {
    const mate = companions.get(item.id)?.[0]?.item;
    if (mate === undefined) return [];
    return {
      id: `bundle-${String(k + 1).padStart(2, '0')}`,
      title: `${item.title} with ${mate.title}`,
      categories: [shelf.category.split('/')[0]!, shelf.category],
      tags: ['bundle'],
      price: Math.round(90 * (item.price + mate.price)) / 100,
      currency: 'EUR',
      parts: [item.id, mate.id],
    };
  });
}

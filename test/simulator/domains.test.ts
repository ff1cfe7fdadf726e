import { behaviourSettings } from '../../src/behaviour/behaviour-settings';
import { newItem } from '../../src/catalogue/item-schema';
import { simulateCommunity } from '../../src/simulator/community';
import { simulateDomain, type Simulation } from '../../src/simulator/simulate-domain';
import { simulateNewsroom } from '../../src/simulator/newsroom';
import { PRESET_SETTINGS, PRESETS } from '../../src/tenants/presets';

const HOUR = 3_600_000;
const now = Date.UTC(2025, 5, 15);
const small = { seed: 3, now, users: 60 };
const simulations = new Map(PRESETS.map((preset) => [preset, simulateDomain(preset, { ...small, items: preset === 'news' ? 1500 : 600 })]));
const { history: reading, items: articles } = simulations.get('news')!;
const { history: scrolling, items: posts } = simulations.get('social')!;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
const byId = ({ items }: Simulation) => new Map(items.map((item) => [item.id, item]));

describe.each(PRESETS)('the simulator of %s', (preset) => {
  const { items, history } = simulations.get(preset)!;

  it('is the same for the same seed and another for another', () => {
    const tiny = { now, users: 5, items: 60, days: 7 };
    expect(simulateDomain(preset, { ...tiny, seed: 1 })).toEqual(simulateDomain(preset, { ...tiny, seed: 1 }));
    expect(simulateDomain(preset, { ...tiny, seed: 1 }).history).not.toEqual(simulateDomain(preset, { ...tiny, seed: 2 }).history);
  });

  it('makes items and behaviours that a tenant of the preset takes, in time order, with unique ids', () => {
    for (const item of items) expect(newItem.safeParse(item).error).toBeUndefined();
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    const { types } = behaviourSettings.parse(PRESET_SETTINGS[preset].behaviour);
    expect(history.filter(({ type }) => types[type] === undefined)).toEqual([]);
    expect(new Set(history.map(({ id }) => id)).size).toBe(history.length);
    expect(history.every(({ at }, k) => k === 0 || at >= history[k - 1]!.at)).toBe(true);
    expect(history.at(-1)!.at).toBeLessThanOrEqual(now);
  });

  it('does nothing to an item before it is there or after it has expired', () => {
    const known = byId({ items, history });
    for (const { itemId, at } of history) {
      if (itemId === undefined) continue;
      expect(known.get(itemId)!.publishedAt! <= at && (known.get(itemId)!.expiresAt ?? Infinity) > at).toBe(true);
    }
  });
});

describe('the demo newspaper', () => {
  const known = byId({ items: articles, history: [] });
  const views = reading.filter(({ type }) => type === 'view').map(({ itemId, at, userId }) => ({ item: known.get(itemId!)!, at, userId }));

  it('is read while it is fresh: half of what is read is less than half a day old', () => {
    const ages = views.map(({ item, at }) => (at - item.publishedAt!) / HOUR).sort((a, b) => a - b);
    expect(ages[Math.floor(ages.length / 2)]!).toBeLessThan(12);
  });

  it('has stories that several papers tell, and breaking ones that are read more', () => {
    const { articles: all } = simulateNewsroom({ seed: 3, size: 3000, days: 60, endAt: now });
    const tellers = new Map<string, Set<string>>();
    for (const { item } of all) tellers.set(item.threadId, (tellers.get(item.threadId) ?? new Set()).add(item.sellerId));
    expect(Math.max(...[...tellers.values()].map(({ size }) => size))).toBeGreaterThanOrEqual(3);
    const importance = (breaking: boolean): number =>
      mean(all.filter(({ item }) => item.tags!.includes('breaking') === breaking).map((article) => article.importance));
    expect(importance(true)).toBeGreaterThan(2 * importance(false));
  });

  it('has readers of a section: the most read one of a reader gets far more than a sixth', () => {
    const shares = [...new Set(views.map(({ userId }) => userId))].map((user) => {
      const own = views.filter(({ userId }) => userId === user).map(({ item }) => item.categories![0]!);
      return Math.max(...[...new Set(own)].map((section) => own.filter((one) => one === section).length / own.length));
    });
    expect(mean(shares)).toBeGreaterThan(0.4);
  });
});

describe('the demo network', () => {
  const known = byId({ items: posts, history: [] });

  it('has members who follow authors first and then see their posts far more often than chance', () => {
    const follows = new Map<string, Set<string>>();
    let seen = 0;
    let byFollowed = 0;
    for (const { type, userId, target, itemId } of scrolling) {
      if (type === 'follow') follows.set(userId, (follows.get(userId) ?? new Set()).add(target!));
      if (type !== 'view') continue;
      seen++;
      byFollowed += Number(follows.get(userId)!.has(known.get(itemId!)!.sellerId!));
    }
    expect(byFollowed / seen).toBeGreaterThan(0.5); // some ten of 120 authors
  });

  it('has conversations: replies in the thread of what they reply to, later, on the same topic', () => {
    const { posts: all } = simulateCommunity({ seed: 3, size: 600, days: 21, endAt: now });
    const replies = all.filter(({ item }) => item.title.startsWith('Re: '));
    expect(replies.length).toBeGreaterThan(100);
    for (const { item, topic } of replies) {
      const root = all.find((post) => post.item.threadId === item.threadId)!;
      expect([root.topic, root.item.publishedAt <= item.publishedAt, root.item.title.startsWith('Re:')]).toEqual([topic, true, false]);
    }
  });
});

describe('the demo shop', () => {
  it('has bundles of two parts that are there, cheaper together', () => {
    const { items } = simulations.get('shop')!;
    const known = byId({ items, history: [] });
    const bundles = items.filter(({ parts }) => parts !== undefined);
    expect(bundles).toHaveLength(20);
    for (const { parts, price } of bundles) {
      const sum = parts!.reduce((total, part) => total + known.get(part)!.price!, 0);
      expect([parts!.length, price! < sum]).toEqual([2, true]);
    }
  });
});

import type { Item } from '../../../src/catalogue/item';
import type { Profile } from '../../../src/profile/profile';
import { CatalogueLinks } from '../../../src/ranking/domain/catalogue-links';
import { rank, type RankedList } from '../../../src/ranking/rank';
import { aCatalogue, anItem, aProfile, aSurface, fixedScorer, indexOf, near, NOW, recentOf, someModels } from '../fixtures';

const HOUR = 3_600_000;

interface Given {
  readonly items: readonly Item[];
  readonly scores: Readonly<Record<string, number>>;
  readonly rules: object;
  readonly profile?: Partial<Profile>;
  readonly size?: number;
}

/** The list of a user who has had `h`, whose only model scores so. */
function listOf({ items, scores, rules, profile = {}, size = 3 }: Given): RankedList {
  const all = [...items, anItem('h')];
  const index = indexOf(all.map(({ id }) => id));
  const links = new CatalogueLinks({ authors: true });
  for (const item of all) links.put(item, true);
  const newest = [...all].sort((a, b) => (b.publishedAt ?? 0) - (a.publishedAt ?? 0)).map(({ id }) => id);
  return rank({
    profile: aProfile({ recent: recentOf({ itemId: 'h', type: 'add_to_cart', weight: 0.5 }), ...profile }),
    models: someModels(index, [fixedScorer('item-knn', index, scores)], { links, newest: (_now, limit) => newest.slice(0, limit) }),
    catalogue: aCatalogue(all),
    surface: aSurface({ rules, size }),
    now: NOW,
  });
}
const ids = ({ items }: RankedList): string[] => items.map(({ itemId }) => itemId);

describe('freshness', () => {
  const items = [
    anItem('old', { publishedAt: NOW - 4 * HOUR }),
    anItem('new', { publishedAt: NOW }),
    anItem('undated'),
    anItem('ahead', { publishedAt: NOW + HOUR }),
  ];
  const scores = { old: 8, new: 1, undated: 3, ahead: 1.25 };

  it('halves scores with every half-life of age, and counts what has no date as one half-life old', () => {
    const list = listOf({ items, scores, rules: { freshnessHalfLifeMs: HOUR }, size: 4 });
    expect(ids(list)).toEqual(['undated', 'ahead', 'new', 'old']);
    expect(list.items.map(({ score }) => score)).toEqual([1.5, 1.25, 1, 0.5].map((score) => near(score / 8)));
    expect(list.fallback.name).toBe('hybrid');
  });

  it('does nothing where no surface asks for it', () =>
    expect(ids(listOf({ items, scores, rules: {}, size: 4 }))).toEqual(['old', 'undated', 'ahead', 'new']));
});

describe('breaking items', () => {
  const items = [
    anItem('quake', { tags: ['breaking'], publishedAt: NOW - HOUR, categories: ['world'], sellerId: 's' }),
    anItem('vote', { tags: ['breaking'], publishedAt: NOW - 2 * HOUR, categories: ['world'], sellerId: 't', promoted: true }),
    anItem('flood', { tags: ['breaking'], publishedAt: NOW - 2 * HOUR - 1 }),
    anItem('a', { publishedAt: NOW - 5 * HOUR, categories: ['world'], sellerId: 's' }),
    anItem('b', { publishedAt: NOW - 6 * HOUR }),
  ];
  const scores = { a: 3, b: 2, flood: 1 };

  it('stand at the top for their time, newest first, flagged and with the best score', () => {
    const list = listOf({ items, scores, rules: { breaking: { forMs: 2 * HOUR } }, size: 4 });
    expect(ids(list)).toEqual(['quake', 'vote', 'a', 'b']);
    expect(list.items.map(({ flags }) => flags)).toEqual([['breaking'], ['breaking', 'promoted'], [], []]);
    expect(list.items[0]).toMatchObject({ score: near(1), sources: [], reason: { code: 'new' } });
    expect(list.fallback).toEqual({ level: 0, name: 'hybrid' });
  });

  it('are at most so many, keep the rules and count for the caps', () => {
    expect(ids(listOf({ items, scores, rules: { breaking: { most: 1 } } }))).toEqual(['quake', 'a', 'b']);
    expect(ids(listOf({ items, scores, rules: { breaking: {}, maxPerSeller: 1 } }))).toEqual(['quake', 'vote', 'b']);
    expect(ids(listOf({ items, scores, rules: { breaking: {}, maxPerTopic: 1 } }))).toEqual(['quake', 'b', 'flood']);
    expect(ids(listOf({ items, scores, rules: { breaking: {} }, profile: { mutedTopics: ['c:world'] } }))[0]).toBe('b');
    expect(ids(listOf({ items, scores, rules: { breaking: { tag: 'alert' } } }))).toEqual(['a', 'b', 'flood']);
    expect(ids(listOf({ items, scores, rules: { breaking: {} }, size: 1 }))).toEqual(['quake']);
  });
});

describe('items of followed authors', () => {
  const items = [
    anItem('a', { sellerId: 'x' }),
    anItem('b', { sellerId: 'y' }),
    anItem('c', { sellerId: 'z' }),
    anItem('new', { sellerId: 'z', publishedAt: NOW }),
    anItem('day-old', { sellerId: 'z', publishedAt: NOW - 24 * HOUR }),
  ];
  const scores = { a: 10, b: 4, c: 1 };
  const follows = ['z', 'nobody'];

  it('become candidates, newer ones better, and say so; models keep their share where theirs is the larger part', () => {
    const list = listOf({ items, scores, rules: { followed: { weight: 0.5 } }, profile: { follows }, size: 5 });
    // new: 0 + .5; b: .4; c: .1 + .25 (undated: one half-life); day-old: .25
    expect(ids(list)).toEqual(['a', 'new', 'b', 'c', 'day-old']);
    expect(list.items.map(({ score }) => score)).toEqual([1, 0.5, 0.4, 0.35, 0.25].map((score) => near(score)));
    expect(list.items[1]).toMatchObject({ sources: [], reason: { code: 'followed', evidence: [] } });
    expect(list.items[3]).toMatchObject({ sources: [{ model: 'item-knn', share: 1 }], reason: { code: 'followed' } });
    expect(list.items[0]!.reason.code).not.toBe('followed');
  });

  it('are at most so many of each, and none for who follows nobody or where no rule says so', () => {
    const one = listOf({ items, scores, rules: { followed: { perAuthor: 1 } }, profile: { follows }, size: 3 });
    expect(ids(one)).toEqual(['a', 'new', 'b']);
    expect(ids(listOf({ items, scores, rules: { followed: {} } }))).toEqual(['a', 'b', 'c']);
    expect(ids(listOf({ items, scores, rules: {}, profile: { follows } }))).toEqual(['a', 'b', 'c']);
  });

  it('join whichever level answers first', () => {
    const list = listOf({ items, scores: {}, rules: { followed: {} }, profile: { follows, recent: [], history: new Map() }, size: 2 });
    expect(list.fallback.name).toBe('newest');
    expect(ids(list)[0]).toBe('new');
  });
});

describe('what is bought together', () => {
  const items = [
    anItem('cups'),
    anItem('filter', { stock: 0 }),
    anItem('set', { parts: ['h', 'cups', 'filter'] }),
    anItem('a'),
    anItem('b'),
  ];
  const scores = { a: 10, b: 9, set: 8 };

  it('becomes a candidate when a part of its bundle was had, citing that', () => {
    const list = listOf({ items, scores, rules: { bundles: { weight: 0.95 } } });
    expect(ids(list)).toEqual(['a', 'cups', 'b']); // the set itself cannot be had: a part is sold out
    expect(list.items[1]!.reason).toEqual({
      code: 'because_you',
      evidence: [{ itemId: 'h', type: 'add_to_cart', at: NOW - 1000, share: 1 }],
    });
  });

  it('does not where no rule says so', () => expect(ids(listOf({ items, scores, rules: {} }))).toEqual(['a', 'b', 'set']));
});

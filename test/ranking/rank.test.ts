import type { Item } from '../../src/catalogue/item';
import { rank, type RankedList, type RankRequest } from '../../src/ranking/rank';
import type { PopularLists, RankingModels } from '../../src/ranking/ranking-models';
import { FALLBACK_LEVELS } from '../../src/ranking/surface-settings';
import { aCatalogue, anItem, aProfile, aSurface, fixedScorer, indexOf, NOW, recentOf, someModels, near } from './fixtures';

const items = [
  anItem('a', { categories: ['garden'], sellerId: 's' }),
  anItem('b', { categories: ['garden'], sellerId: 's' }),
  anItem('c', { categories: ['kitchen'], sellerId: 's' }),
  anItem('d', { categories: ['kitchen'], promoted: true }),
  anItem('e', { categories: ['toys'], publishedAt: 20 }),
  anItem('f', { categories: ['toys'], publishedAt: 30 }),
  anItem('g', { categories: ['toys'], publishedAt: 10 }),
  anItem('h', { categories: ['garden'] }),
];
const catalogue = aCatalogue(items);
const index = indexOf(items.map(({ id }) => id));
const itemKnn = fixedScorer('item-knn', index, { h: 9, a: 8, b: 7, c: 6, d: 5 }, { a: { h: 1 }, b: { h: 1 }, c: { h: 1 }, d: { h: 1 } });
/** Popular are c, e and g by 6 : 5 : 4, and in the garden b and a. */
const popular: PopularLists = {
  top: ({ category, limit }) =>
    (
      ({
        garden: [
          ['b', 3],
          ['a', 2],
        ],
        '': [
          ['c', 6],
          ['e', 5],
          ['g', 4],
        ],
      }) as const satisfies Record<string, readonly (readonly [string, number])[]>
    )[(category ?? '') as '' | 'garden']
      ?.slice(0, limit)
      .map(([itemId, score]) => ({ itemId, score })) ?? [],
};
const reader = aProfile({ recent: recentOf({ itemId: 'h', type: 'purchase', weight: 1 }) });
const models = (rest: Partial<RankingModels> = {}): RankingModels => someModels(index, [itemKnn], { popular, ...rest });
const ranked = (request: Partial<RankRequest> = {}): RankedList =>
  rank({ profile: reader, models: models(), catalogue, surface: aSurface(), now: NOW, ...request });
const ids = (list: RankedList): string[] => list.items.map(({ itemId }) => itemId);

describe('rank', () => {
  it('lists the best of the blend without what was seen, with shares and reasons', () => {
    const list = ranked();
    expect(list.fallback).toEqual({ level: 0, name: 'hybrid' });
    expect(ids(list)).toEqual(['a', 'b', 'c']);
    expect(list.items[0]).toEqual({
      itemId: 'a',
      score: near(8 / 9, 5),
      sources: [{ model: 'item-knn', share: 1 }],
      reason: { code: 'because_you', evidence: [{ itemId: 'h', type: 'purchase', at: NOW - 1000, share: 1 }] },
      flags: [],
    });
  });

  it('fills what the blend leaves open from the levels below, padded and scored below', () => {
    const list = ranked({ surface: aSurface({ size: 7 }) });
    // hybrid: a, b, c, d; popular: e, g (c is there already); newest: f
    expect(ids(list)).toEqual(['a', 'b', 'c', 'd', 'e', 'g', 'f']);
    expect(list.items.map(({ flags }) => flags)).toEqual([[], [], [], ['promoted'], ['padded'], ['padded'], ['padded']]);
    expect(list.items.map(({ reason }) => reason.code).slice(4)).toEqual(['popular', 'popular', 'new']);
    const scores = list.items.map(({ score }) => score);
    expect([...scores].sort((x, y) => y - x)).toEqual(scores);
  });

  it('keeps the cap of sellers across levels', () => {
    const list = ranked({ surface: aSurface({ size: 4, rules: { maxPerSeller: 1 } }) });
    expect(ids(list)).toEqual(['a', 'd', 'e', 'g']); // b and c are of a's seller, c in the popular list too
  });

  it('gives a promoted slot to the best promoted candidate', () => {
    const list = ranked({ surface: aSurface({ rules: { promotedSlots: [2] } }) });
    expect(ids(list)).toEqual(['a', 'd', 'b']);
    expect(list.items[1]!.flags).toEqual(['promoted']);
  });

  it('spreads the list over topics where λ says so', () => {
    const list = ranked({ surface: aSurface({ diversity: { lambda: 0.6 } }) });
    // After a: b = .6 · 7/8 − .4 = .125; c = .6 · 6/8 = .45. After c: d = .6 · 5/8 − .4 < b.
    expect(ids(list)).toEqual(['a', 'c', 'b']);
  });

  it('is the same each time', () => expect(ranked({ surface: aSurface({ size: 7 }) })).toEqual(ranked({ surface: aSurface({ size: 7 }) })));
});

describe('the fallback chain', () => {
  const newcomer = aProfile();
  const level = (request: Partial<RankRequest>): [number, string] => {
    const { fallback } = ranked(request);
    return [fallback.level, fallback.name];
  };

  it('is hybrid with all weighted models, partial with some', () => {
    const surface = aSurface({ blend: { weights: { 'item-knn': 1, factor: 1 } } });
    expect(level({ surface })).toEqual([1, 'partial']);
    expect(level({ surface, models: models({ scorers: [itemKnn, fixedScorer('factor', index, { a: 1 })] }) })).toEqual([0, 'hybrid']);
  });

  it('is session when only models without weight are loaded', () => {
    expect(level({ surface: aSurface({ blend: { weights: { factor: 1 } } }) })).toEqual([2, 'session']);
  });

  it('is popular in the interests of a user without history, and says in which', () => {
    const profile = aProfile({ interests: { short: [{ topic: 'c:garden', value: 2 }], long: [] } });
    const list = ranked({ profile });
    expect(list.fallback).toEqual({ level: 3, name: 'popular_in_interests' });
    expect(ids(list)).toEqual(['b', 'a', 'c']);
    expect(list.items[0]!.reason).toEqual({ code: 'popular_in_category', topic: 'c:garden', evidence: [] });
    expect(list.items.map(({ flags }) => flags)).toEqual([[], [], ['padded']]);
    expect(ids(ranked({ profile: aProfile({ declaredInterests: ['garden'] }) }))).toEqual(['b', 'a', 'c']);
  });

  it('is popular for a user of whom nothing is known', () => {
    expect(ids(ranked({ profile: newcomer }))).toEqual(['c', 'e', 'g']);
    expect(level({ profile: newcomer })).toEqual([4, 'popular']);
  });

  it('is newest when there is no model at all, and still a full list', () => {
    const list = ranked({ profile: newcomer, models: someModels(index, []), surface: aSurface({ size: 5 }) });
    expect(list.fallback).toEqual({ level: 5, name: 'newest' });
    expect(ids(list)).toEqual(['f', 'e', 'g', 'a', 'b']); // by date, then those without one by id
    expect(list.items.every(({ reason, flags }) => reason.code === 'new' && !flags.includes('padded'))).toBe(true);
  });

  it('uses the ready list of newest items, and the catalogue where that is too short', () => {
    const bare = (newest: RankingModels['newest'] & {}): string[] =>
      ids(ranked({ profile: newcomer, models: someModels(index, [], { newest }) }));
    expect(bare(() => ['h', 'gone', 'e', 'd'])).toEqual(['h', 'e', 'd']);
    expect(bare(() => ['h'])).toEqual(['f', 'e', 'g']);
  });

  it('asks only the levels that the surface names, in its order', () => {
    const surface = aSurface({ fallback: ['popular', 'hybrid'], size: 8 });
    const list = ranked({ surface });
    expect(list.fallback).toEqual({ level: 0, name: 'popular' });
    expect(ids(list)).toEqual(['c', 'e', 'g', 'a', 'b', 'd']);
  });

  it('is an empty list of the last level where the catalogue is empty', () => {
    const list = ranked({ catalogue: aCatalogue([]) });
    expect(list).toEqual({ fallback: { level: 5, name: 'newest' }, items: [] });
  });

  it('reads the popular list of the allowed categories', () => {
    const surface = aSurface({ rules: { categories: { allow: ['garden'] } } });
    expect(ids(ranked({ profile: newcomer, surface }))).toEqual(['b', 'a', 'h']);
  });
});

describe('what must never be shown', () => {
  const forbidden: [string, Partial<RankRequest>, (item: Item) => boolean][] = [
    ['a muted topic', { profile: aProfile({ ...reader, mutedTopics: ['c:garden'] }) }, ({ categories }) => categories.includes('garden')],
    [
      'a refused item',
      {
        profile: aProfile({
          ...reader,
          notInterested: new Map([
            ['e', 1],
            ['a', 1],
          ]),
        }),
      },
      ({ id }) => id === 'e' || id === 'a',
    ],
    [
      'a hidden item',
      { catalogue: aCatalogue(items.map((item) => (item.id === 'c' ? { ...item, hidden: true } : item))) },
      ({ id }) => id === 'c',
    ],
    [
      'a denied category',
      { surface: aSurface({ size: 20, rules: { categories: { deny: ['toys'] } } }) },
      ({ categories }) => categories.includes('toys'),
    ],
  ];
  it.each(forbidden)('%s is at no level', (_what, request, isForbidden) => {
    const listed = ranked({ surface: aSurface({ size: 20 }), ...request });
    expect(listed.items.length).toBeGreaterThan(2);
    for (const level of FALLBACK_LEVELS) {
      const surface = { ...(request.surface ?? aSurface({ size: 20 })), fallback: [level] };
      for (const { itemId } of [...listed.items, ...ranked({ ...request, surface }).items])
        expect(isForbidden(catalogue.get(itemId)!)).toBe(false);
    }
  });
});

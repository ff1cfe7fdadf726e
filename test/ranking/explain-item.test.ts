import type { RankRequest } from '../../src/ranking/rank';
import type { Scorer } from '../../src/models/model';
import { explainItem, type Explanation } from '../../src/ranking/explain-item';
import { withoutItem } from '../../src/profile/without-item';
import { aCatalogue, anItem, aProfile, aSurface, indexOf, NOW, recentOf, someModels } from './fixtures';

const items = ['v', 'w', 'a', 'b', 'c', 'd', 'e'].map((id) => anItem(id, { categories: [`of ${id}`] }));
const index = indexOf(items.map(({ id }) => id));
/** What each item of the history gives to others. */
const PULLS: Readonly<Record<string, Readonly<Record<string, number>>>> = { v: { a: 9, b: 5 }, w: { b: 1, c: 4, d: 3 } };
/** A scorer that really depends on the history, as item-knn does. */
const itemKnn: Scorer = {
  name: 'item-knn',
  score: ({ history }, into) => {
    for (const { row } of history)
      for (const [id, amount] of Object.entries(PULLS[index.idAt(row)] ?? {})) into.add(index.intern(id), amount);
  },
  explain: ({ history }, row) =>
    history
      .map((had) => ({ row: had.row, amount: PULLS[index.idAt(had.row)]?.[index.idAt(row)] ?? 0 }))
      .filter(({ amount }) => amount > 0)
      .sort((a, b) => b.amount - a.amount),
};
const request = (more: Partial<RankRequest> = {}): RankRequest => ({
  profile: aProfile({ recent: recentOf({ itemId: 'w', type: 'like' }, { itemId: 'v' }) }),
  models: someModels(index, [itemKnn]),
  catalogue: aCatalogue(items),
  surface: aSurface({ size: 3, fallback: ['hybrid'] }),
  now: NOW,
  ...more,
});

const DAY = 86_400_000;
const halfLives = { shortHalfLifeMs: DAY, longHalfLifeMs: 30 * DAY };
const explain = (asked: RankRequest, itemId: string): Explanation => explainItem(asked, itemId, halfLives);

describe('explainItem', () => {
  it('says the place, and where it would be without each behaviour that speaks for it', () => {
    // a 9, b 5 + 1, c 4, d 3. Without v: c 4, d 3, b 1. Without w: a 9, b 5.
    const why = explain(request(), 'b');
    expect(why).toMatchObject({
      rank: 2,
      listSize: 3,
      fallback: { name: 'hybrid' },
      item: { itemId: 'b', reason: { code: 'because_you' } },
    });
    expect(why.counterfactuals).toEqual([
      { itemId: 'v', type: 'view', at: NOW - 2000, rank: 3 },
      { itemId: 'w', type: 'like', at: NOW - 1000, rank: 2 },
    ]);
    expect(explain(request(), 'a').counterfactuals).toEqual([{ itemId: 'v', type: 'view', at: NOW - 2000 }]); // not on the list then
  });

  it('of an item that is not on the list says why, and what the newest behaviours cost it', () => {
    const below = explain(request(), 'd');
    expect(below).toMatchObject({ leftOut: 'ranked_below' });
    expect(below).not.toHaveProperty('rank');
    expect(below.counterfactuals).toEqual([
      { itemId: 'w', type: 'like', at: NOW - 1000 },
      { itemId: 'v', type: 'view', at: NOW - 2000, rank: 2 }, // c, d, b
    ]);
    expect(explain(request(), 'v').leftOut).toBe('seen');
    const profile = aProfile({ recent: recentOf({ itemId: 'v' }), mutedTopics: ['c:of b'] });
    expect(explain(request({ profile }), 'b').leftOut).toBe('muted');
  });

  it('takes out of interests what the behaviour taught them, and leaves locked ones alone', () => {
    const profile = aProfile({
      recent: recentOf({ itemId: 'v', weight: 0.5, at: NOW - DAY }),
      interests: {
        short: [{ topic: 'c:of v', value: 0.25 }], // all of it from v: .5 a half-life ago
        long: [{ topic: 'c:of v', value: 3, locked: true }],
      },
    });
    const forgetting = { ...halfLives, topics: ['c:of v'], now: NOW };
    expect(withoutItem(profile, 'v', forgetting)).toMatchObject({
      ...{ recent: [], interests: { short: [], long: [{ topic: 'c:of v', value: 3 }] } },
    });
    expect(withoutItem(profile, 'w', forgetting)).toEqual(profile);
  });

  it('of somebody unknown has nothing to leave out', () => {
    expect(explain(request({ profile: aProfile() }), 'a')).toEqual({
      ...{ leftOut: 'ranked_below', listSize: 0, counterfactuals: [] },
      fallback: { level: 0, name: 'hybrid' },
    });
  });
});

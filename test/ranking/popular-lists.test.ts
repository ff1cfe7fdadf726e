import { popular } from '../../src/models/popular/popular';
import { popularListsOf } from '../../src/ranking/popular-lists';
import { indexOf, NOW } from './fixtures';

const DAY_MS = 86_400_000;
const index = indexOf(['a', 'b']);
const scorer = popular.scorer(undefined, index, popular.defaults);
const observe = (row: number, weight: number, at: number): void => scorer!.observe!({ row, weight, at, previous: [] });
observe(0, 4, NOW - 2 * DAY_MS);
observe(1, 2, NOW);

/** The popular model has lists beyond those of a plain scorer. */
const lists = popularListsOf(scorer as unknown as Parameters<typeof popularListsOf>[0], index);

describe('popularListsOf', () => {
  it('counts all alike by default, and with a half-life by window', () => {
    expect(lists.top({ limit: 5, now: NOW })).toEqual([
      { itemId: 'a', score: expect.closeTo(4, 6) },
      { itemId: 'b', score: expect.closeTo(2, 6) },
    ]);
    // two half-lives of a day: 4 → 1
    expect(lists.top({ limit: 5, now: NOW, window: 'day' })).toEqual([
      { itemId: 'b', score: expect.closeTo(2, 6) },
      { itemId: 'a', score: expect.closeTo(1, 6) },
    ]);
  });
  it('is empty for an unknown window or category', () => {
    expect(lists.top({ limit: 5, now: NOW, window: 'fortnight' })).toEqual([]);
    expect(lists.top({ limit: 5, now: NOW, category: 'garden' })).toEqual([]);
  });
  it('keeps the order by rank where everything has decayed to nothing', () => {
    expect(lists.top({ limit: 5, now: NOW + 4000 * DAY_MS, window: 'hour' })).toEqual([
      { itemId: 'b', score: 1 },
      { itemId: 'a', score: 0.5 },
    ]);
  });
});

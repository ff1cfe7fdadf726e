import { popular, PopularScorer } from '../../src/models/popular/popular';
import { popularListsOf } from '../../src/ranking/popular-lists';
import { indexOf, NOW, near } from './fixtures';

const DAY_MS = 86_400_000;
const index = indexOf(['a', 'b']);
const scorer = popular.scorer(undefined, index, popular.defaults);
if (!(scorer instanceof PopularScorer)) throw new Error('the popular model scores by another class');
scorer.observe({ row: 0, weight: 4, at: NOW - 2 * DAY_MS, previous: [] });
scorer.observe({ row: 1, weight: 2, at: NOW, previous: [] });
const lists = popularListsOf(scorer, index);

describe('popularListsOf', () => {
  it('counts all alike by default, and with a half-life by window', () => {
    expect(lists.top({ limit: 5, now: NOW })).toEqual([
      { itemId: 'a', score: near(4, 6) },
      { itemId: 'b', score: near(2, 6) },
    ]);
    // two half-lives of a day: 4 → 1
    expect(lists.top({ limit: 5, now: NOW, window: 'day' })).toEqual([
      { itemId: 'b', score: near(2, 6) },
      { itemId: 'a', score: near(1, 6) },
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

import { scoringQueryOf } from '../../src/ranking/scoring-query';
import { aProfile, indexOf, NOW, recentOf } from './fixtures';

const index = indexOf(['a', 'b', 'c', 'd']);

describe('scoringQueryOf', () => {
  it('takes each item’s newest weighted behaviour, newest first', () => {
    const profile = aProfile({
      recent: recentOf(
        { itemId: 'a', type: 'impression', weight: 0 },
        { itemId: 'b', weight: 0.1 },
        { itemId: 'a', weight: 0.5 },
        { itemId: 'b', weight: 1 },
      ),
    });
    const { history } = scoringQueryOf(profile, index, NOW);
    expect(history).toEqual([
      { row: 1, weight: 0.1, at: NOW - 2000 },
      { row: 0, weight: 0.5, at: NOW - 3000 },
    ]);
  });

  it('leaves out an item that was disliked last, and keeps one that was liked again', () => {
    const profile = aProfile({
      recent: recentOf(
        { itemId: 'a', weight: -0.8 },
        { itemId: 'b', weight: 0.6 },
        { itemId: 'a', weight: 1 },
        { itemId: 'b', weight: -0.8 },
      ),
    });
    expect(scoringQueryOf(profile, index, NOW).history.map(({ row }) => row)).toEqual([1]);
  });

  it('goes on with older items of the profile, as seen and as weak history', () => {
    const history = new Map([
      ['b', NOW - 1000],
      ['d', NOW - 9000],
    ]);
    const query = scoringQueryOf(aProfile({ recent: recentOf({ itemId: 'b', weight: 1 }), history }), index, NOW);
    expect(query.seen).toEqual([1, 3]);
    expect(query.history).toEqual([
      { row: 1, weight: 1, at: NOW - 1000 },
      { row: 3, weight: 0.3, at: NOW - 9000 },
    ]);
  });

  it('skips items without a row, and gives the history at most 200', () => {
    const many = indexOf(Array.from({ length: 300 }, (_, k) => `i${k}`));
    const history = new Map(Array.from({ length: 310 }, (_, k) => [`i${k}`, NOW - k]));
    const query = scoringQueryOf(aProfile({ recent: recentOf({ itemId: 'unheard of' }), history }), many, NOW);
    expect([query.history.length, query.seen.length]).toEqual([200, 300]);
  });

  it('is empty for a user who was never seen', () =>
    expect(scoringQueryOf(aProfile(), index, NOW)).toEqual({ history: [], seen: [], now: NOW }));
});

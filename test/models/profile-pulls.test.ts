import { eachPull, type ProfileOptions } from '../../src/models/item-knn/profile-pulls';
import type { ScoringQuery } from '../../src/models/model';

/** A profile of `items` distinct rows 0, 1, … newest first, of which the first 200 are known with their weight. */
const profile = (items: number, weight = 1): ScoringQuery => ({
  history: Array.from({ length: Math.min(200, items) }, (_, r) => ({ row: r, weight, at: -r })),
  seen: Array.from({ length: items }, (_, r) => r),
  now: 0,
});

function pulls(query: ScoringQuery, options: ProfileOptions): [number, number][] {
  const visited: [number, number][] = [];
  eachPull(query, options, (row, pull) => visited.push([row, pull]));
  return visited;
}

describe('eachPull', () => {
  it('counts the r-th newest item weight · decay^r, for the newest items only', () => {
    expect(pulls(profile(5, 0.8), { profileDecay: 0.5, profileItems: 3 })).toEqual([
      [0, 0.8],
      [1, 0.4],
      [2, 0.2],
    ]);
  });

  it('goes on with what was seen where the history is full, at the weight of its oldest item', () => {
    const all = pulls(profile(300, 0.4), { profileDecay: 1, profileItems: 250 });
    expect(all).toHaveLength(250);
    expect(all.at(-1)).toEqual([249, 0.4]);
  });

  it('stops at the history where that is not full, or not the beginning of what was seen: something there is disliked', () => {
    const short = { ...profile(3), seen: [0, 1, 2, 9] };
    expect(pulls(short, { profileDecay: 1, profileItems: 10 })).toHaveLength(3);
    const disliked = profile(300);
    expect(pulls({ ...disliked, seen: [999, ...disliked.seen] }, { profileDecay: 1, profileItems: 250 })).toHaveLength(200);
  });

  it('visits nothing for nobody', () => {
    expect(pulls({ history: [], seen: [], now: 0 }, { profileDecay: 1, profileItems: 10 })).toEqual([]);
  });
});

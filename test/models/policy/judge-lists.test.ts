import { judgeLists, type SeenDecision } from '../../../src/models/policy/judge-lists';
import { aSituation, RULE } from './decisions';

const MINUTE = 60_000;
const DAY = 86_400_000;
const situation = aSituation([[255], [200]]);
const places = [0, 1].map((candidate) => ({ candidate, propensity: 0.5 }));
const seen = (user: number, at: number, ...earned: number[]): SeenDecision => ({
  ...situation,
  places,
  rule: RULE,
  user,
  at,
  earned: Float64Array.from(earned),
});
const OPTIONS = { discount: 0.5, return: 2, quit: -1, returnMs: 3 * DAY };
const rewards = (lists: readonly SeenDecision[], until: number): number[][] =>
  judgeLists(lists, OPTIONS, until)
    .sort((a, b) => a.user - b.user || a.at - b.at)
    .map((list) => [...list.rewards]);

it('discounts over the session, and counts coming back with its last list', () => {
  const lists = [seen(1, DAY, 0, 1), seen(1, 0, 1, 0), seen(1, 5 * MINUTE, 0, 4)];
  // Session 1 has two lists and is followed by another: after the second comes 2, so its item earns 4 + .5 · 2; G = 4 + 1 = 5, so the first 1 + .5 · 5.
  // Session 2 is not followed within three days.
  expect(rewards(lists, 100 * DAY)).toEqual([
    [3.5, 0],
    [0, 5],
    [0, 1],
  ]);
});

it('shares the reward for quitting among the places of a last list of which nothing was taken', () => {
  const lists = [seen(1, 0, 1, 0), seen(1, MINUTE, 0, 0)];
  expect(rewards(lists, 100 * DAY)).toEqual([
    [1 - 0.5, 0],
    [-0.5, -0.5],
  ]);
});

it('leaves out sessions of which nobody can know yet whether the user came back', () => {
  const lists = [seen(1, 0, 1, 0), seen(2, 50 * DAY, 1, 0), seen(2, 51 * DAY, 1, 0)];
  expect(rewards(lists, 52 * DAY)).toEqual([
    [1, 0],
    [2, 0],
  ]);
});

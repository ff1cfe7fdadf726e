import type { LoggedBehaviour } from '../../src/behaviour/behaviour';
import { shownQuestions } from '../../src/training/hybrid-questions';
import { ShownListsBuilder } from '../../src/training/shown-lists';
import { trainingEvents } from '../models/training-events';

const did = (
  userId: string,
  type: string,
  itemId: string,
  at: number,
  list?: string,
  over: Partial<LoggedBehaviour> = {},
): LoggedBehaviour => ({
  tenant: 'shop',
  id: `${userId}-${at}`,
  userId,
  type,
  itemId,
  at,
  receivedAt: at,
  seq: at,
  weight: type === 'impression' ? 0 : 0.5,
  previous: [],
  ...(list !== undefined && { recommendationId: list, surface: 'home' }),
  ...over,
});

const builder = new ShownListsBuilder();
for (const behaviour of [
  did('ann', 'click', 'y', 30, 'l1'), // may be read before what was shown
  did('ann', 'impression', 'x', 20, 'l1'),
  did('ann', 'impression', 'y', 21, 'l1'),
  did('ann', 'click', 'z', 31, 'l1'), // was not shown
  did('ann', 'dislike', 'x', 32, 'l1', { weight: -0.5 }),
  did('bob', 'impression', 'x', 10, 'l2'),
  did('bob', 'click', 'x', 11), // names no list
  did('cat', 'click', 'x', 12, 'l3'), // nothing of it was shown
  did('dan', 'impression', 'x', 13, 'l4', { surface: 'cart' }),
])
  builder.add(behaviour);
const lists = builder.build();

it('ShownListsBuilder gathers what was shown together and what of it was taken, by time', () => {
  expect(lists).toEqual([
    { userId: 'bob', surface: 'home', at: 10, shown: new Set(['x']), taken: new Set() },
    { userId: 'dan', surface: 'cart', at: 13, shown: new Set(['x']), taken: new Set() },
    { userId: 'ann', surface: 'home', at: 20, shown: new Set(['x', 'y']), taken: new Set(['y']) },
  ]);
});

it('shownQuestions asks with the history of just before, about what was shown on that surface', () => {
  const events = trainingEvents([
    ['ann', 'z', 1, 5],
    ['bob', 'z', 1, 8],
    ['bob', 'x', 1, 11],
    ['ann', 'y', 0.5, 30],
  ]);
  const [z, x, y] = [0, 1, 2];
  expect(shownQuestions(events, lists, { surface: 'home', from: 9, most: 10 })).toEqual([
    { user: 1, at: 10, query: { history: [{ row: z, weight: 1, at: 8 }], seen: [z], now: 10 }, positives: [], given: [x] },
    { user: 0, at: 20, query: { history: [{ row: z, weight: 1, at: 5 }], seen: [z], now: 20 }, positives: [y], given: [x, y] },
  ]);
  expect(shownQuestions(events, lists, { surface: 'home', from: 9, most: 1 }).map(({ at }) => at)).toEqual([20]);
  expect(shownQuestions(events, lists, { surface: 'home', from: 10, most: 10 }).map(({ at }) => at)).toEqual([20]);
  expect(shownQuestions(events, lists, { surface: 'cart', from: 0, most: 10 })).toEqual([]); // a stranger: no history to ask with
});

import { firstEvents, holdOutNewest } from '../../src/training/hold-out';
import { trainingEvents, type EventTuple } from '../models/training-events';

/** a, b and c have a past; then come d's first, and what is held out. */
const past: EventTuple[] = [
  ['a', 'x', 1, 1],
  ['b', 'x', 1, 2],
  ['a', 'y', -0.5, 3],
  ['b', 'z', 0.5, 4],
  ['c', 'z', 1, 5],
];
const newest: EventTuple[] = [
  ['a', 'z', 1, 6], // a case: after x, and y which was not liked
  ['b', 'x', 1, 7], // had before
  ['d', 'x', 1, 8], // nothing before it
  ['c', 'y', -1, 9], // not liked
  ['a', 'w', 0.5, 10], // a case
];
const events = trainingEvents([...past, ...newest]);
const limits = { share: 0.5, fewest: 1 };

describe('holdOutNewest', () => {
  const held = holdOutNewest(events, limits)!;

  it('asks for what was liked, was new to the user, and came after something', () => {
    expect(held.cases.map(({ at }) => at)).toEqual([6, 10]);
    const [first, second] = held.cases;
    expect(first).toEqual({
      user: 0,
      at: 6,
      targets: [events.itemIds.indexOf('z')],
      query: { history: [{ row: 0, weight: 1, at: 1 }], seen: [1, 0], now: 6 },
      excluded: [1, 0],
    });
    expect(second!.query.history.map(({ row }) => events.itemIds[row])).toEqual(['z', 'x']);
  });

  it('fits on what lies before, over the users and items in it', () => {
    expect(held.learntThrough).toBe(5);
    expect(held.fit).toEqual(trainingEvents(past));
  });

  it('holds out no more than the most cases need', () => {
    const { cases, fit, learntThrough } = holdOutNewest(events, { ...limits, most: 1 })!;
    expect(cases.map(({ at }) => at)).toEqual([10]);
    expect(fit.items.length).toBe(9);
    expect(learntThrough).toBe(9);
  });

  it('holds nothing out for too few cases', () => {
    expect(holdOutNewest(events, { ...limits, fewest: 3 })).toBeUndefined();
    expect(holdOutNewest(events)).toBeUndefined();
    expect(holdOutNewest(trainingEvents([]), limits)).toBeUndefined();
    expect(holdOutNewest(events, { share: 1, fewest: 1 })).toBeUndefined(); // nothing would be left to learn from
  });

  it('asks for nothing of the very moment through which was learnt', () => {
    const together = trainingEvents([...past, ['a', 'z', 1, 5], ['b', 'w', 1, 6]]);
    expect(holdOutNewest(together, { share: 0.25, fewest: 1 })!.cases.map(({ at }) => at)).toEqual([6]);
  });

  it('leaves out what the same user did twice in it', () => {
    const twice = trainingEvents([...past, ['a', 'w', 1, 6], ['a', 'w', 1, 7]]);
    expect(holdOutNewest(twice, { share: 0.28, fewest: 1 })!.cases.map(({ at }) => at)).toEqual([6]);
  });
});

it('firstEvents gives all of them as they were', () => {
  expect(firstEvents(events, events.items.length)).toEqual(events);
});

import { behaviourStream } from '../../bench/support/behaviour-stream';

const options = { seed: 3, items: 60, userIds: ['user-1', 'user-2'] };
const take = (count: number, next: ReturnType<typeof behaviourStream>) => Array.from({ length: count }, next);

describe('behaviourStream', () => {
  it('is the same for the same seed, with ids of its own', () => {
    const first = take(100, behaviourStream(options));
    expect(take(100, behaviourStream(options))).toEqual(first);
    expect(new Set(first.map(({ id }) => id)).size).toBe(100);
    expect(take(100, behaviourStream({ ...options, seed: 4 }))).not.toEqual(first);
  });

  it('does not let a user come back to an item soon, so that nothing is a machine-like repeat', () => {
    const seen = new Map<string, Set<string>>();
    for (const { userId, itemId } of take(60, behaviourStream(options))) {
      const own = seen.get(userId) ?? new Set();
      seen.set(userId, own);
      if (own.size <= options.items / 2) expect(own.has(itemId)).toBe(false);
      own.add(itemId);
    }
  });
});

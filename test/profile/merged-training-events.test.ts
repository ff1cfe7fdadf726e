import type { LoggedBehaviour } from '../../src/behaviour/behaviour';
import { TrainingEventsBuilder } from '../../src/training/training-events';

const entry = (userId: string, itemId: string, receivedAt: number, mergedFrom?: string): LoggedBehaviour => ({
  tenant: 'shop',
  userId,
  id: `${userId} ${itemId}`,
  type: 'view',
  itemId,
  seq: 1,
  weight: 1,
  at: receivedAt,
  receivedAt,
  previous: [],
  ...(mergedFrom !== undefined && { mergedFrom }),
});
const anonymous = [entry('anon-1', 'a', 1), entry('anon-1', 'b', 3), entry('anon-1', 'c', 5)];
const merges = [entry('ann', 'a', 2, 'anon-1'), entry('ann', 'b', 4, 'anon-1')];

describe('TrainingEventsBuilder on merged users', () => {
  it.each([
    ['the anonymous shard first', [...anonymous, ...merges]],
    ['the shard of the signed-in user first', [...merges, ...anonymous]],
  ])('counts once what was merged, and again what came after the last merge: %s', (_, entries) => {
    const builder = new TrainingEventsBuilder();
    for (const behaviour of entries) builder.add(behaviour);
    const { users, userIds, items, itemIds } = builder.build();
    expect([...users].map((user, k) => `${userIds[user]} ${itemIds[items[k]!]}`)).toEqual(['ann a', 'ann b', 'anon-1 c']);
  });
});

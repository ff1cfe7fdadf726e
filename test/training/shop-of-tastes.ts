import { systemClock } from '../../src/platform/clock';
import { seededRandom } from '../../src/platform/random';
import { TENANT, type TestStore } from '../support/store';

/*
 * 200 users of 10 tastes: a user of a taste meets 24 of its 30 items, in an order of their own. What comes next is of the same taste, which
 * a factor model with a dimension for each taste sees, and one with a single dimension does not.
 */
const USERS = 200;
const TASTES = 10;
const ITEMS_OF_TASTE = 30;
const MET = 24;

export const EVENTS = USERS * MET;
export const ITEMS = TASTES * ITEMS_OF_TASTE;

export async function fillWithTastes(store: TestStore): Promise<void> {
  const items = Array.from({ length: ITEMS }, (_, n) => `i${n}`);
  await store.redis.hset(store.keys.items(TENANT), ...items.flatMap((id) => [id, '{}']));
  const random = seededRandom(1);
  const start = Math.floor(systemClock.now()) - 3_600_000;
  for (let user = 0; user < USERS; user++) {
    const taste = user % TASTES;
    const order = Array.from({ length: ITEMS_OF_TASTE }, (_, n) => n).sort(() => random() - 0.5);
    await store.record(
      `u${user}`,
      order.slice(0, MET).map((n, step) => ({
        type: 'purchase',
        itemId: `i${taste * ITEMS_OF_TASTE + n}`,
        at: start + (step * USERS + user) * 10,
      })),
    );
  }
}

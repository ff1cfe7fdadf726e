import { createLog } from '../../src/platform/log';
import type { ListKey } from '../../src/push/ports';
import { WatchedLists } from '../../src/push/watched-lists';
import type { WatchLeases } from '../../src/push/watch-leases.redis';

const EVERY_MS = 1000;
const keyOf = (userId: string): ListKey => ({ tenant: 't', userId, surface: 'home' });

/** Notes what is renewed and released; the group of a user is the first letter. */
class NotedLeases implements WatchLeases {
  renewed: string[][] = [];
  released: string[] = [];

  groupOf({ userId }: ListKey): string {
    return userId[0]!;
  }

  renew(keys: readonly ListKey[]): Promise<void> {
    this.renewed.push(keys.map(({ userId }) => userId));
    return Promise.resolve();
  }

  release({ userId }: ListKey): Promise<void> {
    this.released.push(userId);
    return Promise.resolve();
  }
}

let leases: NotedLeases;
let watched: WatchedLists;

beforeEach(() => {
  jest.useFakeTimers();
  leases = new NotedLeases();
  watched = new WatchedLists(leases, createLog('test', 'silent'), EVERY_MS);
});
afterEach(() => {
  watched.close();
  jest.useRealTimers();
});

it('renews the lists of one group together, once a period, as long as somebody watches them', async () => {
  const held = await Promise.all(['a1', 'b1', 'a2', 'a2', 'a3'].map((userId) => watched.hold(keyOf(userId))));
  leases.renewed = [];
  jest.advanceTimersByTime(EVERY_MS);
  expect(leases.renewed).toEqual([['a1', 'a2', 'a3'], ['b1']]);
  await held[1]!.release();
  await held[2]!.release();
  await held[2]!.release(); // has been
  await held[4]!.release();
  expect(leases.released).toEqual(['b1', 'a3']);
  leases.renewed = [];
  jest.advanceTimersByTime(EVERY_MS);
  expect(leases.renewed).toEqual([['a1', 'a2']]);
  await held[0]!.release();
  await held[3]!.release();
  expect(watched.size).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});

it('knows what each list shows now', async () => {
  const held = await watched.hold(keyOf('a1'));
  await watched.hold(keyOf('a2'));
  held.note(['x', 'y']);
  expect([...watched.showing('t', 'y')]).toEqual([keyOf('a1')]);
  held.note(['z']);
  expect([...watched.showing('t', 'y')]).toEqual([]);
  await held.release();
  expect([...watched.showing('t', 'z')]).toEqual([]);
});

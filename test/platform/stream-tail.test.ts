import { StreamTail } from '../../src/platform/stream-tail';
import { eventually } from '../support/eventually';
import { openTestStore, type TestStore } from '../support/store';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe('StreamTail', () => {
  it('delivers each entry once and in order, from where it is told, and waits while it is held', async () => {
    const first = await store.redis.xadd('s', '*', 'n', '0');
    const seen: string[] = [];
    const tail = new StreamTail({
      redis: store.connect('tail'),
      from: new Map([['s', first!]]),
      onEntries: (_, entries) => void seen.push(...entries.map(([, fields]) => fields[1]!)),
      log: store.log,
    });
    for (let n = 1; n <= 5; n++) await store.redis.xadd('s', '*', 'n', n);
    await eventually(() => expect(seen).toEqual(['1', '2', '3', '4', '5']));
    await tail.whileHeld(async () => {
      const last = await store.redis.xadd('s', '*', 'n', '6');
      expect(seen).toHaveLength(5);
      expect(tail.positionOf('s')).not.toBe(last);
    });
    await eventually(() => expect(seen.at(-1)).toBe('6'));
    await tail.close();
  });

  it('closes at once, also while Redis is away', async () => {
    const tail = new StreamTail({ redis: store.connect('tail'), from: new Map([['s', '$']]), onEntries: () => undefined, log: store.log });
    await store.server.kill9();
    await tail.close();
    await store.server.restart();
  });
});

import { EventEmitter, on } from 'node:events';
import { run } from '../../src/cli/run';
import type { WatchedUpdate } from '../../src/cli/render-update';
import { eventually } from '../support/eventually';
import { fakeTerminal } from './import-support';
import { startStubGateway, stubSchema, type StubGateway } from './stub-gateway';

const updateOf = (revision: number, ids: readonly string[]): object => ({
  position: { epoch: 'e', revision },
  appliedThrough: revision,
  cause: { kind: 'BEHAVIOURS', behaviours: [{ id: 'b', type: 'view', itemId: 'a', seq: revision }], itemIds: [] },
  timings: { ingest: 1, queue: 1, score: 1, replace: 1, push: 1 },
  list: {
    recommendationId: 'r',
    fallback: { level: 0, name: 'hybrid' },
    items: ids.map((itemId, k) => ({
      itemId,
      rank: k + 1,
      score: 1,
      flags: [],
      item: { title: itemId.toUpperCase() },
      reason: { code: 'POPULAR', topic: null, evidence: [] },
      content: { title: '', text: '' },
    })),
  },
});

let changes: EventEmitter;
let current: object;
let gateway: StubGateway;

beforeEach(async () => {
  changes = new EventEmitter();
  current = updateOf(1, ['a', 'b', 'c']);
  const lists = async function* (): AsyncGenerator<{ recommendations: object }> {
    const coming = on(changes, 'change'); // listens before the first list goes out
    yield { recommendations: current };
    for await (const [update] of coming) yield { recommendations: update as object };
  };
  gateway = await startStubGateway(stubSchema({ Subscription: { recommendations: { subscribe: lists } } }));
});
afterEach(() => gateway.stop());

/** `beckon watch ada …` under way, and its Ctrl-C. */
function watching(terminal: ReturnType<typeof fakeTerminal>, ...args: string[]): { done: Promise<number>; interrupt: () => void } {
  const noStore = (): Promise<never> => Promise.reject(new Error('not needed'));
  const keys = new EventEmitter();
  const onInterrupt = (end: () => void): (() => void) => {
    keys.once('SIGINT', end);
    return () => keys.off('SIGINT', end);
  };
  const done = run(['watch', 'ada', '--url', gateway.url, ...args], { terminal, openStore: noStore, inspectBacklog: noStore, onInterrupt });
  return { done, interrupt: () => keys.emit('SIGINT') };
}

it('writes lines when nobody looks: the list, then what changed, until Ctrl-C', async () => {
  const terminal = fakeTerminal();
  const { done, interrupt } = watching(terminal);
  await eventually(() => expect(terminal.text.out).toContain('3. C'));
  changes.emit('change', updateOf(2, ['b', 'a', 'd']));
  await eventually(() => expect(terminal.text.out).toContain('− C'));
  interrupt();
  expect(await done).toBe(0);
  expect(terminal.text.out.split('\n').filter((line) => /^ {2}[^ ]/.test(line) && !line.includes('ms'))).toEqual([
    '  1. A — popular',
    '  2. B — popular',
    '  3. C — popular',
    '  ↑1 1. B — popular',
    '  ↓1 2. A — popular',
    '  ✚ 3. D — popular',
    '  − C',
  ]);
  await eventually(() => expect(gateway.openSockets()).toBe(0));
});

it('draws over the old list on a terminal', async () => {
  const terminal = fakeTerminal({ isTty: true });
  const { done } = watching(terminal, '--count', '2');
  await eventually(() => expect(terminal.text.out).toContain('C '));
  changes.emit('change', updateOf(2, ['b', 'a', 'd']));
  expect(await done).toBe(0);
  const [first, second] = terminal.text.out.split('\u001b[5A\u001b[0J'); // five lines were drawn: two of heading, three items
  expect(first).toContain('#1');
  expect(second).toContain('#2');
  expect(second).toContain('✚');
  expect(second).toContain('gone: C');
});

it('says once that the connection is lost, and goes on with the newest list', async () => {
  const terminal = fakeTerminal();
  const { done } = watching(terminal, '--count', '2', '--json');
  await eventually(() => expect(terminal.text.out).toContain('"revision":1'));
  current = updateOf(5, ['c']);
  gateway.cutSockets();
  expect(await done).toBe(0);
  const updates = terminal.text.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as WatchedUpdate);
  expect(updates.map(({ position }) => position.revision)).toEqual([1, 5]);
  expect(terminal.text.err).toBe('connection lost, trying again …\nconnected\n');
});

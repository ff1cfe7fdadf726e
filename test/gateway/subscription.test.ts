import type { Client } from 'graphql-ws';
import { RecommendationUpdates } from '../../src/gateway/recommendation-updates';
import { ManualClock } from '../../src/platform/clock';
import { BeckonError } from '../../src/platform/errors';
import { LatestMailbox } from '../../src/push/latest-mailbox';
import { isNewer } from '../../src/push/list-order';
import { keepPlace, type Position, type RecommendationList } from '../../src/push/recommendation-list';
import type { ListWatch } from '../../src/gateway/gateway-deps';
import { eventually } from '../support/eventually';
import { answersTo, nextUpdate } from './support/answers';
import { itemOf, listOf } from './support/fake-parts';
import { startTestGateway, type Answer, type TestGateway } from './support/test-gateway';

interface Update {
  readonly position: { readonly epoch: string; readonly revision: number };
  readonly appliedThrough: number;
  readonly change: { readonly added: string[]; readonly removed: string[]; readonly moved: object[] } | null;
  readonly list: { readonly items: { readonly itemId: string; readonly rank: number; readonly item: { readonly title: string } | null }[] };
}

const WATCH = `subscription ($first: Int! = 3, $after: PositionInput, $surface: String! = "home") {
  recommendations(first: $first, after: $after, surface: $surface) {
    position { epoch revision }
    appliedThrough
    cause { kind behaviours { id type itemId seq } itemIds }
    change { added removed moved { itemId from to } }
    timings { ingest queue score replace push }
    list { items { itemId rank item { title } } }
  }
}`;

let gateway: TestGateway;
let client: Client;
beforeEach(async () => {
  gateway = await startTestGateway();
  for (const id of ['a', 'b', 'c', 'd']) gateway.items.set(id, itemOf(id));
  client = gateway.client();
});
afterEach(() => gateway.close());

const watch = (variables: Record<string, unknown> = {}) => answersTo(client, WATCH, variables);
const next = (events: AsyncIterator<Answer>): Promise<Update> => nextUpdate<Update>(events);
const begun = (count = 1) => eventually(() => expect(gateway.watching.size).toBe(count));
const push = (itemIds: readonly string[], rest: Partial<RecommendationList>): void => gateway.push(listOf('dev', itemIds, rest));

describe('subscription recommendations', () => {
  it('sends the current list first, then each change against the list that this subscriber got before', async () => {
    push(['a', 'b', 'c', 'd'], { revision: 4, appliedThrough: 7 });
    const events = watch();
    expect(await next(events)).toMatchObject({
      position: { epoch: 'e1', revision: 4 },
      appliedThrough: 7,
      change: null,
      list: {
        items: [
          { itemId: 'a', rank: 1, item: { title: 'Title of a' } },
          { itemId: 'b', rank: 2, item: { title: 'Title of b' } },
          { itemId: 'c', rank: 3, item: { title: 'Title of c' } },
        ],
      },
    });
    push(['b', 'a', 'd', 'c'], {
      revision: 5,
      appliedThrough: 8,
      cause: { kind: 'behaviours', behaviours: [{ id: 'x1', type: 'view', itemId: 'd', seq: 8 }], itemIds: [] },
      timeline: { receivedAt: 1000, recordedAt: 1002, startedAt: 1003, scoredAt: 1003.5 },
    });
    expect(await next(events)).toMatchObject({
      position: { epoch: 'e1', revision: 5 },
      appliedThrough: 8,
      cause: { kind: 'BEHAVIOURS', behaviours: [{ id: 'x1', type: 'view', itemId: 'd', seq: 8 }], itemIds: [] },
      change: {
        added: ['d'], // 4th before: beyond this subscriber's three
        removed: ['c'],
        moved: [
          { itemId: 'b', from: 2, to: 1 },
          { itemId: 'a', from: 1, to: 2 },
        ],
      },
      timings: { ingest: 2, queue: 1, score: 0.5 },
    });
    await events.return!();
  });

  it('sends a list that looks the same, because it has applied more', async () => {
    push(['a'], { revision: 1, appliedThrough: 1 });
    const events = watch();
    await next(events);
    push(['a'], { revision: 2, appliedThrough: 2 });
    expect(await next(events)).toMatchObject({ appliedThrough: 2, change: { added: [], removed: [], moved: [] } });
    await events.return!();
  });

  it('sends nothing at first when `after` is the current position', async () => {
    push(['a', 'b'], { revision: 3 });
    const events = watch({ after: { epoch: 'e1', revision: 3 } });
    const first = next(events);
    await begun();
    push(['b', 'a'], { revision: 4 });
    expect(await first).toMatchObject({ position: { revision: 4 }, change: null });
    await events.return!();
  });

  it.each([
    ['older', { epoch: 'e1', revision: 2 }],
    ['of another epoch', { epoch: 'e0', revision: 3 }],
  ])('sends the current list when `after` is %s', async (_name, after) => {
    push(['a'], { revision: 3 });
    const events = watch({ after });
    expect(await next(events)).toMatchObject({ position: { epoch: 'e1', revision: 3 } });
    await events.return!();
  });

  it('never goes back, but follows into a new epoch', async () => {
    push(['a'], { revision: 5 });
    const events = watch();
    await next(events);
    push(['b'], { revision: 4 });
    push(['c'], { revision: 1, epoch: 'e2' });
    expect(await next(events)).toMatchObject({ position: { epoch: 'e2', revision: 1 }, list: { items: [{ itemId: 'c' }] } });
    await events.return!();
  });

  it('keeps surfaces apart', async () => {
    push(['a'], { surface: 'home' });
    push(['b'], { surface: 'product' });
    const events = watch({ surface: 'product' });
    expect((await next(events)).list.items.map(({ itemId }) => itemId)).toEqual(['b']);
    await events.return!();
  });

  it('names an item that the catalogue mirror does not have, without failing the list', async () => {
    push(['a', 'unheard-of'], {});
    const events = watch();
    expect((await next(events)).list.items).toMatchObject([{ itemId: 'a' }, { itemId: 'unheard-of', item: null }]);
    await events.return!();
  });
});

describe('the end of a subscription', () => {
  it('leaves nothing when the client completes it while it waits', async () => {
    push(['a'], {});
    const events = watch();
    await next(events);
    await events.return!();
    await begun(0);
    expect(await openSubscriptions()).toBe(0);
  });

  it('leaves nothing when the socket is cut', async () => {
    const socket = await gateway.socket();
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    socket.send('{"type":"connection_init"}');
    await acknowledged;
    for (const id of ['1', '2']) socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query: WATCH } }));
    await begun(2);
    socket.terminate();
    await begun(0);
    expect(await openSubscriptions()).toBe(0);
  });

  it('leaves nothing after many rounds of subscribing and completing', async () => {
    push(['a'], {});
    for (let round = 0; round < 200; round++) {
      const events = watch();
      if (round % 2 === 0) await next(events); // with and without having read
      await events.return!();
    }
    await begun(0);
    expect(await openSubscriptions()).toBe(0);
  });

  it('tells the client when the watch fails, as a typed error', async () => {
    const events = watch();
    const first = events.next();
    await begun();
    for (const mailbox of gateway.watching) mailbox.fail(new BeckonError('UNAVAILABLE', 'the store is away', { retryAfterMs: 1000 }));
    await expect(first).rejects.toMatchObject([
      { message: 'the store is away', extensions: { code: 'UNAVAILABLE', retryable: true, retryAfterMs: 1000 } },
    ]);
    await begun(0);
  });

  it('hides what went wrong when the watch fails in an unknown way', async () => {
    const events = watch();
    const first = events.next();
    await begun();
    for (const mailbox of gateway.watching) mailbox.fail(new Error('redis://user:secret@host'));
    await expect(first).rejects.toMatchObject([{ extensions: { code: 'INTERNAL', correlationId: expect.any(String) as string } }]);
    await begun(0);
  });
});

const openSubscriptions = async (): Promise<number> => {
  const { values } = await gateway.deps.metrics.registry.getSingleMetric('beckon_gateway_subscriptions')!.get();
  return values[0]?.value ?? 0;
};

describe('RecommendationUpdates', () => {
  const updatesOf = (mailbox: ListWatch) => {
    const ended = jest.fn();
    const updates = new RecommendationUpdates(mailbox, {
      surface: 'home',
      first: 10,
      clock: new ManualClock(50),
      onUpdate: () => undefined,
      onEnd: ended,
    });
    return { updates, ended };
  };

  it('ends a waiting next() at once when return() is called, and closes the watch', async () => {
    const mailbox = new LatestMailbox<RecommendationList>(isNewer);
    const closed = jest.fn();
    mailbox.onClose(closed);
    const { updates, ended } = updatesOf(mailbox);
    const waiting = updates.next();
    await updates.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await updates.return();
    expect([closed.mock.calls.length, ended.mock.calls.length]).toEqual([1, 1]);
    expect(await updates.next()).toEqual({ done: true, value: undefined });
  });

  it('drops a list that is older than the one sent, even if the watch gives it', async () => {
    const mailbox = new LatestMailbox<RecommendationList>(); // guards nothing
    const { updates } = updatesOf(mailbox);
    mailbox.offer(listOf('u', ['a'], { revision: 2 }));
    await updates.next();
    const second = updates.next();
    mailbox.offer(listOf('u', ['b'], { revision: 1 }));
    await Promise.resolve();
    mailbox.offer(listOf('u', ['c'], { revision: 3 }));
    const { value } = (await second) as { value: { recommendations: { view: { list: RecommendationList } } } };
    expect(value.recommendations.view.list.revision).toBe(3);
  });

  it('an update keeps the place of the list before it, whatever is sent later', () => {
    const mailbox = new LatestMailbox<RecommendationList, Position>(isNewer, keepPlace);
    const { updates } = updatesOf(mailbox);
    const places = [1, 2, 3].map((revision) => {
      mailbox.offer(listOf('u', ['a'], { revision }));
      return updates.take()!;
    });
    mailbox.offer(listOf('u', ['a'], { revision: 2 })); // is older than the place that was remembered last
    expect(updates.take()).toBeUndefined();
    expect(places.map(({ before }) => before?.revision)).toEqual([undefined, 1, 2]);
  });
});

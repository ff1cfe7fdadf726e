import type { Client } from 'graphql-ws';
import { applyUpdate, type DeltaOrFull, type HeldItem, type HeldList } from '../../src/client/apply-delta';
import type { Position, RecommendationList } from '../../src/push/recommendation-list';
import { eventually } from '../support/eventually';
import { answersTo, nextUpdate } from './support/answers';
import { itemOf, listOf } from './support/fake-parts';
import { startTestGateway, type Answer, type TestGateway } from './support/test-gateway';

type Update = DeltaOrFull<HeldItem, HeldList<HeldItem>>;

const SELECTION = `{
  full { position { epoch revision } items { ...Shown } }
  delta {
    base { epoch revision } position { epoch revision }
    removed moved { itemId to } added { ...Shown } changed { ...Shown }
  }
}`;
const FRAGMENT = 'fragment Shown on Recommendation { itemId rank item { title } }';
const WATCH = `subscription ($after: PositionInput, $first: Int! = 10) { recommendations(after: $after, first: $first) ${SELECTION} } ${FRAGMENT}`;

let gateway: TestGateway;
let client: Client;
beforeEach(async () => {
  gateway = await startTestGateway();
  for (const id of ['a', 'b', 'c', 'd']) gateway.items.set(id, itemOf(id));
  client = gateway.client();
});
afterEach(() => gateway.close());

const watch = (query = WATCH, variables: Record<string, unknown> = {}) => answersTo(client, query, variables);
const next = (events: AsyncIterator<Answer>): Promise<Update> => nextUpdate<Update>(events);
const push = (itemIds: readonly string[], place: Position, rest: Partial<RecommendationList> = {}): void =>
  gateway.push(listOf('dev', itemIds, { ...place, ...rest }));
const at = (revision: number, epoch = 'e1'): Position => ({ epoch, revision });
const showing = ({ items }: HeldList<HeldItem>): string => items.map(({ itemId, rank }) => `${rank}${itemId}`).join(' ');

describe('a subscription that selects `delta` and `full`', () => {
  it('is sent the whole list first, then how each differs from the one that it was sent before, however many there were between', async () => {
    push(['a', 'b', 'c'], at(1));
    const events = watch();
    const first = await next(events);
    expect(first).toMatchObject({ delta: null, full: { position: at(1), items: [{ itemId: 'a' }, { itemId: 'b' }, { itemId: 'c' }] } });
    let held = applyUpdate(undefined, first);

    push(['d', 'a', 'b', 'c'], at(2)); // what the socket has not taken yet is replaced by
    push(['d', 'c', 'a', 'b'], at(3)); // this one
    const second = await next(events);
    expect(second).toEqual({
      full: null,
      delta: {
        ...{ base: at(1), position: at(3), removed: [], changed: [] },
        moved: [{ itemId: 'c', to: 2 }],
        added: [{ itemId: 'd', rank: 1, item: { title: 'Title of d' } }],
      },
    });
    held = applyUpdate(held, second);
    expect(showing(held)).toBe('1d 2c 3a 4b');

    gateway.items.set('a', itemOf('a', { title: 'Renamed' }));
    push(['d', 'a', 'b'], at(4));
    const third = await next(events);
    expect(third.delta).toMatchObject({ base: at(3), removed: ['c'], changed: [{ itemId: 'a', item: { title: 'Renamed' } }] });
    held = applyUpdate(held, third);
    expect(showing(held)).toBe('1d 2a 3b');
    await events.return!();
  });

  it('sees an item that rises into its `first` as added, and one that falls out as removed', async () => {
    push(['a', 'b', 'c'], at(1));
    const events = watch(WATCH, { first: 2 });
    await next(events);
    push(['a', 'c', 'b'], at(2));
    expect(await next(events)).toMatchObject({ full: null, delta: { removed: ['b'], added: [{ itemId: 'c', rank: 2 }], moved: [] } });
    await events.return!();
  });

  it('is sent the whole list after it has resumed, whether with `after` or without', async () => {
    push(['a', 'b'], at(3));
    for (const after of [at(3), at(2), null]) {
      const events = watch(WATCH, { after });
      const first = next(events);
      await eventually(() => expect(gateway.watching.size).toBe(1));
      if (after?.revision === 3) push(['b', 'a'], at(4));
      expect(await first).toMatchObject({ delta: null, full: { items: [{}, {}] } });
      await events.return!();
      await eventually(() => expect(gateway.watching.size).toBe(0));
      push(['a', 'b'], at(3));
    }
  });

  it('is sent the whole list when its epoch changes', async () => {
    push(['a', 'b'], at(3));
    const events = watch();
    await next(events);
    push(['b', 'a'], at(1, 'e2'));
    expect(await next(events)).toMatchObject({ delta: null, full: { position: at(1, 'e2') } });
    await events.return!();
  });

  it('is sent the whole list after an answer that graphql-js had to write', async () => {
    push(['a', 'b'], at(1));
    const events = watch(WATCH.replace('full {', 'appliedThrough full {'));
    await next(events);
    push(['b', 'a'], at(2), { appliedThrough: 1.5 });
    const { value } = (await events.next()) as { value: Answer };
    expect(value.errors).toMatchObject([{ path: ['recommendations', 'appliedThrough'] }]);
    push(['b', 'a', 'c'], at(3));
    expect(await next(events)).toMatchObject({ delta: null, full: { items: [{ itemId: 'b' }, { itemId: 'a' }, { itemId: 'c' }] } });
    push(['a', 'b', 'c'], at(4));
    expect(await next(events)).toMatchObject({ full: null, delta: { base: at(3), moved: [{}] } });
    await events.return!();
  });
});

import { execute, getOperationAST, parse, subscribe, type ExecutionResult } from 'graphql';
import { applyUpdate, type DeltaOrFull, type HeldItem } from '../../src/client/apply-delta';
import type { Identity } from '../../src/gateway/auth/identity';
import { buildSchema } from '../../src/gateway/build-schema';
import { createContext } from '../../src/gateway/create-context';
import { GatewayMetrics } from '../../src/gateway/gateway-metrics';
import { longestIncreasing } from '../../src/gateway/list-delta';
import { RecommendationUpdates } from '../../src/gateway/recommendation-updates';
import { Audiences } from '../../src/gateway/rendering/audiences';
import { ListPlans, type ListPlan } from '../../src/gateway/rendering/list-plans';
import { RenderedLists } from '../../src/gateway/rendering/rendered-lists';
import type { RecommendationUpdate } from '../../src/gateway/schema-mappers';
import { ManualClock } from '../../src/platform/clock';
import { seededRandom, type Random } from '../../src/platform/random';
import { LatestMailbox } from '../../src/push/latest-mailbox';
import { isNewer } from '../../src/push/list-order';
import { keepPlace, type Position, type RecommendationList } from '../../src/push/recommendation-list';
import { recommendationOf } from '../support/lists';
import { fakeParts, itemOf, listOf } from './support/fake-parts';
import { TEST_SETTINGS } from './support/test-gateway';

/** Deltas, with the whole list beside them to compare with: an app selects one or the other. */
const COMPARED = `subscription ($scores: Boolean = false) {
  recommendations {
    delta {
      __typename base { epoch revision } recommendationId position { epoch revision } appliedThrough fallback { level name } computedAt
      removed moved { itemId from to } added { ...Shown } changed { ...Shown }
    }
    full { ...Whole }
    list { ...Whole }
    change { added removed moved { itemId from to } }
  }
}
fragment Whole on RecommendationList {
  __typename recommendationId position { epoch revision } appliedThrough fallback { level name } computedAt items { ...Shown }
}
fragment Shown on Recommendation {
  __typename itemId rank score @include(if: $scores) content { title text } reason { code } item { title price }
}`;

interface List {
  readonly position: Position;
  readonly items: readonly HeldItem[];
}
type Event = DeltaOrFull<HeldItem, List> & { readonly list: List; readonly change: { readonly added: readonly string[] } | null };

const schema = buildSchema();
const clock = new ManualClock(5000);
const parts = fakeParts({ clock });
const catalogue = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
const audiences = new Audiences({ deps: parts.deps, settings: TEST_SETTINGS, metrics: new GatewayMetrics(parts.deps.metrics) });
const readers = audiences.of({ tenant: 'default', userId: 'r', scopes: new Set() });

beforeEach(() => {
  for (const id of catalogue) parts.items.set(id, itemOf(id, { price: 1 }));
});

const compile = (text: string, variables: Record<string, unknown> = {}): ListPlan => {
  const document = parse(text);
  return new ListPlans(schema).planOf(document, getOperationAST(document)!, variables)!;
};

/** One subscription as the socket server has it: lists come into its mailbox, and it takes the newest when it can. */
class Subscriber {
  readonly mailbox = new LatestMailbox<RecommendationList, Position>(isNewer, keepPlace);
  readonly updates: RecommendationUpdates;
  held: List | undefined;

  constructor(
    private readonly rendered: RenderedLists,
    private readonly plan: ListPlan,
    first = 10,
  ) {
    this.updates = new RecommendationUpdates(this.mailbox, {
      surface: 'home',
      first,
      clock,
      onUpdate: () => undefined,
      onEnd: () => undefined,
    });
    this.updates.follow({ onReady: () => undefined, onFailure: () => undefined });
  }

  offer(list: RecommendationList): void {
    this.mailbox.offer(list);
  }

  takeUpdate(): RecommendationUpdate | undefined {
    return this.updates.take();
  }

  /** Reads what has come, as a client does. */
  read(): { readonly event: Event; readonly text: string } | undefined {
    const update = this.takeUpdate();
    if (!update) return undefined;
    const text = this.rendered.render(this.plan, update, readers);
    const { data } = JSON.parse(text) as { data: { recommendations: Event } };
    const event = data.recommendations;
    this.held = applyUpdate<HeldItem, List>(this.held, event);
    return { event, text };
  }
}

/** Whatever may come after a list: items that go, come, move, and look different. */
function nextList(random: Random, { items, epoch, revision }: RecommendationList): RecommendationList {
  const chance = (p: number): boolean => random() < p;
  const order = items.map((item) => (chance(0.1) ? { ...item, content: { ...item.content, text: `Text ${revision}` } } : item));
  for (let k = 0; k < order.length; k++) if (chance(0.15)) order.splice(k, 1);
  for (let k = 0; k < 2; k++)
    if (order.length > 1 && chance(0.5)) order.splice(place(random, order), 0, ...order.splice(place(random, order), 1));
  const absent = catalogue.filter((id) => !order.some(({ itemId }) => itemId === id));
  for (const id of absent) if (chance(0.15)) order.splice(place(random, order), 0, recommendationOf(id));
  const scored = order.map((item) => ({ ...item, score: random() }));
  const at = chance(0.05) ? { epoch: `${epoch}'`, revision: 1 } : { epoch, revision: revision + 1 };
  return listOf('ann', [], { id: `r${random()}`, items: scored, appliedThrough: revision, ...at });
}

const place = (random: Random, { length }: readonly unknown[]): number => Math.floor(random() * (length + 1));

describe('deltas', () => {
  it.each([
    ['what is shown', false],
    ['scores too', true],
  ])('applied by a client, give the whole list, whatever the lists and however many it skipped: %s', (_name, scores) => {
    const plan = compile(COMPARED, { scores });
    let deltas = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      const rendered = new RenderedLists();
      const subscribers = [10, 10, 10, 3, 3].map((first) => new Subscriber(rendered, plan, first));
      let list = listOf('ann', ['a', 'b', 'c', 'd', 'e', 'f']);
      for (let step = 0; step < 30; step++) {
        for (const subscriber of subscribers) subscriber.offer(list);
        for (const subscriber of subscribers) {
          if (random() < 0.2) parts.items.set('b', itemOf('b', { price: 1 + Math.floor(random() * 2) })); // there and back again
          if (random() < 0.4) continue; // does not read now
          const seen = subscriber.read();
          if (!seen) continue;
          expect(subscriber.held).toEqual(seen.event.list);
          if (seen.event.delta) deltas++;
        }
        list = nextList(random, list);
      }
    }
    if (scores)
      expect(deltas).toBe(0); // every score is another: the list itself is shorter
    else expect(deltas).toBeGreaterThan(200);
  });

  it('are written as graphql-js writes them, to the byte', async () => {
    const plan = compile(COMPARED);
    const random = seededRandom(7);
    const write = jest.spyOn(plan, 'write');
    const subscriber = new Subscriber(new RenderedLists(), plan);
    let list = listOf('ann', ['a', 'b', 'c', 'd', 'e', 'f']);
    for (let step = 0; step < 50; step++) {
      subscriber.offer(list);
      const { text } = subscriber.read()!;
      const recommendations = write.mock.lastCall![0];
      expect(
        JSON.stringify(await execute({ schema, document: parse(COMPARED), contextValue: readers, rootValue: { recommendations } })),
      ).toBe(text);
      list = nextList(random, list);
    }
    expect(write.mock.calls.filter(([{ delta }]) => delta).length).toBeGreaterThan(20);
  });

  const after = (before: readonly string[], now: readonly string[], changes: Partial<RecommendationList> = {}): Event => {
    const subscriber = new Subscriber(new RenderedLists(), compile(COMPARED));
    subscriber.offer(listOf('ann', before));
    subscriber.read();
    subscriber.offer(listOf('ann', now, { revision: 2, ...changes }));
    return subscriber.read()!.event;
  };
  const shown = (itemId: string, rank: number): object => ({ itemId, rank });

  it.each([
    ['nothing', 'abcd', 'abcd', '', [], []],
    ['a newcomer at the top', 'abcd', 'xabc', 'd', [], [shown('x', 1)]],
    ['one that rises', 'abcd', 'dabc', '', [{ itemId: 'd', from: 4, to: 1 }], []],
    ['one that falls', 'abcd', 'bcda', '', [{ itemId: 'a', from: 1, to: 4 }], []],
    ['one that is taken back', 'abcd', 'acd', 'b', [], []],
  ])('name the fewest items: %s', (_name, before, now, removed, moved, added) => {
    const { delta, full } = after([...before], [...now]);
    expect({ ...delta, full }).toMatchObject({
      removed: [...removed],
      moved,
      added,
      changed: [],
      full: null,
      base: { epoch: 'e1', revision: 1 },
    });
  });

  it('carry the whole item when something selected of it is not as it was', () => {
    const items = ['a', 'b'].map((itemId) => recommendationOf(itemId, 2));
    items[1] = { ...items[1]!, content: { title: 'New', text: 'words', callToAction: 'Go' } };
    expect(after(['a', 'b'], [], { items }).delta).toMatchObject({
      changed: [{ itemId: 'b', rank: 2, content: { title: 'New', text: 'words' }, item: { price: 1 } }],
      moved: [],
    });
  });

  it('carry an item whose catalogue entry has changed, though its list has not', () => {
    const subscriber = new Subscriber(new RenderedLists(), compile(COMPARED));
    subscriber.offer(listOf('ann', ['a', 'b']));
    subscriber.read();
    parts.items.set('b', itemOf('b', { hidden: true }));
    subscriber.offer(listOf('ann', ['a', 'b'], { revision: 2 }));
    expect(subscriber.read()!.event.delta).toMatchObject({ changed: [{ itemId: 'b', item: null }] });
  });

  it.each([
    ['of another epoch', ['a', 'b'], { epoch: 'e2' }],
    ['of other items altogether', ['c', 'd'], {}],
    ['that is empty', [], {}],
  ])('are not made to a list %s: it comes whole', (_name, now, rest) => {
    const { delta, full, list } = after(['a', 'b'], now, rest);
    expect(delta).toBeNull();
    expect(full).toEqual(list);
  });

  it('start from nothing when graphql-js had to write the list before', () => {
    const plan = compile(COMPARED);
    const subscriber = new Subscriber(new RenderedLists(), plan);
    subscriber.offer(listOf('ann', ['a', 'b']));
    subscriber.read();
    subscriber.offer(listOf('ann', ['b', 'a'], { revision: 2, appliedThrough: NaN }));
    expect(() => subscriber.read()).toThrow();
    subscriber.offer(listOf('ann', ['a', 'b'], { revision: 3 }));
    expect(subscriber.read()!.event.delta).toBeNull();
    subscriber.offer(listOf('ann', ['b', 'a'], { revision: 4 }));
    expect(subscriber.read()!.event.delta).not.toBeNull();
  });

  it('are not made where graphql-js answers: each list comes whole', async () => {
    parts.push(listOf('ann', ['a', 'b']));
    const identity: Identity = { tenant: 'default', userId: 'ann', scopes: new Set() };
    const contextValue = createContext(
      { deps: parts.deps, settings: TEST_SETTINGS, metrics: readers.metrics },
      { identity, receivedAt: 0 },
    );
    const events = (await subscribe({ schema, document: parse(COMPARED), contextValue })) as AsyncIterableIterator<ExecutionResult>;
    for (const revision of [1, 2, 3]) {
      if (revision > 1) parts.push(listOf('ann', revision === 2 ? ['b', 'a'] : ['a'], { revision }));
      const { value } = (await events.next()) as { value: { data: { recommendations: Event } } };
      const { delta, full, list } = value.data.recommendations;
      expect({ delta, full }).toEqual({ delta: null, full: list });
      expect(list.position.revision).toBe(revision);
    }
    await events.return!();
  });

  it('are written once for everybody who was sent the same list before', () => {
    const plan = compile(COMPARED);
    const write = jest.spyOn(plan, 'write');
    const rendered = new RenderedLists();
    const crowd = Array.from({ length: 100 }, () => new Subscriber(rendered, plan));
    for (const subscriber of crowd) {
      subscriber.offer(listOf('ann', ['a', 'b'])); // each reads its own copy from the store
      subscriber.read();
    }
    write.mockClear();
    const one = listOf('ann', ['b', 'a'], { revision: 2 });
    for (const subscriber of crowd) subscriber.offer(one);
    expect(new Set(crowd.map((subscriber) => subscriber.read()!.text)).size).toBe(1);
    expect(write).toHaveBeenCalledTimes(1);
    expect(crowd.every(({ updates }) => updates.shown === crowd[0]!.updates.shown)).toBe(true); // nor is it remembered a hundred times
  });

  it('are reckoned for nobody who does not select them', () => {
    expect(compile('subscription { recommendations { list { items { itemId } } change { added } } }').show).toBeUndefined();
  });
});

describe('applyUpdate', () => {
  const list: List = { position: { epoch: 'e1', revision: 1 }, items: [{ itemId: 'a', rank: 1 }] };
  const to = { position: { epoch: 'e1', revision: 3 }, removed: [], moved: [], added: [], changed: [] };

  it.each([
    ['of another revision', { epoch: 'e1', revision: 2 }, list],
    ['of another epoch', { epoch: 'e2', revision: 1 }, list],
    ['when there is none', { epoch: 'e1', revision: 1 }, undefined],
  ])('refuses a delta to a list %s', (_name, base, held) => {
    expect(() => applyUpdate<HeldItem, List>(held, { delta: { base, ...to }, full: null })).toThrow('not held');
  });

  it('refuses an update with neither', () => {
    expect(() => applyUpdate<HeldItem, List>(list, { delta: null, full: null })).toThrow('select both');
  });
});

describe('longestIncreasing', () => {
  it('is as long as any, by trial of every subsequence', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 200; round++) {
      const values = Array.from({ length: 8 }, (_, k) => k).sort(() => random() - 0.5);
      const kept = [...longestIncreasing(values)].sort((a, b) => a - b).map((index) => values[index]!);
      expect(isIncreasing(kept)).toBe(true);
      const longest = Math.max(
        ...subsequences(values)
          .filter(isIncreasing)
          .map(({ length }) => length),
      );
      expect(kept).toHaveLength(longest);
    }
  });
});

const isIncreasing = (values: readonly number[]): boolean => values.every((value, k) => k === 0 || values[k - 1]! < value);
const subsequences = (values: readonly number[]): number[][] =>
  Array.from({ length: 2 ** values.length }, (_, mask) => values.filter((__, k) => mask & (1 << k)));

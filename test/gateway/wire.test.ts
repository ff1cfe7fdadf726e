import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { buildSchema } from '../../src/gateway/build-schema';
import { createContext } from '../../src/gateway/create-context';
import { GatewayMetrics } from '../../src/gateway/gateway-metrics';
import { BeckonError } from '../../src/platform/errors';
import { Talk, type Partner, type Transcript } from './support/conversation';
import { fakeParts, itemOf, listOf } from './support/fake-parts';
import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';

/*
 * The wire of the gateway beside that of stock graphql-ws over the same schema, resolvers and ports: the same conversations, word for word.
 */

type Script = (talk: Talk) => Promise<unknown> | void;

const QUERY = '{ item(id: "a") { title } }';
const WATCH = `subscription ($first: Int! = 3, $surface: String! = "home", $short: Boolean! = false) {
  recommendations(first: $first, surface: $surface) {
    position { epoch revision }
    appliedThrough
    cause { kind behaviours { id type itemId seq } itemIds }
    change { added removed moved { itemId from to } }
    list { items { itemId rank score flags item { title } content { title @skip(if: $short) text } sources { model share } } computedAt }
  }
}`;
const subscribe = (id: unknown, query: unknown, rest: object = {}): object => ({ id, type: 'subscribe', payload: { query, ...rest } });
const list = (revision: number, ids: readonly string[] = ['a', 'b']) => listOf('dev', ids, { revision, appliedThrough: revision });

/** After `connection_init`: says these, and waits for so many answers besides the acknowledgement. */
const asking =
  (count: number, ...messages: readonly (object | string | Buffer)[]): Script =>
  async (talk) => {
    await talk.init();
    talk.say(...messages);
    await talk.hear(1 + count);
  };
/** Says these at once, on a socket that has said nothing. */
const opening =
  (...messages: readonly (object | string | Buffer)[]): Script =>
  async (talk) => {
    talk.say(...messages);
    await talk.closing();
  };
/** Subscribes with a current list, then has others pushed one after the other. */
const watchingLists =
  (query: string, revisions: readonly number[], rest: object = {}): Script =>
  async (talk) => {
    talk.push(list(1));
    await talk.init();
    talk.say(subscribe('w', query, rest));
    await talk.hear(2);
    for (const [index, revision] of revisions.entries()) {
      talk.push(list(revision, revision % 2 === 0 ? ['c', 'a', 'x'] : ['a', 'b']));
      await talk.hear(3 + index);
    }
  };

const GOOD: readonly (readonly [string, Script])[] = [
  ['a connection_init', (talk) => talk.init()],
  ['a connection_init with a payload', async (talk) => (talk.say({ type: 'connection_init', payload: { a: 1 } }), talk.hear(1))],
  ['a connection_init with a payload of null', async (talk) => (talk.say({ type: 'connection_init', payload: null }), talk.hear(1))],
  ['a connection_init as a binary message', async (talk) => (talk.say(Buffer.from('{"type":"connection_init"}')), talk.hear(1))],
  ['a ping before connection_init', async (talk) => (talk.say({ type: 'ping' }), talk.hear(1))],
  ['a ping with a payload', asking(1, { type: 'ping', payload: { at: 1, deep: { b: [1, null] } } })],
  ['a ping with a payload of null', asking(1, { type: 'ping', payload: null })],
  ['a ping with an empty payload', asking(1, { type: 'ping', payload: {} })],
  ['a pong that nobody asked for', asking(0, { type: 'pong' }, { type: 'pong', payload: { x: 1 } })],
  ['a query', asking(2, subscribe('1', QUERY))],
  ['two queries at once', asking(4, subscribe('1', QUERY), subscribe('2', '{ __typename }'))],
  ['a query with variables', asking(2, subscribe('1', 'query ($id: ID!) { item(id: $id) { id } }', { variables: { id: 'b' } }))],
  ['a query of several by name', asking(2, subscribe('1', `query A ${QUERY} query B { __typename }`, { operationName: 'B' }))],
  [
    'a query with variables, name and extensions of null',
    asking(2, subscribe('1', QUERY, { variables: null, operationName: null, extensions: null })),
  ],
  ['a query with extensions', asking(2, subscribe('1', QUERY, { extensions: { persisted: 1 } }))],
  ['fields that the protocol does not know', asking(2, { ...subscribe('1', QUERY), more: 1 })],
  ['an id with quotes and signs of other scripts', asking(2, subscribe('"ä\\\n😀', QUERY))],
  [
    'a mutation',
    asking(2, subscribe('1', 'mutation { recordBehaviours(behaviours: [{ type: "search", query: "q" }]) { users { seq } } }')),
  ],
  [
    'an id that is used again when its operation is over',
    async (talk) => {
      await asking(2, subscribe('1', QUERY))(talk);
      talk.say(subscribe('1', QUERY));
      await talk.hear(5);
    },
  ],
  [
    'a resolver that fails',
    async (talk) => {
      talk.parts.failWith(new BeckonError('OVERLOADED', 'too much', { retryAfterMs: 5 }));
      await asking(2, subscribe('1', '{ profile { seq } }'))(talk);
    },
  ],
  ['a document that is not valid', asking(1, subscribe('1', '{ nothing item(id: "a") }'))],
  ['a subscription that is not valid', asking(1, subscribe('1', 'subscription { recommendations { nothing } }'))],
  ['a variable of a wrong type', asking(2, subscribe('1', WATCH, { variables: { first: 'x' } }))],
  ['a variable of a query of a wrong type', asking(2, subscribe('1', 'query ($id: ID!) { item(id: $id) { id } }', { variables: {} }))],
  ['a subscription that is refused', asking(2, subscribe('1', WATCH, { variables: { surface: 'nowhere' } }))],
  ['a subscription with an argument that is out of range', asking(2, subscribe('1', WATCH, { variables: { first: 51 } }))],
  ['a subscription with a current list', watchingLists(WATCH, [])],
  ['a subscription with lists that change', watchingLists(WATCH, [2, 3, 4])],
  ['a subscription with a variable in its selection', watchingLists(WATCH, [2], { variables: { short: true } })],
  [
    'a subscription with aliases, fragments and __typename',
    watchingLists(
      `fragment I on Recommendation { __typename id: itemId rank }
     subscription W { mine: recommendations(first: 2) { ...R ... on RecommendationUpdate { appliedThrough } } }
     fragment R on RecommendationUpdate { __typename list { items { ...I ...I at: rank } } }`,
      [2, 3],
    ),
  ],
  [
    'a subscription with the same field asked for twice',
    watchingLists(
      'subscription { recommendations { position { epoch } position { revision } list { items { itemId } } list { items { score itemId } } } }',
      [2],
    ),
  ],
  [
    'a list that goes back is not sent',
    async (talk) => {
      await watchingLists(WATCH, [5])(talk);
      talk.push(list(4));
      talk.push(list(6));
      await talk.hear(4);
    },
  ],
  [
    'a subscription that the client completes',
    async (talk) => {
      await watchingLists(WATCH, [2])(talk);
      talk.say({ id: 'w', type: 'complete' });
      await talk.watching(0);
      talk.push(list(3));
    },
  ],
  [
    'an id that is used again after complete',
    async (talk) => {
      await watchingLists(WATCH, [2])(talk);
      talk.say({ id: 'w', type: 'complete' });
      await talk.watching(0);
      talk.say(subscribe('w', WATCH));
      await talk.hear(4);
    },
  ],
  [
    'several subscriptions',
    async (talk) => {
      await watchingLists(WATCH, [])(talk);
      talk.say(subscribe('v', 'subscription { recommendations { appliedThrough } }'));
      await talk.hear(3);
      talk.push(list(2));
      await talk.hear(5);
    },
  ],
  [
    'a query beside a subscription',
    async (talk) => {
      await watchingLists(WATCH, [2])(talk);
      talk.say(subscribe('q', QUERY));
      await talk.hear(5);
    },
  ],
  [
    'a subscription whose source fails',
    async (talk) => {
      await watchingLists(WATCH, [])(talk);
      for (const watch of talk.parts.watching) watch.fail(new BeckonError('UNAVAILABLE', 'the store is away'));
      await talk.hear(3);
      await talk.watching(0);
    },
  ],
  [
    'a subscription whose source fails before its first list',
    async (talk) => {
      await talk.init();
      talk.say(subscribe('w', WATCH));
      await talk.watching(1);
      for (const watch of talk.parts.watching) watch.fail(new BeckonError('UNAVAILABLE', 'the store is away'));
      await talk.hear(2);
    },
  ],
  ['a complete for nothing', asking(0, { id: 'none', type: 'complete' })],
  ['a complete before connection_init', async (talk) => talk.say({ id: 'none', type: 'complete' })],
];

const BAD: readonly (readonly [string, Script])[] = [
  ['no JSON', opening('nonsense')],
  ['empty text', opening('')],
  ['an array', opening('[]')],
  ['null', opening('null')],
  ['a number', opening('7')],
  ['no type', opening({})],
  ['a type that is no text', opening({ type: 7 })],
  ['an unknown type', opening({ type: 'start', id: '1', payload: { query: QUERY } })],
  ['a connection_init with text for a payload', opening({ type: 'connection_init', payload: 'token' })],
  ['a connection_init with an array for a payload', opening({ type: 'connection_init', payload: [] })],
  ['a ping with text for a payload', opening({ type: 'ping', payload: 'x' })],
  ['a pong with a number for a payload', opening({ type: 'pong', payload: 1 })],
  ['a subscribe before connection_init', opening(subscribe('1', QUERY))],
  ['a second connection_init', asking(1, { type: 'connection_init' })],
  ['two connection_inits at once', opening({ type: 'connection_init' }, { type: 'connection_init' })],
  ['a subscribe without an id', asking(1, { type: 'subscribe', payload: { query: QUERY } })],
  ['a subscribe with an empty id', asking(1, subscribe('', QUERY))],
  ['a subscribe with a number for an id', asking(1, subscribe(1, QUERY))],
  ['a subscribe without a payload', asking(1, { id: '1', type: 'subscribe' })],
  ['a subscribe without a query', asking(1, { id: '1', type: 'subscribe', payload: {} })],
  ['a query that is no text', asking(1, subscribe('1', { kind: 'Document' }))],
  ['variables that are an array', asking(1, subscribe('1', QUERY, { variables: [] }))],
  ['an operationName that is no text', asking(1, subscribe('1', QUERY, { operationName: 7 }))],
  ['extensions that are text', asking(1, subscribe('1', QUERY, { extensions: 'x' }))],
  ['a complete without an id', asking(1, { type: 'complete' })],
  [
    'an id that is in use',
    async (talk) => {
      await watchingLists(WATCH, [])(talk);
      talk.say(subscribe('w', QUERY));
      await talk.closing();
    },
  ],
  ['a connection_ack, which only servers send', asking(1, { type: 'connection_ack' })],
  ['a next, which only servers send', asking(1, { id: '1', type: 'next', payload: {} })],
  ['an error, which only servers send', asking(1, { id: '1', type: 'error', payload: [{ message: 'm' }] })],
  ['an error that is none', asking(1, { id: '1', type: 'error', payload: [] })],
  ['no connection_init at all', (talk) => talk.closing()],
];

const schema = buildSchema();
let ours: TestGateway;
let stock: Partner & { readonly server: Server };

const filled = () => {
  const parts = fakeParts();
  for (const id of ['a', 'b', 'c']) parts.items.set(id, itemOf(id));
  return parts;
};

async function startStock(): Promise<typeof stock> {
  const parts = filled();
  const { deps } = parts;
  const metrics = new GatewayMetrics(deps.metrics);
  const server = createServer();
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  const context = async () => {
    const identity = await deps.authenticator.authenticate(new Map());
    return createContext({ deps, settings: TEST_SETTINGS, metrics }, { identity, receivedAt: deps.clock.now() });
  };
  useServer({ schema, context, isProd: true }, sockets);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { parts, server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` };
}

beforeEach(async () => {
  jest.spyOn(console, 'error').mockReturnValue(undefined); // where stock graphql-ws reports what clients do wrong
  ours = await startTestGateway(filled());
  stock = await startStock();
});
afterEach(async () => {
  await ours.close();
  stock.server.closeAllConnections();
  await new Promise((resolve) => stock.server.close(resolve));
  jest.restoreAllMocks();
});

async function both(script: Script, protocol?: string | string[]): Promise<{ readonly ours: Transcript; readonly stock: Transcript }> {
  const transcriptOf = async (partner: Partner): Promise<Transcript> => {
    const talk = await Talk.open(partner, protocol);
    await script(talk);
    return talk.end();
  };
  const own: Partner = { url: ours.socketUrl, parts: ours };
  return { ours: await transcriptOf(own), stock: await transcriptOf(stock) };
}

describe('says what stock graphql-ws says to', () => {
  it.each([...GOOD, ...BAD])('%s', async (_name, script) => {
    const said = await both(script);
    expect(said.ours).toEqual(said.stock);
  });

  it('no sub-protocol, and several of which it speaks one', async () => {
    const refused = await both((talk) => talk.closing(), []);
    expect(refused.ours).toEqual(refused.stock);
    expect(refused.ours).toEqual([{ closed: 4406, reason: 'Subprotocol not acceptable' }]);
    const taken = await both((talk) => talk.init(), ['other', 'graphql-transport-ws']);
    expect(taken.ours).toEqual(taken.stock);
  });
});

/** Where the gateway does otherwise, and why; `extensions` on errors besides. The same list is in docs/protocol.md. */
const DEVIATIONS: readonly {
  readonly name: string;
  readonly why: string;
  readonly script: Script;
  readonly ours: Transcript;
  readonly stock: Transcript;
}[] = [
  {
    name: 'a document that cannot be parsed',
    why: 'stock graphql-ws ends the connection, and all its other operations, for one typing error; an `error` message is what HTTP answers, too',
    script: asking(1, subscribe('1', '{')),
    ours: [
      { type: 'connection_ack' },
      { id: '1', type: 'error', payload: [{ message: 'Syntax Error: Expected Name, found <EOF>.', locations: [{ line: 1, column: 2 }] }] },
    ],
    stock: [{ type: 'connection_ack' }, { closed: 4500, reason: 'Internal server error' }],
  },
  {
    name: 'a document of several operations without a name',
    why: 'the message says what to do',
    script: asking(1, subscribe('1', 'query A { __typename } query B { __typename }')),
    ours: [
      { type: 'connection_ack' },
      { id: '1', type: 'error', payload: [{ message: 'the document has several operations: say which with operationName' }] },
    ],
    stock: [{ type: 'connection_ack' }, { id: '1', type: 'error', payload: [{ message: 'Unable to identify operation' }] }],
  },
  {
    name: 'an error that is none of the caller’s',
    why: 'messages of unknown errors hold addresses and paths',
    script: async (talk) => {
      talk.parts.failWith(new Error('connect to redis://user:secret@host'));
      await asking(2, subscribe('1', '{ profile { seq } }'))(talk);
    },
    ours: answered('Something went wrong on our side. Quote the correlation id when you report it.'),
    stock: answered('connect to redis://user:secret@host'),
  },
];

function answered(message: string): Transcript {
  const errors = [{ message, path: ['profile'], locations: [{ line: 1, column: 3 }] }];
  return [{ type: 'connection_ack' }, { id: '1', type: 'next', payload: { errors, data: null } }, { id: '1', type: 'complete' }];
}

describe('does otherwise than stock graphql-ws, for a reason:', () => {
  it.each(DEVIATIONS)('$name: $why', async ({ script, ours: own, stock: other }) => {
    expect(await both(script)).toEqual({ ours: own, stock: other });
  });

  it('an id in use that is longer than a close frame: the reason is cut, where stock graphql-ws fails to close at all', async () => {
    const talk = await Talk.open({ url: ours.socketUrl, parts: ours });
    await talk.init();
    const id = 'x'.repeat(200);
    talk.say(subscribe(id, WATCH), subscribe(id, WATCH));
    await talk.closing();
    expect((await talk.end()).at(-1)).toMatchObject({ closed: 4409, reason: expect.stringMatching(/^Subscriber for x{80,}/) as string });
  });
});

it('has at least forty conversations', () => expect(GOOD.length + BAD.length).toBeGreaterThanOrEqual(40));

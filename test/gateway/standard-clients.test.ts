import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { OperationTypeNode } from 'graphql';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createUrqlClient, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createEventsClient } from 'graphql-sse';
import { createClient, type Client } from 'graphql-ws';
import { Network, Observable, type GraphQLResponse, type RequestParameters } from 'relay-runtime';
import WebSocket from 'ws';
import { startGateway, type GatewayServer } from '../../src/gateway/start-gateway';
import type { RecommendationList } from '../../src/push/recommendation-list';
import { eventually } from '../support/eventually';
import { fakeParts, itemOf, listOf, type FakeParts } from './support/fake-parts';
import { TEST_SETTINGS } from './support/test-gateway';

const QUERY = 'query List($first: Int!) { recommendations(first: $first) { appliedThrough items { rank item { id title } } } }';
const MUTATION =
  'mutation Record($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { recorded { id status } users { userId seq } } }';
const SUBSCRIPTION =
  'subscription Watch { recommendations(first: 2) { position { epoch revision } list { items { rank item { id title } } } } }';

const VARIABLES = { b: [{ id: 'b1', type: 'view', itemId: 'a' }] };
const HEADERS = { 'x-beckon-user': 'ann' };
const RECORDED = { recordBehaviours: { recorded: [{ id: 'b1', status: 'ACCEPTED' }], users: [{ userId: 'ann', seq: 1 }] } };

let parts: FakeParts;
let server: GatewayServer;
const push = (itemIds: readonly string[], rest: Partial<RecommendationList> = {}): void => parts.push(listOf('ann', itemIds, rest));
const listen = async (port = 0): Promise<void> => {
  server = await startGateway(parts.deps, TEST_SETTINGS, { host: '127.0.0.1', port });
};

beforeEach(async () => {
  parts = fakeParts();
  for (const id of ['a', 'b']) parts.items.set(id, itemOf(id));
  push(['a', 'b'], { appliedThrough: 4 });
  await listen();
});
afterEach(() => server.close(100));

/** What each client is made to do, in its own way. */
interface StandardClient {
  query(): Promise<unknown>;
  mutate(): Promise<unknown>;
  /** Calls back with each event's data, without what the client itself adds. */
  subscribe(onData: (data: unknown) => void): () => void;
  close(): void | Promise<void>;
}

const httpUrl = (): string => `http://127.0.0.1:${server.port}/graphql`;
const socketClient = (): Client =>
  createClient({
    url: `ws://127.0.0.1:${server.port}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: HEADERS,
    retryAttempts: Infinity,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)), // the default waits for seconds
  });
const plain = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data, (key, value: unknown) => (key === '__typename' ? undefined : value)));

function apolloClient(): StandardClient {
  const socket = socketClient();
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: httpUrl(), headers: HEADERS }),
  );
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return {
    query: async () => plain((await client.query({ query: gql(QUERY), variables: { first: 2 } })).data),
    mutate: async () => plain((await client.mutate({ mutation: gql(MUTATION), variables: VARIABLES })).data),
    subscribe: (onData) => {
      const subscription = client
        .subscribe({ query: gql(SUBSCRIPTION), fetchPolicy: 'no-cache' })
        .subscribe(({ data }) => onData(plain(data)));
      return () => subscription.unsubscribe();
    },
    close: async () => {
      client.stop();
      await socket.dispose();
    },
  };
}

function urqlClient(): StandardClient {
  const socket = socketClient();
  const client = createUrqlClient({
    url: httpUrl(),
    fetchOptions: { headers: HEADERS },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query, variables: variables as Record<string, unknown> }, sink as never),
          }),
        }),
      }),
    ],
  });
  return {
    query: async () => plain((await client.query(QUERY, { first: 2 }).toPromise()).data),
    mutate: async () => plain((await client.mutation(MUTATION, VARIABLES).toPromise()).data),
    subscribe: (onData) => {
      const subscription = client.subscription(SUBSCRIPTION, {}).subscribe(({ data }) => onData(plain(data)));
      return () => subscription.unsubscribe();
    },
    close: () => socket.dispose(),
  };
}

function graphqlWsClient(): StandardClient {
  const socket = socketClient();
  const once = async (query: string, variables: Record<string, unknown>): Promise<unknown> => {
    for await (const { data } of socket.iterate({ query, variables })) return data;
    throw new Error('no answer');
  };
  return {
    query: () => once(QUERY, { first: 2 }),
    mutate: () => once(MUTATION, VARIABLES),
    subscribe: (onData) =>
      socket.subscribe({ query: SUBSCRIPTION }, { next: ({ data }) => onData(data), error: () => undefined, complete: () => undefined }),
    close: () => socket.dispose(),
  };
}

function graphqlSseClient(): StandardClient {
  const events = createEventsClient({
    ...{ url: httpUrl(), headers: HEADERS, fetchFn: fetch, retryAttempts: Infinity },
    retry: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  const once = async (query: string, variables: Record<string, unknown>): Promise<unknown> => {
    for await (const { data } of events.iterate({ query, variables })) return data;
    throw new Error('no answer');
  };
  return {
    query: () => once(QUERY, { first: 2 }),
    mutate: () => once(MUTATION, VARIABLES),
    subscribe: (onData) =>
      events.subscribe({ query: SUBSCRIPTION }, { next: ({ data }) => onData(data), error: () => undefined, complete: () => undefined }),
    close: () => events.dispose(),
  };
}

/** The network of Relay as its guide has it: `fetch`, and graphql-ws for subscriptions. */
function relayClient(): StandardClient {
  const socket = socketClient();
  const network = Network.create(
    async ({ text }, variables) => {
      const body = JSON.stringify({ query: text, variables });
      const response = await fetch(httpUrl(), { method: 'POST', headers: { ...HEADERS, 'content-type': 'application/json' }, body });
      return (await response.json()) as GraphQLResponse;
    },
    ({ text }, variables) => Observable.create((sink) => socket.subscribe({ query: text!, variables }, sink as never)),
  );
  const execute = (text: string, operationKind: RequestParameters['operationKind'], variables = {}): Observable<GraphQLResponse> =>
    network.execute({ name: 'Any', operationKind, text, id: null, cacheID: text, metadata: {} }, variables, { force: true }, null);
  const dataOf = (response: GraphQLResponse | undefined): unknown => (response as { readonly data?: unknown } | undefined)?.data;
  return {
    query: async () => dataOf(await execute(QUERY, 'query', { first: 2 }).toPromise()),
    mutate: async () => dataOf(await execute(MUTATION, 'mutation', VARIABLES).toPromise()),
    subscribe: (onData) => {
      const subscription = execute(SUBSCRIPTION, 'subscription').subscribe({ next: (response) => onData(dataOf(response)) });
      return () => subscription.unsubscribe();
    },
    close: () => socket.dispose(),
  };
}

const showing = (revision: number, ...itemIds: string[]): object => ({
  recommendations: {
    position: { epoch: 'e1', revision },
    list: { items: itemIds.map((id, index) => ({ rank: index + 1, item: { id, title: `Title of ${id}` } })) },
  },
});

describe.each([
  ['Apollo Client', apolloClient],
  ['urql', urqlClient],
  ['graphql-ws', graphqlWsClient],
  ['graphql-sse', graphqlSseClient],
  ['Relay', relayClient],
])('%s, unchanged', (_name, create) => {
  it('runs a query and a mutation', async () => {
    const client = create();
    expect(await client.query()).toEqual({
      recommendations: {
        appliedThrough: 4,
        items: [
          { rank: 1, item: { id: 'a', title: 'Title of a' } },
          { rank: 2, item: { id: 'b', title: 'Title of b' } },
        ],
      },
    });
    expect(await client.mutate()).toEqual(RECORDED);
    await client.close();
  });

  it('runs the subscription, through a restart of the gateway by its own reconnect', async () => {
    const client = create();
    const seen: unknown[] = [];
    const stop = client.subscribe((data) => seen.push(data));
    await eventually(() => expect(seen).toEqual([showing(1, 'a', 'b')]));
    push(['b', 'a'], { revision: 2 });
    await eventually(() => expect(seen).toHaveLength(2));

    const { port } = server;
    await server.close(100);
    push(['b'], { revision: 3 }); // nobody is connected
    await listen(port);
    await eventually(() => expect(seen.at(-1)).toEqual(showing(3, 'b')));
    push(['a'], { revision: 4 });
    await eventually(() => expect(seen.at(-1)).toEqual(showing(4, 'a')));
    stop();
    await eventually(() => expect(parts.watching.size).toBe(0));
    await client.close();
  });
});

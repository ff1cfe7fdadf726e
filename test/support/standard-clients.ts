import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createUrqlClient, fetchExchange, subscriptionExchange } from '@urql/core';
import { OperationTypeNode } from 'graphql';
import { createClient as createEventsClient } from 'graphql-sse';
import { createClient, type Client } from 'graphql-ws';
import { Network, Observable, type GraphQLResponse, type RequestParameters } from 'relay-runtime';
import WebSocket from 'ws';

export interface StandardClientOptions {
  /** Address of GraphQL over HTTP; the socket's is the same with ws. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Variables = Readonly<Record<string, unknown>>;

/** What an app does with the GraphQL client that it has, each in its own way and with nothing of ours. */
export interface StandardClient {
  query(document: string, variables: Variables): Promise<unknown>;
  mutate(document: string, variables: Variables): Promise<unknown>;
  /** Calls back with each event's data, without what the client itself adds. Returns how to end it. */
  subscribe(document: string, variables: Variables, onData: (data: unknown) => void): () => void;
  close(): void | Promise<void>;
}

const socketClient = ({ url, headers }: StandardClientOptions): Client =>
  createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { ...headers },
    retryAttempts: Infinity,
    shouldRetry: () => true, // the default gives up when nobody listens on the port, as while a killed gateway starts again
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)), // the default waits for seconds
  });

const plain = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data, (key, value: unknown) => (key === '__typename' ? undefined : value)));

function apolloClient(options: StandardClientOptions): StandardClient {
  const socket = socketClient(options);
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: options.url, headers: options.headers }),
  );
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return {
    query: async (document, variables) =>
      plain((await client.query({ query: gql(document), variables, fetchPolicy: 'network-only' })).data),
    mutate: async (document, variables) => plain((await client.mutate({ mutation: gql(document), variables })).data),
    subscribe: (document, variables, onData) => {
      const subscription = client
        .subscribe({ query: gql(document), variables, fetchPolicy: 'no-cache' })
        .subscribe(({ data }) => onData(plain(data)));
      return () => subscription.unsubscribe();
    },
    close: async () => {
      client.stop();
      await socket.dispose();
    },
  };
}

function urqlClient(options: StandardClientOptions): StandardClient {
  const socket = socketClient(options);
  const client = createUrqlClient({
    url: options.url,
    fetchOptions: { headers: options.headers },
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
    query: async (document, variables) => plain((await client.query(document, variables).toPromise()).data),
    mutate: async (document, variables) => plain((await client.mutation(document, variables).toPromise()).data),
    subscribe: (document, variables, onData) => {
      const subscription = client.subscription(document, variables).subscribe(({ data }) => data !== undefined && onData(plain(data)));
      return () => subscription.unsubscribe();
    },
    close: () => socket.dispose(),
  };
}

function graphqlWsClient(options: StandardClientOptions): StandardClient {
  const socket = socketClient(options);
  const once = async (query: string, variables: Variables): Promise<unknown> => {
    for await (const { data } of socket.iterate({ query, variables: { ...variables } })) return data;
    throw new Error('no answer');
  };
  return {
    query: once,
    mutate: once,
    subscribe: (query, variables, onData) =>
      socket.subscribe(
        { query, variables: { ...variables } },
        { next: ({ data }) => onData(data), error: () => undefined, complete: () => undefined },
      ),
    close: () => socket.dispose(),
  };
}

/** Everything over server-sent events. */
function graphqlSseClient({ url, headers }: StandardClientOptions): StandardClient {
  const events = createEventsClient({
    ...{ url, headers: { ...headers }, fetchFn: fetch, retryAttempts: Infinity },
    retry: () => new Promise((resolve) => setTimeout(resolve, 20)), // the default waits for seconds
  });
  const once = async (query: string, variables: Variables): Promise<unknown> => {
    for await (const { data } of events.iterate({ query, variables: { ...variables } })) return data;
    throw new Error('no answer');
  };
  return {
    query: once,
    mutate: once,
    subscribe: (query, variables, onData) =>
      events.subscribe(
        { query, variables: { ...variables } },
        { next: ({ data }) => onData(data), error: () => undefined, complete: () => undefined },
      ),
    close: () => events.dispose(),
  };
}

/** The network of Relay as its guide has it: `fetch`, and graphql-ws for subscriptions. */
function relayClient(options: StandardClientOptions): StandardClient {
  const socket = socketClient(options);
  const headers = { ...options.headers, 'content-type': 'application/json' };
  const network = Network.create(
    async ({ text }, variables) => {
      const response = await fetch(options.url, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) });
      return (await response.json()) as GraphQLResponse;
    },
    ({ text }, variables) => Observable.create((sink) => socket.subscribe({ query: text!, variables }, sink as never)),
  );
  const execute = (
    operationKind: RequestParameters['operationKind'],
    text: string,
    variables: Variables,
  ): Observable<{ readonly data?: unknown }> => {
    const request: RequestParameters = { name: 'Any', operationKind, text, id: null, cacheID: text, metadata: {} };
    return network.execute(request, { ...variables }, { force: true }, null) as Observable<{ readonly data?: unknown }>;
  };
  return {
    query: async (document, variables) => (await execute('query', document, variables).toPromise())?.data,
    mutate: async (document, variables) => (await execute('mutation', document, variables).toPromise())?.data,
    subscribe: (document, variables, onData) => {
      const subscription = execute('subscription', document, variables).subscribe({ next: ({ data }) => onData(data) });
      return () => subscription.unsubscribe();
    },
    close: () => socket.dispose(),
  };
}

export const STANDARD_CLIENTS: readonly (readonly [name: string, create: (options: StandardClientOptions) => StandardClient])[] = [
  ['Apollo Client', apolloClient],
  ['urql', urqlClient],
  ['graphql-ws', graphqlWsClient],
  ['graphql-sse', graphqlSseClient],
  ['Relay', relayClient],
];

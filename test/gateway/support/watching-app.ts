import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';

const WATCH = gql('subscription Watch { recommendations { position { revision } } }');

/** An app with Apollo Client as its documentation says, that shows the newest revision of its list. */
export interface WatchingApp {
  /** Revisions in the order in which they came. */
  readonly seen: number[];
  /** Close codes and reasons, oldest first. */
  readonly closes: [number, string][];
  /** How often it has connected. */
  connections(): number;
  /** Sends a token on the connection that is open. @returns the payload of the answer. */
  refresh(token: string): Promise<unknown>;
  close(): Promise<void>;
}

/** @param token is asked for at each connection. */
export function watchWithApollo(url: string, token: () => Promise<string>): WatchingApp {
  const seen: number[] = [];
  const closes: [number, string][] = [];
  let connections = 0;
  let socket: WebSocket;
  let answered: (payload: unknown) => void = () => undefined;
  const client: Client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    retryAttempts: Infinity,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)), // the default waits for seconds
    on: {
      connected: (opened) => {
        connections++;
        socket = opened as WebSocket;
      },
      pong: (received, payload) => received && answered(payload),
      closed: (event) => closes.push([(event as { code: number }).code, (event as { reason: string }).reason]),
    },
  });
  const apollo = new ApolloClient({ link: new GraphQLWsLink(client), cache: new InMemoryCache() });
  apollo
    .subscribe<{ recommendations: { position: { revision: number } } }>({ query: WATCH, fetchPolicy: 'no-cache' })
    .subscribe(({ data }) => data && seen.push(data.recommendations.position.revision));
  return {
    seen,
    closes,
    connections: () => connections,
    refresh: async (fresh) => {
      const answer = new Promise((resolve) => (answered = resolve));
      socket.send(JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${fresh}` } }));
      return answer;
    },
    close: async () => {
      apollo.stop();
      await Promise.resolve(client.dispose()).catch(() => undefined); // one that is being refused right now says so here too
    },
  };
}

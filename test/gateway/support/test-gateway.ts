import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import WebSocket from 'ws';
import type { GatewaySettings } from '../../../src/gateway/gateway-deps';
import { startGateway, type GatewayServer } from '../../../src/gateway/start-gateway';
import { fakeParts, type FakeParts } from './fake-parts';

export const TEST_SETTINGS: GatewaySettings = {
  limits: {
    maxPayloadBytes: 1024 * 1024,
    maxQueryDepth: 12,
    maxQueryTokens: 2000,
    maxQueryRootFields: 20,
    maxQueryFields: 1000,
    maxQueryRepeats: 20,
    maxQueryAliases: 50,
    maxQueryDirectives: 50,
    maxQueryCost: 50_000,
    maxOperationsPerSocket: 5,
    maxConnectionsPerUser: 1000,
    maxConnectionsPerAddress: 1000,
    maxMessagesPerSecond: 1000,
    maxBatch: 1000,
  },
  introspection: true,
  allowedOrigins: 'any',
  keepAliveMs: 12_000,
  pongWithinMs: 5000,
  slowReaderMs: 10_000,
  revocationTtlMs: 30 * 86_400_000,
  drain: { noticeMs: 0, spreadMs: 0 },
  deadlines: { connectionInitMs: 3000, requestHeadersMs: 10_000, requestMs: 30_000 },
};

export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly field?: string;
    readonly retryable: boolean;
    readonly retryAfterMs?: number;
    readonly correlationId?: string;
  };
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly ClientError[];
}

export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** A real gateway on a free port, over ports in memory. */
export interface TestGateway extends FakeParts {
  readonly server: GatewayServer;
  readonly httpUrl: string;
  readonly socketUrl: string;
  /** POSTs an operation, or a body as it is. */
  post(
    body: Operation | string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; text: string; answer: Answer }>;
  /** Runs an operation on a socket of its own; all its events until it completes, or until `events` have come. */
  overSocket(operation: Operation, options?: { params?: Record<string, unknown>; events?: number }): Promise<Answer[]>;
  /** A standard client that does not retry. */
  client(options?: Partial<ClientOptions>): Client;
  /** A bare socket, open, speaking graphql-transport-ws by hand. */
  socket(protocol?: string): Promise<WebSocket>;
  close(): Promise<void>;
}

export async function startTestGateway(
  parts: FakeParts = fakeParts(),
  { settings = TEST_SETTINGS }: { readonly settings?: GatewaySettings } = {},
): Promise<TestGateway> {
  const server = await startGateway(parts.deps, settings, { host: '127.0.0.1', port: 0 });
  const httpUrl = `http://127.0.0.1:${server.port}/graphql`;
  const socketUrl = `ws://127.0.0.1:${server.port}/graphql`;
  const clients = new Set<Client>();
  const sockets = new Set<WebSocket>();
  const client: TestGateway['client'] = (options = {}) => {
    const made = createClient({ url: socketUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
    clients.add(made);
    return made;
  };
  return {
    ...parts,
    server,
    httpUrl,
    socketUrl,
    client,
    post: async (body, headers = {}) => {
      const response = await fetch(httpUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, answer: JSON.parse(text) as Answer };
    },
    overSocket: async (operation, { params = {}, events = Infinity } = {}) => {
      const own = client({ connectionParams: params });
      const answers: Answer[] = [];
      try {
        for await (const answer of own.iterate(operation)) {
          answers.push(answer as unknown as Answer);
          if (answers.length >= events) break;
        }
      } catch (error) {
        if (!Array.isArray(error)) throw error;
        answers.push({ errors: error as ClientError[] }); // an `error` message of the protocol
      }
      await own.dispose();
      return answers;
    },
    socket: async (protocol = 'graphql-transport-ws') => {
      const socket = new WebSocket(socketUrl, protocol);
      sockets.add(socket);
      await new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      return socket;
    },
    close: async () => {
      for (const socket of sockets) socket.terminate();
      await Promise.all([...clients].map(async (made) => made.dispose()));
      await server.close(1000);
    },
  };
}

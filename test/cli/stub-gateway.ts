import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { graphql, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

/** A server that speaks the public schema with resolvers of the test's own: for tests of the client, not of the gateway. */
export interface StubGateway {
  readonly url: string;
  readonly headers: IncomingHttpHeaders[];
  /** Cuts all sockets without a goodbye, as a crash does. The server goes on. */
  cutSockets(): void;
  openSockets(): number;
  stop(): Promise<void>;
}

const SCHEMA = resolve(__dirname, '../../schema');

export function stubSchema(resolvers: Parameters<typeof makeExecutableSchema>[0]['resolvers']): GraphQLSchema {
  const typeDefs = readdirSync(SCHEMA).map((file) => readFileSync(join(SCHEMA, file), 'utf8'));
  return makeExecutableSchema({ typeDefs, ...(resolvers && { resolvers }) });
}

export async function startStubGateway(schema: GraphQLSchema): Promise<StubGateway> {
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as { query: string; variables: Record<string, unknown> };
      void graphql({ schema, source: query, variableValues: variables }).then((result) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(result));
      });
    });
  });
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  sockets.on('connection', (_socket, request) => headers.push(request.headers));
  const graphqlWs = useServer({ schema }, sockets);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    headers,
    cutSockets: () => sockets.clients.forEach((socket) => socket.terminate()),
    openSockets: () => sockets.clients.size,
    stop: async () => {
      await graphqlWs.dispose();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

import { createServer, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema } from './build-schema';
import type { GatewayDeadlines, GatewayDeps, GatewaySettings } from './gateway-deps';
import { GatewayMetrics } from './gateway-metrics';
import type { GatewayParts } from './gateway-parts';
import { GRAPHQL_PATH } from './graphql-path';
import { createHttpApp } from './http/http-app';
import { ConnectionLimits } from './limits/connection-limits';
import { createPrepare } from './pipeline/prepare';
import { serveSockets } from './socket/socket-server';

export interface GatewayServer {
  readonly host: string;
  readonly port: number;
  /** Takes no more work, lets open requests finish, tells every socket to reconnect elsewhere, and cuts what is left after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

const GRACE_MS = 5000;
/** Longer than the minute that load balancers keep idle connections for: otherwise they send requests into closed ones. */
const IDLE_CONNECTION_MS = 65_000;

/** Starts GraphQL over HTTP and WebSocket on one port, with health and metrics endpoints. Resolves when it listens. */
export async function startGateway(
  deps: GatewayDeps,
  settings: GatewaySettings,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<GatewayServer> {
  const metrics = new GatewayMetrics(deps.metrics);
  const schema = buildSchema();
  const errorDeps = { log: deps.log, newId: deps.newId, showSchema: settings.introspection };
  const parts: GatewayParts = {
    ...{ deps, settings, metrics, schema, errorDeps },
    prepare: createPrepare(schema, settings),
    connections: new ConnectionLimits(settings.limits),
  };
  const http = createHttpApp(parts);
  const server = createServer(serverOptions(settings.deadlines), http.app);
  const sockets = serveSockets(server, GRAPHQL_PATH, parts);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

  const answering = new Set<ServerResponse>();
  server.prependListener('request', (_request, response: ServerResponse) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
  });
  let closing: Promise<void> | undefined;
  const close = async (graceMs: number): Promise<void> => {
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    // Connections that become idle from now on are not closed by Node itself.
    server.on('request', (_request, response) => closeWhenSent(server, response));
    for (const response of answering) closeWhenSent(server, response);
    http.close();
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await sockets.close(graceMs);
    await stopped;
    clearTimeout(cut);
  };
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: (graceMs = GRACE_MS) => (closing ??= close(graceMs)),
  };
}

/** Clients that send their request drop by drop are cut: a connection that has sent no whole request holds a socket and nothing else. */
const serverOptions = ({ requestHeadersMs, requestMs }: GatewayDeadlines): ServerOptions => ({
  keepAliveTimeout: IDLE_CONNECTION_MS,
  headersTimeout: Math.min(requestHeadersMs, requestMs),
  requestTimeout: requestMs,
  connectionsCheckingInterval: Math.min(1000, Math.ceil(requestHeadersMs / 2)),
});

function closeWhenSent(server: Server, response: ServerResponse): void {
  response.once('close', () => setImmediate(() => server.closeIdleConnections()));
}

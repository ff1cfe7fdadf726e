import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LivingIdentities } from './auth/living-identities';
import { buildSchema } from './build-schema';
import type { GatewayDeps, GatewaySettings } from './gateway-deps';
import { GatewayMetrics } from './gateway-metrics';
import { createHttpApp, GRAPHQL_PATH } from './http/http-app';
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
  const identities = new LivingIdentities({ ...deps, errorDeps });
  const parts = { deps, settings, metrics, schema, errorDeps, identities };
  const http = await createHttpApp(parts);
  const server = createServer(http.app);
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
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
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await sockets.close(graceMs);
    await stopped;
    clearTimeout(cut);
    await http.close();
    identities.close();
  };
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: (graceMs = GRACE_MS) => (closing ??= close(graceMs)),
  };
}

function closeWhenSent(server: Server, response: ServerResponse): void {
  response.once('close', () => setImmediate(() => server.closeIdleConnections()));
}

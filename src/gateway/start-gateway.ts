import { randomInt } from 'node:crypto';
import { createServer, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { seededRandom } from '../platform/random';
import { LivingIdentities } from './auth/living-identities';
import { buildSchema } from './build-schema';
import type { GatewayDeadlines, GatewayDeps, GatewaySettings, HealthCheck } from './gateway-deps';
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
  /** Each part's health, and that this gateway is ending when it is. */
  readonly checkHealth: GatewayDeps['checkHealth'];
  /**
   * Ends in order: readiness goes off; after the notice new sockets are refused and the open ones told to reconnect elsewhere, spread over
   * a time; then no more work is taken and open requests finish. What has not gone `graceMs` after it was told to is cut. Called again
   * during the notice it ends that at once.
   */
  close(graceMs?: number): Promise<void>;
}

const GRACE_MS = 5000;
/** Longer than the minute that load balancers keep idle connections for: otherwise they send requests into closed ones. */
const IDLE_CONNECTION_MS = 65_000;
/** A connection that is silent for so long is probed by the kernel, which costs this process nothing; a dead one ends some ten seconds later. */
const PROBE_AFTER_MS = 15_000;
/** Connections that the kernel may hold until they are taken, one in each turn of the event loop; it holds no more than `net.core.somaxconn`. */
const BACKLOG = 16_384;
/** What readiness says from the moment at which a process is asked to end. */
const ENDING: HealthCheck = { name: 'gateway', status: 'down', message: 'this gateway is ending: use another one' };

/** Starts GraphQL over HTTP, server-sent events and WebSocket on one port, with health and metrics endpoints. Resolves when it listens. */
export async function startGateway(
  given: GatewayDeps,
  settings: GatewaySettings,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<GatewayServer> {
  let ending = false;
  const deps: GatewayDeps = { ...given, checkHealth: async () => [...(ending ? [ENDING] : []), ...(await given.checkHealth())] };
  const metrics = new GatewayMetrics(deps.metrics);
  const schema = buildSchema();
  const errorDeps = { log: deps.log, newId: deps.newId, showSchema: settings.introspection };
  const parts: GatewayParts = {
    ...{ deps, settings, metrics, schema, errorDeps },
    prepare: createPrepare(schema, settings),
    connections: new ConnectionLimits(settings.limits),
    identities: new LivingIdentities({ ...deps, errorDeps }),
  };
  const http = await createHttpApp(parts);
  const server = createServer(serverOptions(settings.deadlines), http.app);
  const sockets = serveSockets(server, GRAPHQL_PATH, parts);
  await listening(server, { host, port });

  const answering = new Set<ServerResponse>();
  server.prependListener('request', (_request, response: ServerResponse) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
  });
  let closing: Promise<void> | undefined;
  const hurry = new AbortController();
  const close = async (graceMs: number): Promise<void> => {
    const { noticeMs, spreadMs } = settings.drain;
    ending = true;
    if (noticeMs > 0) await after(noticeMs, undefined, { signal: hurry.signal }).catch(() => undefined);
    const how = { graceMs, spreadMs, random: seededRandom(randomInt(2 ** 32)) };
    const drained = Promise.all([sockets.close(how), http.drain(how)]);
    if (spreadMs > 0) await drained; // requests are answered meanwhile, and so is the question whether this gateway is ready
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    // Connections that become idle from now on are not closed by Node itself.
    server.on('request', (_request, response) => closeWhenSent(server, response));
    for (const response of answering) closeWhenSent(server, response);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await drained;
    await stopped;
    clearTimeout(cut);
    await http.close();
    parts.identities.close();
  };
  return {
    host,
    port: (server.address() as AddressInfo).port,
    checkHealth: deps.checkHealth,
    close: (graceMs = GRACE_MS) => {
      if (closing) hurry.abort();
      return (closing ??= close(graceMs));
    },
  };
}

/** Resolves when it listens; rejects when it cannot. */
function listening(server: Server, at: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...at, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Clients that send their request drop by drop are cut: a connection that has sent no whole request holds a socket and nothing else. */
const serverOptions = ({ requestHeadersMs, requestMs }: GatewayDeadlines): ServerOptions => ({
  keepAliveTimeout: IDLE_CONNECTION_MS,
  keepAlive: true,
  keepAliveInitialDelay: PROBE_AFTER_MS,
  headersTimeout: Math.min(requestHeadersMs, requestMs),
  requestTimeout: requestMs,
  connectionsCheckingInterval: Math.min(1000, Math.ceil(requestHeadersMs / 2)),
});

function closeWhenSent(server: Server, response: ServerResponse): void {
  response.once('close', () => setImmediate(() => server.closeIdleConnections()));
}

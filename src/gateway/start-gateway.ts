import { randomInt } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { seededRandom } from '../platform/random';
import { LivingIdentities } from './auth/living-identities';
import { buildSchema } from './build-schema';
import { ENDING } from './drain';
import type { GatewayDeps, GatewaySettings } from './gateway-deps';
import { GatewayMetrics } from './gateway-metrics';
import { createHttpApp, GRAPHQL_PATH } from './http/http-app';
import { serveSockets } from './socket/socket-server';

export interface GatewayServer {
  readonly host: string;
  readonly port: number;
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
/** Connections that the kernel holds until they are taken. More would be taken in one go, and hold everything else up meanwhile. */
const BACKLOG = 2048;

/** Starts GraphQL over HTTP and WebSocket on one port, with health and metrics endpoints. Resolves when it listens. */
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
  const identities = new LivingIdentities({ ...deps, errorDeps });
  const parts = { deps, settings, metrics, schema, errorDeps, identities };
  const http = await createHttpApp(parts);
  const server = createServer(http.app);
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  const sockets = serveSockets(server, GRAPHQL_PATH, parts);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
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
  const hurry = new AbortController();
  const close = async (graceMs: number): Promise<void> => {
    const { noticeMs, spreadMs } = settings.drain;
    ending = true;
    if (noticeMs > 0) await after(noticeMs, undefined, { signal: hurry.signal }).catch(() => undefined);
    const drained = sockets.close({ graceMs, spreadMs, random: seededRandom(randomInt(2 ** 32)) });
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
    identities.close();
  };
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: (graceMs = GRACE_MS) => {
      if (closing) hurry.abort();
      return (closing ??= close(graceMs));
    },
  };
}

function closeWhenSent(server: Server, response: ServerResponse): void {
  response.once('close', () => setImmediate(() => server.closeIdleConnections()));
}

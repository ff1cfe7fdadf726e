import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { EvenRounds } from '../../platform/even-rounds';
import { SameDelay } from '../../platform/same-delay';
import { originAllowed } from '../allowed-origins';
import { CLOSE } from './close-codes';
import { createGraphqlOverSocket, type SocketParts } from './graphql-over-socket';
import { GraphqlSocket } from './graphql-socket';
import { Outbox, Outboxes } from './outbox';
import { SUB_PROTOCOL } from './protocol-message';

export interface SocketServer {
  /** Says goodbye to every socket, and cuts those that have not gone after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** How long a client has for `connection_init`. */
const INIT_WITHIN_MS = 3000;

/** Carries graphql-transport-ws over the WebSockets of an HTTP server, with no timer of its own for any of them. */
export function serveSockets(server: Server, path: string, parts: SocketParts): SocketServer {
  const { settings, deps } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: settings.limits.maxPayloadBytes,
    perMessageDeflate: false, // costs more memory and CPU per socket than it saves on messages of this size
    handleProtocols: (offered) => offered.has(SUB_PROTOCOL) && SUB_PROTOCOL,
  });
  const use = createGraphqlOverSocket(parts);
  const outboxes = new Outboxes(settings.slowReaderMs);
  const late = new SameDelay<GraphqlSocket>(INIT_WITHIN_MS, (connection) => {
    if (!connection.isInitialised) connection.close(4408, 'Connection initialisation timeout');
  });
  const open = (socket: WebSocket, stream: Duplex, headers: IncomingHttpHeaders): void => {
    sockets.emit('connection', socket);
    const connection = new GraphqlSocket(socket, headers, new Outbox(socket, stream, outboxes), use);
    carry(connection, parts);
    if (socket.protocol !== SUB_PROTOCOL) return connection.close(4406, 'Subprotocol not acceptable');
    late.add(connection);
    socket.once('close', () => late.delete(connection));
  };
  const stopHeartbeat = startHeartbeat(sockets, settings.keepAliveMs);

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', (error) => deps.log.debug({ err: error }, 'a socket failed before it was open'));
    if (request.url?.split('?')[0] !== path) return reject(stream, '404 Not Found');
    if (!originAllowed(request.headers.origin, settings.allowedOrigins)) return reject(stream, '403 Forbidden');
    const { headers } = request;
    sockets.handleUpgrade(request, stream, head, (socket) => open(socket, stream, headers));
  };
  server.on('upgrade', upgrade);

  return {
    close: async (graceMs) => {
      stopHeartbeat();
      server.off('upgrade', upgrade);
      server.on('upgrade', (_request, stream: Duplex) => reject(stream, '503 Service Unavailable'));
      await sayGoodbye(sockets, graceMs);
      outboxes.stop();
      late.stop();
    },
  };
}

/** Hands one socket's messages to GraphQL, and cleans up when it closes, whoever closes it. */
function carry(connection: GraphqlSocket, { metrics, deps }: SocketParts): void {
  const { socket } = connection;
  metrics.openSockets.inc();
  socket.on('error', (error) => deps.log.debug({ err: error }, 'a socket failed')); // ws closes it, with 1009 for a message too large
  socket.on('message', (data: Buffer) => {
    connection.receive(data.toString()).catch((error: unknown) => {
      deps.log.error({ err: error }, 'a message could not be handled');
      socket.close(CLOSE.internal.code, CLOSE.internal.reason);
    });
  });
  socket.once('close', (code) => {
    metrics.openSockets.dec();
    metrics.closedSockets.inc({ code: closeCodeLabel(code) });
    connection.closed().catch((error: unknown) => deps.log.error({ err: error }, 'a socket could not be cleaned up'));
  });
}

/** Pings every socket so often, not all at once, and cuts those that have not answered by the next time. Returns how to stop. */
function startHeartbeat(sockets: WebSocketServer, everyMs: number): () => void {
  const silent = new WeakSet<WebSocket>();
  const rounds = new EvenRounds<WebSocket>(everyMs, (group) => {
    for (const socket of group) {
      if (silent.has(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) {
        silent.add(socket);
        socket.ping();
      }
    }
  });
  sockets.on('connection', (socket: WebSocket) => {
    rounds.add(socket);
    socket.on('pong', () => silent.delete(socket));
    socket.once('close', () => rounds.delete(socket));
  });
  return () => rounds.stop();
}

async function sayGoodbye(sockets: WebSocketServer, graceMs: number): Promise<void> {
  const gone = [...sockets.clients].map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
  for (const socket of sockets.clients) socket.close(CLOSE.goingAway.code, CLOSE.goingAway.reason);
  const cut = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, graceMs);
  await Promise.all(gone);
  clearTimeout(cut);
  sockets.close();
}

function reject(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Programs send no origin; browsers always do. */
/** Codes that anybody can send fall into one label, so that a client cannot make up metrics. */
const closeCodeLabel = (code: number): string => (code < 1016 || (code >= 4400 && code <= 4500) ? String(code) : 'other');

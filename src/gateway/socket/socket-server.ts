import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { EvenRounds } from '../../platform/even-rounds';
import { originAllowed } from '../allowed-origins';
import { closeStaggered } from '../drain';
import { CLOSE } from './close-codes';
import { createGraphqlOverSocket, type SocketExtra, type SocketParts } from './graphql-over-socket';

export interface SocketServer {
  /** Refuses new sockets at once and says goodbye to every open one, see `closeStaggered`. */
  close(how: Parameters<typeof closeStaggered>[1]): Promise<void>;
}

/**
 * Carries graphql-transport-ws over the WebSockets of an HTTP server. Written here rather than taken from `graphql-ws/use/ws`
 * for three things: one timer for all sockets instead of two each, errors in our log, and reasons on closing.
 */
export function serveSockets(server: Server, path: string, parts: SocketParts): SocketServer {
  const { settings, deps } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: settings.limits.maxPayloadBytes,
    perMessageDeflate: false, // costs more memory and CPU per socket than it saves on messages of this size
    handleProtocols,
  });
  const graphql = createGraphqlOverSocket(parts);
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => carry(graphql, socket, request, parts));
  const stopHeartbeat = startHeartbeat(sockets, settings.keepAliveMs);

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', (error) => deps.log.debug({ err: error }, 'a socket failed before it was open'));
    if (request.url?.split('?')[0] !== path) return reject(stream, '404 Not Found');
    if (!originAllowed(request.headers.origin, settings.allowedOrigins)) return reject(stream, '403 Forbidden');
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
  };
  server.on('upgrade', upgrade);

  return {
    close: async (how) => {
      server.off('upgrade', upgrade);
      server.on('upgrade', (_request, stream: Duplex) => reject(stream, '503 Service Unavailable'));
      await closeStaggered(sockets.clients, how);
      stopHeartbeat();
      sockets.close();
    },
  };
}

/** Hands one socket's messages to GraphQL, and cleans up when it closes, whoever closes it. */
function carry(
  graphql: ReturnType<typeof createGraphqlOverSocket>,
  socket: WebSocket,
  request: IncomingMessage,
  { metrics, deps, identities }: SocketParts,
): void {
  const extra: SocketExtra = { socket, headers: request.headers };
  metrics.openSockets.inc();
  socket.on('error', (error) => deps.log.debug({ err: error }, 'a socket failed')); // ws closes it, with 1009 for a message too large
  const closed = graphql.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onPing: async (payload) => send(socket, await identities.pongTo(extra, payload)),
      onMessage: (receive) =>
        socket.on('message', (data) => {
          receive((data as Buffer).toString()).catch((error: unknown) => {
            deps.log.error({ err: error }, 'a message could not be handled');
            socket.close(CLOSE.internal.code, CLOSE.internal.reason);
          });
        }),
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    metrics.openSockets.dec();
    metrics.closedSockets.inc({ code: closeCodeLabel(code) });
    closed(code, String(reason)).catch((error: unknown) => deps.log.error({ err: error }, 'a socket could not be cleaned up'));
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

/** Resolves when the message is with the operating system, so that a slow reader slows its own subscription only. */
function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => {
    socket.send(data, () => resolve()); // a failed send ends in `close`, which cleans up
  });
}

function reject(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Programs send no origin; browsers always do. */
/** Codes that anybody can send fall into one label, so that a client cannot make up metrics. */
const closeCodeLabel = (code: number): string => (code < 1016 || (code >= 4400 && code <= 4500) ? String(code) : 'other');

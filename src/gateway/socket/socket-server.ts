import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { EvenRounds } from '../../platform/even-rounds';
import { originAllowed } from '../allowed-origins';
import type { GatewayParts } from '../gateway-parts';
import { LIMIT_CLOSE } from '../limits/connection-limits';
import { MessageRate } from '../limits/message-rate';
import { CLOSE } from './close-codes';
import { createGraphqlOverSocket } from './graphql-over-socket';

export interface SocketServer {
  /** Says goodbye to every socket, and cuts those that have not gone after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * Carries graphql-transport-ws over the WebSockets of an HTTP server. Written here rather than taken from `graphql-ws/use/ws`
 * for three things: one timer for all sockets instead of two each, errors in our log, and reasons on closing.
 */
export function serveSockets(server: Server, path: string, parts: GatewayParts): SocketServer {
  const { settings, deps, metrics, connections } = parts;
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
    const leave = connections.enterAddress(request.socket.remoteAddress);
    if (!leave) {
      metrics.refusedConnections.inc({ transport: 'ws', limit: 'address' });
      return reject(stream, '429 Too Many Requests');
    }
    stream.once('close', leave);
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
  };
  server.on('upgrade', upgrade);

  return {
    close: async (graceMs) => {
      stopHeartbeat();
      server.off('upgrade', upgrade);
      server.on('upgrade', (_request, stream: Duplex) => reject(stream, '503 Service Unavailable'));
      await sayGoodbye(sockets, graceMs);
    },
  };
}

/** Hands one socket's messages to GraphQL, and cleans up when it closes, whoever closes it. */
function carry(
  graphql: ReturnType<typeof createGraphqlOverSocket>,
  socket: WebSocket,
  request: IncomingMessage,
  { metrics, deps, settings }: GatewayParts,
): void {
  const rate = new MessageRate(settings.limits.maxMessagesPerSecond, deps.clock.now());
  metrics.openSockets.inc();
  socket.on('error', (error) => deps.log.debug({ err: error }, 'a socket failed')); // ws closes it, with 1009 for a message too large
  const closed = graphql.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) =>
        socket.on('message', (data) => {
          if (!rate.take(deps.clock.now())) {
            if (socket.readyState !== socket.OPEN) return; // told already
            metrics.refusedConnections.inc({ transport: 'ws', limit: 'messages' });
            socket.close(LIMIT_CLOSE.tooManyMessages.code, LIMIT_CLOSE.tooManyMessages.reason);
            return;
          }
          receive((data as Buffer).toString()).catch((error: unknown) => {
            deps.log.error({ err: error }, 'a message could not be handled');
            socket.close(CLOSE.internal.code, CLOSE.internal.reason);
          });
        }),
    },
    { socket, headers: request.headers },
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

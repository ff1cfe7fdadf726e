import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { SameDelay } from '../../platform/same-delay';
import { TurnByTurn } from '../../platform/turn-by-turn';
import { originAllowed } from '../allowed-origins';
import { closeStaggered } from '../drain';
import type { GatewayParts } from '../gateway-parts';
import { MessageRate } from '../limits/message-rate';
import { CarriedSocket } from './carried-socket';
import { CLOSE } from './close-codes';
import { createGraphqlOverSocket } from './graphql-over-socket';
import { FrontDoor } from './front-door';
import { GraphqlSocket } from './graphql-socket';
import { Heartbeat } from './heartbeat';
import { LeavingCrowd } from './leaving-crowd';
import { Outbox, Outboxes } from './outbox';
import { SUB_PROTOCOL } from './protocol-message';
import type { UpgradeRequest } from './upgrade-request';

export interface SocketServer {
  /** Refuses new sockets at once and says goodbye to every open one, see `closeStaggered`. */
  close(how: Parameters<typeof closeStaggered>[1]): Promise<void>;
}

/** When thousands come at once, requests over HTTP and lists have their turn between slices of this length. */
const HANDSHAKE_SLICE_MS = 4;
/** When handshakes have waited for this long, more are refused: they would be given up by their clients. */
const LONGEST_WAIT_MS = 10_000;
/** While more subscriptions than these wait for their first list no connection begins: what is begun is held in memory. */
const ENOUGH_WATCHES = 64;
const RETRY_AFTER_S = 2;
const NOTHING = Buffer.alloc(0);

/** Carries graphql-transport-ws over the WebSockets of an HTTP server: no timer and no listener of its own for any of them. */
export function serveSockets(server: Server, path: string, parts: GatewayParts): SocketServer {
  const { settings, deps, metrics } = parts;
  let ending = false;
  const waitingWatches = (): number => deps.lists.waitingWatches?.() ?? 0;
  const handshakes: TurnByTurn = new TurnByTurn({
    sliceMs: HANDSHAKE_SLICE_MS,
    longestWaitMs: LONGEST_WAIT_MS,
    isBusy: () => door.isCrowded || waitingWatches() > ENOUGH_WATCHES,
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: settings.limits.maxPayloadBytes,
    perMessageDeflate: false, // costs more memory and CPU per socket than it saves on messages of this size
    handleProtocols: (offered) => offered.has(SUB_PROTOCOL) && SUB_PROTOCOL,
    WebSocket: CarriedSocket,
  });
  const use = createGraphqlOverSocket(parts);
  const outboxes = new Outboxes(settings.slowReaderMs, metrics.slowReaders);
  const late = new SameDelay<GraphqlSocket>(settings.deadlines.connectionInitMs, (connection) => {
    if (!connection.isInitialised) connection.close(4408, 'Connection initialisation timeout');
  });
  const heartbeat = new Heartbeat<CarriedSocket>(settings.keepAliveMs, settings.pongWithinMs);
  const crowd = new LeavingCrowd(() => streamsOf(sockets.clients));
  const leaves = (): void => crowd.left();
  const listen = listeners(parts, heartbeat, late);
  const open = (socket: CarriedSocket, stream: Duplex, headers: IncomingHttpHeaders): void => {
    const connection = new GraphqlSocket(socket, headers, new Outbox(socket, stream, outboxes), use);
    socket.connection = connection;
    socket.rate = new MessageRate(settings.limits.maxMessagesPerSecond, deps.clock.now());
    listen(socket);
    stream.on('end', leaves).on('error', leaves); // 'close' comes too late: by then Node has read all that ended in this turn
    if (socket.protocol !== SUB_PROTOCOL) connection.close(4406, 'Subprotocol not acceptable');
    else late.add(connection);
  };

  const upgrade = upgrades({
    ...{ ...parts, path, handshakes, open },
    // It reads no more of a request than this.
    become: (request, stream, head, opened) => sockets.handleUpgrade(request as IncomingMessage, stream, head, opened),
    isEnding: () => ending,
  });
  server.on('upgrade', upgrade);
  const door: FrontDoor = new FrontDoor(server, (request, stream) => upgrade(request, stream, NOTHING));

  return {
    close: async (how) => {
      ending = true;
      door.close();
      crowd.stop();
      handshakes.flush();
      await closeStaggered(sockets.clients, how);
      heartbeat.stop();
      sockets.close();
      outboxes.stop();
      late.stop();
    },
  };
}

interface UpgradeParts extends Pick<GatewayParts, 'settings' | 'deps' | 'metrics' | 'connections'> {
  readonly path: string;
  readonly handshakes: TurnByTurn;
  readonly become: (request: UpgradeRequest, stream: Duplex, head: Buffer, opened: (socket: CarriedSocket) => void) => void;
  readonly open: (socket: CarriedSocket, stream: Duplex, headers: IncomingHttpHeaders) => void;
  readonly isEnding: () => boolean;
}

/** Lets a connection become a socket when it is its turn, or says why not. */
function upgrades({ path, settings, deps, metrics, connections, handshakes, become, open, isEnding }: UpgradeParts) {
  const failed = (error: Error): void => deps.log.debug({ err: error }, 'a socket failed before it was open');
  return (request: UpgradeRequest | IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', failed);
    if (isEnding()) return reject(stream, '503 Service Unavailable');
    if (request.url?.split('?')[0] !== path) return reject(stream, '404 Not Found');
    if (!originAllowed(request.headers.origin, settings.allowedOrigins)) return reject(stream, '403 Forbidden');
    const { headers } = request;
    const address = (stream as Socket).remoteAddress ?? '';
    if (!connections.enterAddress(address)) {
      metrics.refusedConnections.inc({ transport: 'ws', limit: 'address' });
      return reject(stream, '429 Too Many Requests');
    }
    const gone = (): void => connections.leaveAddress(address);
    stream.once('close', gone);
    const shake = (): void => {
      if (isEnding()) return reject(stream, '503 Service Unavailable');
      become(request as UpgradeRequest, stream, head, (socket) => {
        stream.off('error', failed).off('close', gone); // from here on `ws` listens
        socket.address = address;
        open(socket, stream, headers);
      });
    };
    if (handshakes.add(shake)) return;
    metrics.refusedHandshakes.inc();
    reject(stream, `503 Service Unavailable\r\nRetry-After: ${RETRY_AFTER_S}`);
  };
}

/** Hands the messages of sockets to GraphQL, and cleans up when one closes, whoever closes it. Returns how to begin with a socket. */
function listeners(
  { metrics, deps, connections }: GatewayParts,
  heartbeat: Heartbeat<CarriedSocket>,
  late: SameDelay<GraphqlSocket>,
): (socket: CarriedSocket) => void {
  function onMessage(this: WebSocket, data: Buffer): void {
    if (!carried(this).rate!.take(deps.clock.now())) {
      if (this.readyState !== this.OPEN) return; // told already
      metrics.refusedConnections.inc({ transport: 'ws', limit: 'messages' });
      return this.close(CLOSE.tooManyMessages.code, CLOSE.tooManyMessages.reason);
    }
    carried(this)
      .connection!.receive(data.toString())
      .catch((error: unknown) => {
        deps.log.error({ err: error }, 'a message could not be handled');
        this.close(CLOSE.internal.code, CLOSE.internal.reason);
      });
  }
  function onPong(this: WebSocket): void {
    carried(this).awaitsPong = false;
  }
  function onError(this: WebSocket, error: Error): void {
    deps.log.debug({ err: error }, 'a socket failed'); // ws closes it, with 1009 for a message too large
  }
  function onClose(this: WebSocket, code: number): void {
    const connection = carried(this).connection!;
    metrics.openSockets.dec();
    connections.leaveAddress(carried(this).address);
    metrics.closedSockets.inc({ code: closeCodeLabel(code) });
    heartbeat.delete(carried(this));
    late.delete(connection);
    connection.closed().catch((error: unknown) => deps.log.error({ err: error }, 'a socket could not be cleaned up'));
  }
  return (socket) => {
    metrics.openSockets.inc();
    heartbeat.add(socket);
    socket.on('message', onMessage).on('pong', onPong).on('error', onError).on('close', onClose);
  };
}

function* streamsOf(sockets: Iterable<WebSocket>): Iterable<Duplex> {
  for (const socket of sockets) {
    const { connection } = carried(socket);
    if (connection) yield connection.outbox.stream;
  }
}

/** What the listeners of `ws` are bound to: the server makes sockets of this class only. */
const carried = (socket: WebSocket): CarriedSocket => socket as CarriedSocket;

function reject(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Codes that anybody can send fall into one label, so that a client cannot make up metrics. */
const closeCodeLabel = (code: number): string => (code < 1016 || (code >= 4400 && code <= 4500) ? String(code) : 'other');

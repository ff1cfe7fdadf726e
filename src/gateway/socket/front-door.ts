import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { SameDelay } from '../../platform/same-delay';
import { readUpgrade, type UpgradeRequest } from './upgrade-request';

/** A connection that has said nothing by then is Node's, which cuts it when it stays so: see `requestHeadersMs`. */
const QUIET_MS = 500;
/** From how many turns of the event loop on, each with a new connection, it is a crowd. */
const CROWDED_TURNS = 3;

/**
 * Reads what each new connection says first. A request for a WebSocket goes to the sockets, without a parser, request and response made
 * for it; everything else to Node's HTTP server, at once, however many handshakes wait.
 * Node takes one connection from the kernel in each turn of the event loop, and the kernel forgets those that its queue has no room for, which
 * try again after 1, 3, 7 seconds. So while it is crowded turns have to be short.
 */
export class FrontDoor {
  private readonly serve: readonly ((socket: Socket) => void)[];
  private readonly quiet = new SameDelay<Socket>(QUIET_MS, (socket) => this.passOn(socket));
  private readonly waiting = new Set<Socket>();
  private open = true;
  private came = false;
  private turns = 0;
  private turn: NodeJS.Immediate | undefined;

  private readonly onBytes: (this: Socket, bytes: Buffer) => void;
  private readonly onEnd: (this: Socket) => void;

  /** @param upgrade takes a connection that asks for a WebSocket; it has no listeners, and nothing of it was read but this request. */
  constructor(
    private readonly server: Server,
    private readonly upgrade: (request: UpgradeRequest, socket: Socket) => void,
  ) {
    this.serve = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection').on('connection', (socket) => this.enter(socket));
    const read = (socket: Socket, bytes: Buffer): void => this.read(socket, bytes);
    const letGo = (socket: Socket): void => this.letGo(socket);
    this.onBytes = function (bytes) {
      read(this, bytes);
    };
    this.onEnd = function () {
      letGo(this);
      this.destroy();
    };
  }

  /** Whether new connections have come in every turn lately: there may be more in the kernel's queue. */
  get isCrowded(): boolean {
    return this.turns >= CROWDED_TURNS;
  }

  /** How many connections have not said anything yet, for tests of what is left behind. */
  get size(): number {
    return this.waiting.size;
  }

  /** From now on everything is Node's, as what waits here is. */
  close(): void {
    this.open = false;
    for (const socket of [...this.waiting]) this.passOn(socket);
    this.quiet.stop();
    clearImmediate(this.turn);
  }

  private enter(socket: Socket): void {
    if (!this.open) return this.toNode(socket);
    this.came = true;
    this.turn ??= setImmediate(() => this.count());
    this.waiting.add(socket);
    this.quiet.add(socket);
    socket.on('data', this.onBytes).on('end', this.onEnd).on('error', this.onEnd);
  }

  private count(): void {
    this.turns = this.came ? this.turns + 1 : 0;
    this.turn = this.came ? setImmediate(() => this.count()) : undefined;
    this.came = false;
  }

  private read(socket: Socket, bytes: Buffer): void {
    this.letGo(socket);
    const request = readUpgrade(bytes);
    if (request) return this.upgrade(request, socket);
    socket.unshift(bytes);
    this.toNode(socket);
  }

  private passOn(socket: Socket): void {
    if (!this.waiting.has(socket)) return;
    this.letGo(socket);
    if (!socket.destroyed) this.toNode(socket);
  }

  /** Whoever listens next gets what comes from now on: until then it is kept. */
  private letGo(socket: Socket): void {
    this.waiting.delete(socket);
    this.quiet.delete(socket);
    socket.off('data', this.onBytes).off('end', this.onEnd).off('error', this.onEnd);
    (socket as { readableFlowing: boolean | null }).readableFlowing = null;
  }

  private toNode(socket: Socket): void {
    for (const serve of this.serve) serve.call(this.server, socket);
  }
}

import WebSocket from 'ws';
import type { Random } from '../../src/platform/random';
import type { SeenList, Since } from '../judge/list-order';

const WATCH = /* GraphQL */ `
  subscription Watch($after: PositionInput) {
    recommendations(first: 10, after: $after) {
      position {
        epoch
        revision
      }
      appliedThrough
      cause {
        behaviours {
          id
        }
      }
      list {
        recommendationId
        userId
        items {
          reason {
            evidence {
              itemId
            }
          }
        }
      }
    }
  }
`;

interface Update {
  readonly position: { readonly epoch: string; readonly revision: number };
  readonly appliedThrough: number;
  readonly cause: { readonly behaviours: readonly { readonly id: string }[] };
  readonly list: {
    readonly recommendationId: string;
    readonly userId: string;
    readonly items: readonly { readonly reason: { readonly evidence: readonly { readonly itemId: string }[] } }[];
  };
}

interface Message {
  readonly type: string;
  readonly payload?: unknown;
}

/** What has become of Redis so far. */
export interface StoreLives {
  /** How often it was started again, and how often its file was cut before that. */
  readonly restarts: number;
  readonly cuts: number;
  /** When that was last (monotonic, ms); −∞: never. */
  readonly restartedAt: number;
  readonly cutAt: number;
}

export interface ScreenOptions {
  readonly userId: string;
  /** Addresses of the gateways, http: */
  readonly urls: readonly string[];
  readonly random: Random;
  readonly store: () => StoreLives;
  readonly onList: (last: SeenList | undefined, next: SeenList, since: Since) => void;
}

const PING_EVERY_MS = 2_000;
const SILENT_MS = 6_000;
/** A process that was held up brings what it had in hand within this. */
const LATELY_MS = 15_000;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * A screen as an app has it, over a bare WebSocket: watches its user's list, pings, goes to another gateway when the one it has is silent,
 * cut or refuses, and half of the times resumes with `after`. It keeps its own book and leaves judging to others.
 */
export class Screen {
  last: SeenList | undefined;
  lists = 0;
  reconnects = 0;
  private socket: WebSocket | undefined;
  private pause: NodeJS.Timeout | undefined;
  private readonly pinging: NodeJS.Timeout;
  private heardAt = 0;
  private stopped = false;
  private subscribedAnew = false;
  private resumed = false;
  private storeThen: StoreLives;
  /** When the list on it came first. */
  private lastAt = -Infinity;
  private readonly restartsAtEpoch = new Map<string, number>();

  constructor(private readonly options: ScreenOptions) {
    this.storeThen = options.store();
    this.pinging = setInterval(() => this.ping(), PING_EVERY_MS);
    this.open();
  }

  get userId(): string {
    return this.options.userId;
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.pinging);
    clearTimeout(this.pause);
    this.socket?.terminate();
  }

  private open(): void {
    const { urls, random, userId } = this.options;
    const url = urls[Math.floor(random() * urls.length)]!.replace(/^http/, 'ws');
    const socket = new WebSocket(`${url}/graphql`, 'graphql-transport-ws', { handshakeTimeout: SILENT_MS, perMessageDeflate: false });
    this.socket = socket;
    this.heardAt = performance.now();
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => this.openLater(socket));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-beckon-user': userId } })));
    socket.on('message', (data: Buffer) => this.receive(socket, JSON.parse(data.toString()) as Message));
  }

  private openLater(socket: WebSocket): void {
    if (this.stopped || socket !== this.socket) return;
    this.socket = undefined;
    this.reconnects++;
    const waitMs = SHORTEST_PAUSE_MS + this.options.random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS);
    this.pause = setTimeout(() => this.open(), waitMs);
  }

  private receive(socket: WebSocket, message: Message): void {
    if (socket !== this.socket) return; // of a connection that was given up
    this.heardAt = performance.now();
    if (message.type === 'connection_ack') this.subscribe(socket);
    else if (message.type === 'ping') socket.send('{"type":"pong"}');
    else if (message.type === 'error' || message.type === 'complete') socket.terminate();
    else if (message.type === 'next') this.take(socket, message.payload as { data?: { recommendations: Update } | null });
  }

  private subscribe(socket: WebSocket): void {
    this.resumed = this.last !== undefined && this.options.random() < 0.5;
    this.subscribedAnew = true;
    const after = this.resumed ? { epoch: this.last!.epoch, revision: this.last!.revision } : null;
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: WATCH, variables: { after } } }));
  }

  private take(socket: WebSocket, { data }: { data?: { recommendations: Update } | null }): void {
    if (!data) return socket.terminate();
    const { position, appliedThrough, cause, list } = data.recommendations;
    const next: SeenList = {
      ...position,
      appliedThrough,
      recommendationId: list.recommendationId,
      userId: list.userId,
      causeIds: cause.behaviours.map(({ id }) => id),
      evidenceItemIds: list.items.flatMap(({ reason }) => reason.evidence.map(({ itemId }) => itemId)),
    };
    const store = this.options.store();
    const now = performance.now();
    const restartsThen = this.last && this.restartsAtEpoch.get(this.last.epoch);
    this.options.onList(this.last, next, {
      subscribedAnew: this.subscribedAnew,
      resumed: this.resumed,
      storeRestarted: store.restarts > (restartsThen ?? 0) || now - store.restartedAt < LATELY_MS,
      storeCut: store.cuts > this.storeThen.cuts,
      storeCutLately: this.lastAt - store.cutAt < LATELY_MS,
    });
    if (!this.restartsAtEpoch.has(next.epoch)) this.restartsAtEpoch.set(next.epoch, store.restarts);
    if (next.recommendationId !== this.last?.recommendationId) this.lastAt = now;
    this.last = next;
    this.lists++;
    this.storeThen = store;
    this.subscribedAnew = false;
  }

  private ping(): void {
    const { socket } = this;
    if (!socket) return;
    if (performance.now() - this.heardAt > SILENT_MS) socket.terminate();
    else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
  }
}

import { setTimeout as after } from 'node:timers/promises';
import WebSocket from 'ws';
import type { StageTimings } from '../../src/gateway/stage-timings';

/**
 * What an app would ask for: the whole list with its content and reasons. The place and the timings come first, so that a watcher
 * finds them at the start of the message without reading the rest.
 */
export const WATCH = /* GraphQL */ `
  subscription Watch($userId: ID) {
    recommendations(userId: $userId) {
      appliedThrough
      position {
        epoch
        revision
      }
      timings {
        ingest
        queue
        score
        replace
        push
      }
      cause {
        kind
        behaviours {
          id
          type
          itemId
          seq
        }
      }
      change {
        added
        removed
        moved {
          itemId
          from
          to
        }
      }
      list {
        recommendationId
        items {
          itemId
          rank
          score
          flags
          item {
            title
            price
            currency
          }
          sources {
            model
            share
          }
          reason {
            code
            topic {
              name
            }
            evidence {
              itemId
              type
              share
            }
          }
          content {
            title
            text
            callToAction
          }
        }
      }
    }
  }
`;

export interface WatchedUpdate {
  readonly appliedThrough: number;
  readonly epoch: string;
  readonly revision: number;
  readonly timings: Readonly<Record<keyof StageTimings, number | null>>;
  /** Length of the whole message. */
  readonly chars: number;
}

interface WatcherOptions {
  /** Address of the gateway, http: */
  readonly url: string;
  readonly userIds: readonly string[];
  /** Called with the watcher's number and the moment at which its message came. */
  readonly onUpdate: (watcher: number, at: number, update: WatchedUpdate) => void;
  readonly onError: (error: Error) => void;
}

/** How many sockets are being opened at a time. */
const OPENING = 50;
const RESUMED_WITHIN_MS = 3000;
const SUB_PROTOCOL = 'graphql-transport-ws';

/** Watchers on graphql-transport-ws, one socket and one user each, as cheap as they can be so that measuring costs little. */
export class SocketWatchers {
  private readonly sockets: WebSocket[] = [];
  private closing = false;
  private stalled = 0;
  private closedStalled: Record<string, number> = {};

  private constructor(private readonly options: WatcherOptions) {}

  /** Resolves when every watcher has been sent its first list. @throws Error when a socket fails. */
  static async open(options: WatcherOptions): Promise<SocketWatchers> {
    const watchers = new SocketWatchers(options);
    const { userIds } = options;
    for (let from = 0; from < userIds.length; from += OPENING) {
      await Promise.all(userIds.slice(from, from + OPENING).map((userId, k) => watchers.watch(from + k, userId)));
    }
    return watchers;
  }

  private watch(watcher: number, userId: string): Promise<void> {
    const { url, onUpdate, onError } = this.options;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, SUB_PROTOCOL, { perMessageDeflate: false });
    this.sockets.push(socket);
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        if (watcher < this.stalled) return;
        reject(error); // has no effect once it is open
        onError(error);
      };
      socket.on('error', fail);
      socket.on('close', (code, reason) => {
        if (watcher < this.stalled) this.closedStalled[code] = (this.closedStalled[code] ?? 0) + 1;
        else if (!this.closing) fail(new Error(`watcher ${userId} was closed: ${code} ${String(reason)}`));
      });
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-beckon-user': userId } })));
      socket.on('message', (data: Buffer) => {
        const at = performance.now();
        const text = data.toString('latin1', 0, 600); // what is read of it is ASCII
        if (text.includes('"type":"next"') && text.includes('"recommendations"')) {
          onUpdate(watcher, at, readHead(text, data.length));
          resolve();
        } else if (text.includes('"type":"connection_ack"')) {
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: WATCH, variables: { userId } } }));
        } else if (text.includes('"type":"ping"')) {
          socket.send('{"type":"pong"}');
        } else {
          fail(new Error(`watcher ${userId} was sent ${text}`));
        }
      });
    });
  }

  /** The first so many stop reading. That they are closed for it is no failure. */
  stall(count: number): void {
    this.stalled = count;
    for (const socket of this.sockets.slice(0, count)) socket.pause();
  }

  /** They read on, as long as there is something to read. Returns how many of them were closed, by code. */
  async resume(): Promise<Readonly<Record<string, number>>> {
    for (const socket of this.sockets.slice(0, this.stalled)) socket.resume();
    await after(RESUMED_WITHIN_MS);
    return this.closedStalled;
  }

  async close(): Promise<void> {
    this.closing = true;
    const open = this.sockets.filter(({ readyState }) => readyState !== WebSocket.CLOSED);
    const gone = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of this.sockets) socket.close(1000);
    await Promise.all(gone);
  }
}

const HEAD = /"appliedThrough":(\d+),"position":\{"epoch":"([^"]+)","revision":(\d+)\},"timings":(\{[^}]*\})/;

function readHead(text: string, chars: number): WatchedUpdate {
  const match = HEAD.exec(text);
  if (!match) throw new Error(`not an update: ${text}`);
  const [, appliedThrough, epoch, revision, timings] = match;
  return {
    appliedThrough: Number(appliedThrough),
    epoch: epoch!,
    revision: Number(revision),
    timings: JSON.parse(timings!) as WatchedUpdate['timings'],
    chars,
  };
}

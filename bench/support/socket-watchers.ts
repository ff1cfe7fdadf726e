import { setTimeout as after } from 'node:timers/promises';
import { SUB_PROTOCOL } from '../../src/gateway/socket/protocol-message';
import type { StageTimings } from '../../src/gateway/stage-timings';
import { openInGroups } from './open-in-groups';
import { PlainWebSocket } from './plain-web-socket';

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

const RESUMED_WITHIN_MS = 3000;

/** Watchers on graphql-transport-ws, one socket and one user each, as cheap as they can be so that measuring costs little. */
export class SocketWatchers {
  private readonly sockets: PlainWebSocket[] = [];
  private stalled = 0;
  private closedStalled: Record<string, number> = {};

  private constructor(private readonly options: WatcherOptions) {}

  /** Resolves when every watcher has been sent its first list. @throws Error when a socket fails. */
  static async open(options: WatcherOptions): Promise<SocketWatchers> {
    const watchers = new SocketWatchers(options);
    await openInGroups(options.userIds, (userId, watcher) => watchers.watch(watcher, userId));
    return watchers;
  }

  private watch(watcher: number, userId: string): Promise<void> {
    const { url, onUpdate, onError } = this.options;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(error); // has no effect once it is open
        onError(error);
      };
      const socket: PlainWebSocket = new PlainWebSocket({
        ...{ url, path: '/graphql', subProtocol: SUB_PROTOCOL },
        onOpen: () => socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-beckon-user': userId } })),
        onText: (utf8) => {
          const at = performance.now();
          const text = utf8.toString('latin1', 0, 600); // what is read of it is ASCII
          if (text.includes('"type":"next"') && text.includes('"recommendations"')) {
            onUpdate(watcher, at, readHead(text, utf8.length));
            resolve();
          } else if (text.includes('"type":"connection_ack"')) {
            socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: WATCH, variables: { userId } } }));
          } else if (text.includes('"type":"ping"')) {
            socket.send('{"type":"pong"}');
          } else {
            fail(new Error(`watcher ${userId} was sent ${text}`));
          }
        },
        onBroken: (why) => {
          if (watcher < this.stalled) this.closedStalled[why] = (this.closedStalled[why] ?? 0) + 1;
          else fail(new Error(`watcher ${userId} was closed: ${why}`));
        },
      });
      this.sockets.push(socket);
    });
  }

  /** The first so many stop reading. That they are closed for it is no failure. */
  stall(count: number): void {
    this.stalled = count;
    for (const socket of this.sockets.slice(0, count)) socket.pause();
  }

  /** They read on, as long as there is something to read. Returns how many of them were closed, by why. */
  async resume(): Promise<Readonly<Record<string, number>>> {
    for (const socket of this.sockets.slice(0, this.stalled)) socket.resume();
    await after(RESUMED_WITHIN_MS);
    return this.closedStalled;
  }

  /** Resolves when all are closed. */
  async close(): Promise<void> {
    await Promise.all(this.sockets.map((socket) => socket.close()));
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

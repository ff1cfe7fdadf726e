import { SUB_PROTOCOL } from '../../src/gateway/socket/protocol-message';
import { PlainWebSocket } from './plain-web-socket';

/** What an app would ask for that resumes. The place comes first, so that it is found without reading the rest. */
const RESUME = /* GraphQL */ `
  subscription Resume($after: PositionInput) {
    recommendations(after: $after) {
      appliedThrough
      position {
        epoch
        revision
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

interface Position {
  readonly epoch: string;
  readonly revision: number;
}

export interface ResumingWatcherOptions {
  /** Address of the gateway, http: */
  readonly url: string;
  readonly userId: string;
  /** Address of this machine to connect from. */
  readonly localAddress: string;
  /** A list has come: its number, and the moment. */
  readonly onList: (covers: number, at: number) => void;
  /** The connection could not be made or broke: why, in few distinct words. Whoever listens connects again. */
  readonly onBroken: (why: string) => void;
}

/**
 * One watcher on graphql-transport-ws that can be cut and comes back. It resumes from the list before the newest that it has, as if that one
 * had been lost with the connection: so each return is answered by a list.
 */
export class ResumingWatcher {
  /** Number of the newest list. */
  newest = 0;
  duplicate = 0;
  outOfOrder = 0;
  /** Lists that came on this connection. */
  arrivedSinceConnect = 0;
  private last: Position | undefined;
  private resumeFrom: Position | undefined;
  /** Where this connection began or got to. */
  private seen: Position | undefined;
  private socket: PlainWebSocket | undefined;

  constructor(private readonly options: ResumingWatcherOptions) {}

  connect(): void {
    const { url, localAddress, userId, onBroken } = this.options;
    this.arrivedSinceConnect = 0;
    this.seen = this.resumeFrom;
    const socket: PlainWebSocket = new PlainWebSocket({
      ...{ url, path: '/graphql', subProtocol: SUB_PROTOCOL, localAddress },
      onOpen: () => socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-beckon-user': userId } })),
      onText: (utf8) => this.onMessage(socket, utf8),
      onBroken,
    });
    this.socket = socket;
  }

  /** Breaks the connection without a goodbye. */
  cut(): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.cut();
  }

  private onMessage(socket: PlainWebSocket, data: Buffer): void {
    if (socket !== this.socket) return;
    const at = performance.now();
    const text = data.toString('latin1', 0, 400); // what is read of it is ASCII
    if (text.includes('"type":"next"') && text.includes('"recommendations"')) return this.onList(text, at);
    if (text.includes('"type":"connection_ack"')) {
      const payload = { query: RESUME, variables: { after: this.resumeFrom ?? null } };
      return socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    }
    this.cut();
    this.options.onBroken(/"code":"(\w+)"/.exec(text)?.[1] ?? text);
  }

  private onList(text: string, at: number): void {
    const [, covers, epoch, revision] = HEAD.exec(text)!;
    const position = { epoch: epoch!, revision: Number(revision) };
    if (this.seen?.epoch === position.epoch) {
      if (this.seen.revision === position.revision) this.duplicate++;
      else if (this.seen.revision > position.revision) this.outOfOrder++;
    }
    this.seen = position;
    if (this.last?.epoch !== position.epoch || this.last.revision !== position.revision) this.resumeFrom = this.last;
    this.last = position;
    this.newest = Number(covers);
    this.arrivedSinceConnect++;
    this.options.onList(this.newest, at);
  }
}

const HEAD = /"appliedThrough":(\d+),"position":\{"epoch":"([^"]+)","revision":(\d+)\}/;

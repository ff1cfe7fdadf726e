import { createConnection, type Socket, type TcpNetConnectOpts } from 'node:net';
import { AbstractConnector, type StandaloneConnectionOptions } from 'ioredis';
import { SubscribedReplies, type OnMessage } from './subscribed-replies';

export type ConnectorClass = new (options: unknown) => AbstractConnector;

/**
 * Opens a socket, in the turn in which its promise resolves.
 * @param isWanted whether it still is.
 */
export type OpenSocket = (options: StandaloneConnectionOptions, isWanted: () => boolean) => Promise<Socket>;

/** Has ioredis connect by a socket that `open` gives it, each time that it connects. When `open` rejects, ioredis gives the connection up for good. */
export function connectorBy(open: OpenSocket): ConnectorClass {
  return class extends AbstractConnector {
    private readonly options: StandaloneConnectionOptions;

    constructor(given: unknown) {
      const options = given as StandaloneConnectionOptions & { readonly disconnectTimeout: number };
      super(options.disconnectTimeout);
      this.options = options;
    }

    async connect(): Promise<Socket> {
      this.connecting = true;
      await Promise.resolve(); // so that no tick comes between the socket and its listener: a socket may fail in the very next one
      const stream = await open(this.options, () => this.connecting);
      if (!this.connecting) {
        stream.destroy();
        throw new Error('Connection is closed.');
      }
      this.stream = stream;
      stream.once('error', (error: Error) => (this.firstError = error));
      return stream;
    }
  };
}

/** A socket to Redis that tells messages by itself; what else is answered comes by `data` as usual. */
export function openMessageSocket(to: TcpNetConnectOpts, onMessage: OnMessage): Socket {
  const replies = new SubscribedReplies(onMessage, (reply) => socket.emit('data', reply));
  const socket: Socket = createConnection({
    ...to,
    onread: {
      buffer: () => replies.space,
      callback: (count) => {
        replies.take(count);
        return true;
      },
    },
  });
  return socket;
}

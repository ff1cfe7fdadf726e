import { createConnection, type Socket, type TcpNetConnectOpts } from 'node:net';
import { AbstractConnector, type StandaloneConnectionOptions } from 'ioredis';
import { SubscribedReplies, type OnMessage } from './subscribed-replies';

export type ConnectorClass = new (options: unknown) => AbstractConnector;

/** Has ioredis connect by a socket that `open` gives it, each time that it connects. */
export function connectorBy(open: (options: StandaloneConnectionOptions) => Promise<Socket>): ConnectorClass {
  return class extends AbstractConnector {
    private readonly options: StandaloneConnectionOptions;

    constructor(given: unknown) {
      const options = given as StandaloneConnectionOptions & { readonly disconnectTimeout: number };
      super(options.disconnectTimeout);
      this.options = options;
    }

    async connect(): Promise<Socket> {
      this.connecting = true;
      const stream = await open(this.options);
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

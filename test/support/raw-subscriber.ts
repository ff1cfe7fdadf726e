import WebSocket from 'ws';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/**
 * graphql-transport-ws by hand, without a client's bookkeeping, so that thousands of rounds cost little and a connection can be
 * cut at any moment.
 */
export class RawSubscriber {
  private lastId = 0;
  private readonly first = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const { type, id = '', payload } = JSON.parse(data.toString()) as Message;
      if (type === 'next') this.settle(id);
      if (type === 'error') this.settle(id, new Error(JSON.stringify(payload)));
    });
    socket.on('close', () => [...this.first.keys()].forEach((id) => this.settle(id, new Error('the socket was closed'))));
  }

  /** Resolves when the gateway has acknowledged the connection. */
  static async open(url: string, params: Readonly<Record<string, string>>): Promise<RawSubscriber> {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    socket.send(JSON.stringify({ type: 'connection_init', payload: params }));
    await acknowledged;
    return new RawSubscriber(socket);
  }

  /** Subscribes. `arrived` resolves with the first event, and rejects when an error or the end of the connection comes instead. */
  subscribe(query: string, variables: object): { readonly id: string; readonly arrived: Promise<void> } {
    const id = String(++this.lastId);
    const arrived = new Promise<void>((resolve, reject) => this.first.set(id, { resolve, reject }));
    this.socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
    return { id, arrived };
  }

  complete(id: string): void {
    this.socket.send(JSON.stringify({ id, type: 'complete' }));
  }

  /** Drops the connection as a phone in a tunnel does: without a word. Resolves when it is gone here. */
  async cut(): Promise<void> {
    const gone = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.terminate();
    await gone;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.close(1000);
    await gone;
  }

  private settle(id: string, error?: Error): void {
    const waiter = this.first.get(id);
    this.first.delete(id);
    if (error) waiter?.reject(error);
    else waiter?.resolve();
  }
}

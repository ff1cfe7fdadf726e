import { connect, type Socket } from 'node:net';

/** Publishes to Redis as cheaply as can be, so that measuring what a server can do costs the machine little: no client, no answers read. */
export class RawPublisher {
  private waiting: Buffer[] = [];

  private constructor(private readonly socket: Socket) {}

  static async open(redisUrl: string): Promise<RawPublisher> {
    const { hostname, port } = new URL(redisUrl);
    const socket = connect({ host: hostname, port: Number(port) });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.on('data', () => undefined);
    return new RawPublisher(socket);
  }

  /** What is published in one tick goes out at its end, in one write. */
  publish(channel: string, parts: readonly Buffer[]): void {
    if (this.waiting.length === 0) setImmediate(() => this.flush());
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const head = `*3\r\n$7\r\nPUBLISH\r\n$${Buffer.byteLength(channel)}\r\n${channel}\r\n$${bytes}\r\n`;
    this.waiting.push(Buffer.from(head), ...parts, LINE_END);
  }

  private flush(): void {
    this.socket.write(Buffer.concat(this.waiting));
    this.waiting = [];
  }
}

const LINE_END = Buffer.from('\r\n');

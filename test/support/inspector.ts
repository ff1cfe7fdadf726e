import WebSocket from 'ws';
import type { BeckonProcess } from './beckon-process';

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The inspector of a process started with `--inspect=0`: the same door that a debugger uses, so that the product needs none for tests. */
export class Inspector {
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const reply = JSON.parse(data.toString()) as Reply;
      if (reply.id === undefined) return;
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
  }

  /** @throws Error when the process was not started with `--inspect=0`. */
  static async of(process: BeckonProcess): Promise<Inspector> {
    const url = process.lines.map((line) => /Debugger listening on (ws:\S+)/.exec(line)?.[1]).findLast(Boolean);
    if (url === undefined) throw new Error(`${process.name} has no inspector: start it with --inspect=0`);
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Inspector(socket);
  }

  /** Bytes of the JavaScript heap that are in use, after a full collection. */
  async heapBytes(): Promise<number> {
    // Twice: what the first one finalises (closed sockets, streams) is collected by the second.
    for (let n = 0; n < 2; n++) await this.call('HeapProfiler.collectGarbage');
    return ((await this.call('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
  }

  close(): void {
    this.socket.close();
  }

  private call(method: string): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => (error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result)));
      this.socket.send(JSON.stringify({ id, method }));
    });
  }
}

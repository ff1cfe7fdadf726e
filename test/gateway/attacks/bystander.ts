import { get } from 'node:http';
import { eventually } from '../../support/eventually';
import { listOf } from '../support/fake-parts';
import type { TestGateway } from '../support/test-gateway';
import { openSocket } from './transports';

const WATCH = 'subscription { recommendations { position { revision } } }';

/**
 * A client that does nothing wrong: it holds one subscription on a WebSocket and one on an event stream all the time, and asks over HTTP
 * now and then.
 */
export class Bystander {
  private revision = 0;
  private readonly seen = { ws: 0, sse: 0 };
  private interruptions = 0;
  private readonly endings: (() => void)[] = [];

  private constructor(
    private readonly gateway: TestGateway,
    private readonly userId: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  static async arrive(gateway: TestGateway, userId: string, headers: Readonly<Record<string, string>>): Promise<Bystander> {
    const bystander = new Bystander(gateway, userId, headers);
    bystander.watchSocket();
    bystander.watchEvents();
    await eventually(() => expect(gateway.watching.size).toBe(2));
    await bystander.isUndisturbed();
    return bystander;
  }

  /** A list that is pushed now reaches both watches, on their first connection still, and a query is answered. */
  async isUndisturbed(): Promise<void> {
    const revision = ++this.revision;
    this.gateway.push(listOf(this.userId, ['a'], { revision }));
    const query = `{ recommendations { position { revision } } }`;
    const { answer } = await this.gateway.post({ query }, this.headers);
    expect(answer).toEqual({ data: { recommendations: { position: { revision } } } });
    await eventually(() => expect(this.seen).toEqual({ ws: revision, sse: revision }));
    expect(this.interruptions).toBe(0);
  }

  /** Ends both watches. */
  leave(): void {
    for (const ending of this.endings) ending();
  }

  private watchSocket(): void {
    const socket = openSocket(this.gateway.httpUrl);
    this.endings.push(() => socket.terminate());
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: this.headers })));
    socket.on('close', () => this.interruptions++);
    socket.on('message', (data: Buffer) => {
      const { type } = JSON.parse(data.toString()) as { type: string };
      if (type === 'connection_ack') socket.send(JSON.stringify({ id: 'watch', type: 'subscribe', payload: { query: WATCH } }));
      else if (type === 'next') this.seen.ws = revisionIn(data.toString());
      else this.interruptions++;
    });
  }

  private watchEvents(): void {
    const url = `${this.gateway.httpUrl}?query=${encodeURIComponent(WATCH)}`;
    const watching = get(url, { agent: false, headers: { ...this.headers, accept: 'text/event-stream' } }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (part.includes('event: next')) this.seen.sse = revisionIn(part);
      });
      response.once('close', () => this.interruptions++);
    }).once('error', () => this.interruptions++);
    this.endings.push(() => watching.destroy());
  }
}

const revisionIn = (text: string): number => Number(/"revision":(\d+)/.exec(text)?.[1]);

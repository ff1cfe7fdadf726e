import WebSocket from 'ws';
import type { RecommendationList } from '../../../src/push/recommendation-list';
import { eventually } from '../../support/eventually';
import type { FakeParts } from './fake-parts';

/** A server to talk to, with the ports behind it. */
export interface Partner {
  readonly url: string;
  readonly parts: FakeParts;
}

/** What was said to the client: messages, and the code and reason of the close if the server closed. */
export type Transcript = readonly unknown[];

/** One client's side of a conversation on graphql-transport-ws. */
export class Talk {
  readonly heard: unknown[] = [];
  private closed = false;

  private constructor(
    private readonly socket: WebSocket,
    readonly parts: FakeParts,
  ) {
    socket.on('message', (data: Buffer) => this.heard.push(withoutExtensions(JSON.parse(data.toString()))));
    socket.on('close', (code, reason) => {
      this.closed = true;
      this.heard.push({ closed: code, reason: String(reason) });
    });
  }

  static async open({ url, parts }: Partner, protocol: string | string[] = 'graphql-transport-ws'): Promise<Talk> {
    const talk = new Talk(new WebSocket(url, protocol), parts);
    await new Promise((resolve, reject) => talk.socket.once('open', resolve).once('error', reject));
    return talk;
  }

  /** Sends a message: an object as JSON, text and bytes as they are. */
  say(...messages: readonly (object | string | Buffer)[]): void {
    for (const message of messages)
      this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** Waits until so many messages have been heard in all, or the socket is closed. */
  async hear(count: number): Promise<void> {
    await eventually(() => expect(this.closed || this.heard.length >= count).toBe(true));
  }

  async init(): Promise<void> {
    this.say({ type: 'connection_init' });
    await this.hear(1);
  }

  async watching(count: number): Promise<void> {
    await eventually(() => expect(this.parts.watching.size).toBe(count));
  }

  push(list: RecommendationList): void {
    this.parts.push(list);
  }

  async closing(): Promise<void> {
    await eventually(() => expect(this.closed).toBe(true));
  }

  /** Asks for a sign of life, so that everything before it has been answered; then leaves. */
  async end(): Promise<Transcript> {
    if (!this.closed) {
      this.say({ type: 'ping', payload: { last: true } });
      await eventually(() => expect(this.closed || this.heard.some(isLastPong)).toBe(true));
    }
    const transcript = this.heard.filter((message) => !isLastPong(message));
    this.socket.terminate();
    return transcript;
  }
}

const isLastPong = (message: unknown): boolean => JSON.stringify(message) === '{"type":"pong","payload":{"last":true}}';

/** Errors carry `extensions` on our side only: the first deviation, which no client can mind. */
function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (name === 'extensions' ? [] : [[name, withoutExtensions(inner)]])),
  );
}

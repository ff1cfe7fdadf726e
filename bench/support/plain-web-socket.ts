import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const KEY = randomBytes(16).toString('base64');
/** What a server has to answer to this key (RFC 6455, section 4.2.2). */
const ACCEPT = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
/** The same for every frame: it hides nothing here, and the server has to take it off as any other. */
const MASK = Buffer.from(randomBytes(4).map((byte) => byte | 1));
const END = '\r\n\r\n';
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];
const HANDSHAKE_MS = 20_000;
const NORMAL = Buffer.from([1000 >> 8, 1000 & 0xff]);
/** What all of them read into: one reads after the other. */
const ARRIVED = Buffer.allocUnsafeSlow(64 * 1024);
const FIN = 0x80;
const MASKED = 0x80;

export interface PlainWebSocketOptions {
  /** Address of the server, http: */
  readonly url: string;
  readonly path: string;
  readonly subProtocol?: string;
  /** Address of this machine to connect from. */
  readonly localAddress?: string;
  readonly onOpen: () => void;
  /** A whole text message; the bytes are there until it returns. */
  readonly onText: (utf8: Buffer) => void;
  /** Runs once, when it could not be opened or is over, unless it was cut or closed here: why, in few distinct words. */
  readonly onBroken: (why: string) => void;
}

/**
 * A client's WebSocket over a plain TCP connection that does what a bench of thousands needs at little cost: the whole handshake with its
 * answer checked, masked text, pongs. No compression, no fragments. One that is used for tests of a server would check more.
 */
export class PlainWebSocket {
  private readonly stream: Socket;
  private unread: Buffer = NOTHING;
  private isOpen = false;
  private isOver = false;
  private closed: (() => void) | undefined;
  private readonly deadline: NodeJS.Timeout;

  constructor(private readonly options: PlainWebSocketOptions) {
    const { url, localAddress } = options;
    const { hostname, port } = new URL(url);
    const onread = { buffer: ARRIVED, callback: (length: number) => this.read(ARRIVED.subarray(0, length)) };
    this.stream = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread,
      ...(localAddress !== undefined && { localAddress }),
    });
    this.deadline = setTimeout(() => this.end('no handshake in time'), HANDSHAKE_MS);
    this.stream
      .on('connect', () => this.stream.write(this.handshake(hostname, port)))
      .on('error', (error: NodeJS.ErrnoException) => this.end(error.code ?? error.message))
      .on('close', () => this.end('connection closed'));
  }

  send(text: string): void {
    this.stream.write(frameOf(TEXT, Buffer.from(text)));
  }

  /** Breaks the connection without a goodbye; nothing is told any more. */
  cut(): void {
    this.isOver = true;
    clearTimeout(this.deadline);
    this.stream.destroy();
  }

  /** Says goodbye. Resolves when it is over; nothing else tells. */
  close(): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.closed = resolve;
      this.stream.resume(); // one that is paused would not see the end
      this.stream.write(frameOf(CLOSE, NORMAL));
    });
  }

  /** Reads nothing until `resume`. */
  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  private handshake(hostname: string, port: string): string {
    const { path, subProtocol } = this.options;
    const head = `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    const protocol = subProtocol === undefined ? '' : `\r\nSec-WebSocket-Protocol: ${subProtocol}`;
    return `${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}${protocol}${END}`;
  }

  /** Always true: it wants more. */
  private read(bytes: Buffer): true {
    this.unread = this.unread.length === 0 ? bytes : Buffer.concat([this.unread, bytes]);
    if (this.isOpen || this.readAnswer()) while (!this.isOver && this.readFrame());
    this.unread = this.unread.length === 0 ? NOTHING : Buffer.from(this.unread); // the next one reads into the same bytes
    return true;
  }

  /** Whether the answer to the handshake is there and good. */
  private readAnswer(): boolean {
    const end = this.unread.indexOf(END);
    if (end === -1) return false;
    const answer = this.unread.toString('latin1', 0, end);
    this.unread = this.unread.subarray(end + END.length);
    if (!answer.startsWith('HTTP/1.1 101') || !answer.includes(`Sec-WebSocket-Accept: ${ACCEPT}`)) {
      this.end(`HTTP ${answer.slice(9, 12)}`);
      return false;
    }
    this.isOpen = true;
    clearTimeout(this.deadline);
    this.options.onOpen();
    return true;
  }

  /** Whether a whole frame was there. */
  private readFrame(): boolean {
    const { unread } = this;
    if (unread.length < 2) return false;
    const short = unread[1]! & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (unread.length < head) return false;
    const length = head === 2 ? short : head === 4 ? unread.readUInt16BE(2) : Number(unread.readBigUInt64BE(2));
    if (unread.length < head + length) return false;
    const body = unread.subarray(head, head + length);
    this.unread = unread.subarray(head + length);
    const kind = unread[0]! & 0x0f;
    if (kind === TEXT) this.options.onText(body);
    else if (kind === PING) this.stream.write(frameOf(PONG, body));
    else if (kind === CLOSE) this.end(`close ${length >= 2 ? body.readUInt16BE(0) : 1005}`);
    return true;
  }

  private end(why: string): void {
    if (this.isOver) return;
    this.cut();
    if (this.closed) this.closed();
    else this.options.onBroken(why);
  }
}

const NOTHING = Buffer.alloc(0);

/** A frame of a client, of less than 64 KiB. */
function frameOf(kind: number, body: Buffer): Buffer {
  const short = body.length < 126;
  const head = short ? 2 : 4;
  const frame = Buffer.allocUnsafe(head + MASK.length + body.length);
  frame[0] = FIN | kind;
  frame[1] = MASKED | (short ? body.length : 126);
  if (!short) frame.writeUInt16BE(body.length, 2);
  MASK.copy(frame, head);
  const from = head + MASK.length;
  for (let k = 0; k < body.length; k++) frame[from + k] = body[k]! ^ MASK[k & 3]!;
  return frame;
}

import type { Utf8Writer } from '../rendering/write';

const FIN_TEXT = 0x81;
const SHORT = 126;
const LONG = 127;
const MOST_MEDIUM = 0xffff;
const NOTHING = Buffer.alloc(0);

/** A ping without a payload. */
export const PING = Buffer.from([0x89, 0x00]);

/** A pong that nobody asked for: it says that we are there, and is not answered (RFC 6455, section 5.5.3). */
export const PONG = Buffer.from([0x8a, 0x00]);

/** A WebSocket frame (RFC 6455, section 5.2) with one text message of a server: whole, unmasked, not compressed, as one buffer. */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const head = headBytes(bytes);
  const frame = Buffer.allocUnsafe(head + bytes);
  writeHead(frame, 0, bytes);
  frame.write(text, head, 'utf8');
  return frame;
}

/** The longest head of a frame. */
const MOST_HEAD_BYTES = 10;
/** What a frame that cannot leave holds on to, at least: enough for a list of twenty with its content. */
const SPACE_BYTES = 16 * 1024;

/** Shorter than this, bytes are copied one by one: a call for so few costs more. */
const FEW_BYTES = 48;

/**
 * Makes frames in the same memory again and again: most have left before the next is made. Larger ones get memory of their own. What is
 * written between `begin` and `end` is one message.
 */
export class FrameSpace implements Utf8Writer {
  private kept: Buffer | undefined;
  private space: Buffer = NOTHING;
  private top = 0;

  begin(): void {
    this.space = this.kept ??= Buffer.allocUnsafeSlow(SPACE_BYTES);
    this.top = MOST_HEAD_BYTES;
  }

  text(utf8: string): void {
    const { length } = utf8;
    const space = this.spaceFor(length);
    const { top } = this;
    space.write(utf8, top, 'latin1');
    this.top = top + length;
  }

  bytes(source: Buffer, from: number, to: number): void {
    const space = this.spaceFor(to - from);
    let { top } = this;
    if (to - from > FEW_BYTES) top += source.copy(space, top, from, to);
    else for (let at = from; at < to; at++) space[top++] = source[at]!;
    this.top = top;
  }

  /** Good until the next one is made, unless it is kept. */
  end(): Buffer {
    const { space, top } = this;
    const bytes = top - MOST_HEAD_BYTES;
    const from = MOST_HEAD_BYTES - headBytes(bytes);
    writeHead(space, from, bytes);
    return space.subarray(from, top);
  }

  /** What was made last goes on being needed: the next one is made elsewhere. */
  keepLast(): void {
    this.kept = undefined;
  }

  private spaceFor(bytes: number): Buffer {
    const { space, top } = this;
    if (top + bytes <= space.length) return space;
    const larger = Buffer.allocUnsafeSlow(Math.max(top + bytes, 2 * space.length));
    space.copy(larger, 0, 0, top);
    return (this.space = larger);
  }
}

const headBytes = (bytes: number): number => (bytes < SHORT ? 2 : bytes <= MOST_MEDIUM ? 4 : MOST_HEAD_BYTES);

function writeHead(frame: Buffer, at: number, bytes: number): void {
  frame[at] = FIN_TEXT;
  if (bytes < SHORT) frame[at + 1] = bytes;
  else if (bytes <= MOST_MEDIUM) {
    frame[at + 1] = SHORT;
    frame.writeUInt16BE(bytes, at + 2);
  } else {
    frame[at + 1] = LONG;
    frame.writeUInt32BE(Math.floor(bytes / 2 ** 32), at + 2);
    frame.writeUInt32BE(bytes >>> 0, at + 6);
  }
}

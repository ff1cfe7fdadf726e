const FIN_TEXT = 0x81;
const SHORT = 126;
const LONG = 127;

/** A WebSocket frame (RFC 6455, section 5.2) with one text message of a server: whole, unmasked, not compressed, as one buffer. */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const head = headBytes(bytes);
  const frame = Buffer.allocUnsafe(head + bytes);
  writeHead(frame, head, bytes);
  frame.write(text, head, 'utf8');
  return frame;
}

/** The longest head of a frame. */
const MOST_HEAD_BYTES = 10;
const FIRST_SPACE_BYTES = 32 * 1024;
const MOST_SPACE_BYTES = 1024 * 1024;

/** Makes frames of texts in UTF-8 (src/platform/utf8.ts) in the same memory again and again: most have left before the next is made. */
export class FrameSpace {
  private space: Buffer | undefined;

  /** Good until the next one is made, unless it is kept. */
  frameOf(utf8: string): Buffer {
    const { length } = utf8;
    const head = headBytes(length);
    const space = this.spaceFor(head + length);
    writeHead(space, head, length);
    space.write(utf8, head, 'latin1');
    return space.subarray(0, head + length);
  }

  /** What was made last goes on being needed: the next one is made elsewhere. */
  keepLast(): void {
    this.space = undefined;
  }

  private spaceFor(bytes: number): Buffer {
    if (bytes > MOST_SPACE_BYTES) return Buffer.allocUnsafeSlow(bytes);
    if (this.space && this.space.length >= bytes) return this.space;
    let size = FIRST_SPACE_BYTES;
    while (size < bytes) size *= 2;
    return (this.space = Buffer.allocUnsafeSlow(size));
  }
}

const headBytes = (bytes: number): number => (bytes < SHORT ? 2 : bytes <= 0xffff ? 4 : MOST_HEAD_BYTES);

function writeHead(frame: Buffer, head: number, bytes: number): void {
  frame[0] = FIN_TEXT;
  if (head === 2) frame[1] = bytes;
  else if (head === 4) {
    frame[1] = SHORT;
    frame.writeUInt16BE(bytes, 2);
  } else {
    frame[1] = LONG;
    frame.writeUInt32BE(Math.floor(bytes / 2 ** 32), 2);
    frame.writeUInt32BE(bytes >>> 0, 6);
  }
}

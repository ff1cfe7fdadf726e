const FIN_TEXT = 0x81;
const SHORT = 126;
const LONG = 127;

/** A WebSocket frame (RFC 6455, section 5.2) with one text message of a server: whole, unmasked, not compressed, as one buffer. */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const head = bytes < SHORT ? 2 : bytes <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + bytes);
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
  frame.write(text, head, 'utf8');
  return frame;
}

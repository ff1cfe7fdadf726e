import { standsAt } from './utf8';

/** Told of a message of a subscription. Its bytes are good until the present turn of the event loop ends: then others come in their place. */
export type OnMessage = (message: Buffer, channel: string) => void;

const START_BYTES = 64 * 1024;
const [CR_LF_BYTES, MINUS, ZERO] = [2, 0x2d, 0x30];
const [ARRAY, BULK, CR] = [0x2a, 0x24, 0x0d];
const MESSAGE = '*3\r\n$7\r\nmessage\r\n$';
const SHARDED_MESSAGE = '*3\r\n$8\r\nsmessage\r\n$';
const INCOMPLETE = -1;
const NO_BYTES = Buffer.alloc(0);

/**
 * Cuts what Redis sends over a connection that subscribes (RESP2) into replies, in the one buffer that it is read into: a gateway is sent
 * thousands of messages a second, each of which would otherwise pass through the queues of a stream and become an array of buffers.
 * Messages are told; every other reply is handed on, as it came, for whoever sent the command.
 */
export class SubscribedReplies {
  private all = Buffer.allocUnsafeSlow(START_BYTES);
  /** For the reply that has not come whole: what was told before it still lies where it came. */
  private other = Buffer.allocUnsafeSlow(START_BYTES);
  /** How many bytes of such a reply are at the front. */
  private held = 0;

  constructor(
    private readonly onMessage: OnMessage,
    private readonly onOther: (reply: Buffer) => void,
  ) {}

  /** Where the bytes that come next are to be put; never empty. */
  get space(): Buffer {
    return this.all.subarray(this.held);
  }

  /** @param count how many bytes were put into `space`. */
  take(count: number): void {
    const end = this.held + count;
    let at = 0;
    while (at < end) {
      const next = this.takeOne(at, end);
      if (next === INCOMPLETE) break;
      at = next;
    }
    this.held = end - at;
    if (this.held === 0 && this.all.length === START_BYTES) return;
    const room = this.held < START_BYTES / 2 ? START_BYTES : this.held === this.all.length ? 2 * this.held : this.all.length;
    if (at > 0 || room !== this.all.length) this.moveHeld(at, end, room);
  }

  /** Returns where the next reply begins, or `INCOMPLETE`. */
  private takeOne(at: number, end: number): number {
    const { all } = this;
    const head = headOf(all, at, end);
    if (!head) {
      const next = endOfReply(all, at, end);
      if (next !== INCOMPLETE) this.onOther(Buffer.from(all.subarray(at, next)));
      return next;
    }
    const channelSizeAt = at + head.length;
    const channelAt = afterLine(all, channelSizeAt, end);
    if (channelAt === INCOMPLETE) return INCOMPLETE;
    const channelEnd = channelAt + wholeAt(all, channelSizeAt);
    const sizeAt = channelEnd + CR_LF_BYTES + 1;
    const messageAt = afterLine(all, sizeAt, end);
    if (messageAt === INCOMPLETE) return INCOMPLETE;
    const messageEnd = messageAt + wholeAt(all, sizeAt);
    const next = messageEnd + CR_LF_BYTES;
    if (next > end) return INCOMPLETE;
    this.onMessage(all.subarray(messageAt, messageEnd), all.toString('utf8', channelAt, channelEnd));
    return next;
  }

  private moveHeld(from: number, to: number, room: number): void {
    const { all, other } = this;
    this.all = other.length === room ? other : Buffer.allocUnsafeSlow(room);
    all.copy(this.all, 0, from, to);
    this.other = all.length > START_BYTES ? NO_BYTES : all;
  }
}

/** What a message begins with, if all of it has come. */
function headOf(bytes: Buffer, at: number, end: number): string | undefined {
  if (at + MESSAGE.length <= end && standsAt(bytes, at, MESSAGE)) return MESSAGE;
  return at + SHARDED_MESSAGE.length <= end && standsAt(bytes, at, SHARDED_MESSAGE) ? SHARDED_MESSAGE : undefined;
}

/** Where the next line begins. */
function afterLine(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at + 1 < end; at++) if (bytes[at] === CR) return at + CR_LF_BYTES;
  return INCOMPLETE;
}

/** The number that a line begins with; any below zero: -1, which says that there is nothing. */
function wholeAt(bytes: Buffer, from: number): number {
  if (bytes[from] === MINUS) return -1;
  let value = 0;
  for (let at = from; bytes[at] !== CR; at++) value = value * 10 + bytes[at]! - ZERO;
  return value;
}

function endOfReply(bytes: Buffer, at: number, end: number): number {
  const next = afterLine(bytes, at + 1, end);
  if (next === INCOMPLETE) return INCOMPLETE;
  const kind = bytes[at];
  if (kind !== ARRAY && kind !== BULK) return next;
  const size = wholeAt(bytes, at + 1);
  if (kind === BULK) {
    const bulkEnd = size < 0 ? next : next + size + CR_LF_BYTES;
    return bulkEnd <= end ? bulkEnd : INCOMPLETE;
  }
  let partAt = next;
  for (let part = 0; part < size && partAt !== INCOMPLETE; part++) partAt = partAt < end ? endOfReply(bytes, partAt, end) : INCOMPLETE;
  return partAt;
}

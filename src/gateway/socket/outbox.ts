import type { Duplex } from 'node:stream';
import type { Gauge } from 'prom-client';
import type { WebSocket } from 'ws';
import { SameDelay } from '../../platform/same-delay';
import { CLOSE } from './close-codes';
import { FrameSpace, PING, PONG, textFrame } from './text-frame';

/** Something that can be asked for its newest message when the socket can take one. */
export interface OutboxSource {
  /** The newest message as a frame, good until the next is made; undefined when there is none (any more). */
  takeFrame(frames: FrameSpace): Buffer | undefined;
}

/** Bytes of answers that a socket may leave unread besides one message of each subscription; past that it is closed at once. */
const MOST_UNREAD_BYTES = 1024 * 1024;
const NOTHING = Buffer.alloc(0);
const NOW = Promise.resolve();

/** What all outboxes of a server share: one round at the end of each tick, and the deadline of slow readers. */
export class Outboxes {
  readonly frames = new FrameSpace();
  private readonly due: Outbox[] = [];
  private readonly slow: SameDelay<Outbox>;
  private readonly ending: SameDelay<Outbox>;
  private readonly sendAll = (): void => {
    const { due } = this;
    // Sending may put more in; those are for this round too.
    for (let k = 0; k < due.length; k++) due[k]!.send();
    due.length = 0;
  };

  /** @param slowReaderMs how long a socket may leave something unread. It has as long again to see why it was closed. */
  constructor(
    slowReaderMs: number,
    private readonly gauge: Gauge<'state'>,
  ) {
    this.slow = new SameDelay(slowReaderMs, (outbox) => outbox.closeAsSlow());
    this.ending = new SameDelay(slowReaderMs, (outbox) => outbox.cut());
  }

  sendAtEndOfTick(outbox: Outbox): void {
    if (this.due.length === 0) void NOW.then(this.sendAll); // queueMicrotask makes a resource for async hooks each time
    this.due.push(outbox);
  }

  isSlow(outbox: Outbox): void {
    this.slow.add(outbox);
    this.count();
  }

  isNotSlow(outbox: Outbox): void {
    this.slow.delete(outbox);
    this.count();
  }

  /** It has been closed: cut off when it does not go by itself. */
  isEnding(outbox: Outbox): void {
    this.slow.delete(outbox);
    this.ending.add(outbox);
    this.count();
  }

  forget(outbox: Outbox): void {
    this.slow.delete(outbox);
    this.ending.delete(outbox);
    this.count();
  }

  stop(): void {
    this.slow.stop();
    this.ending.stop();
  }

  private count(): void {
    this.gauge.set({ state: 'unread' }, this.slow.size);
    this.gauge.set({ state: 'closing' }, this.ending.size);
  }
}

/**
 * The way out of one socket. What is said at once goes out at once; sources are asked for their newest message when the tick ends and the
 * operating system takes bytes: while something is unread they are not asked, so that a slow reader costs one message and no queue.
 * Writes whole frames past `ws`, in one call where `ws` makes two buffers and an object of them.
 */
export class Outbox {
  private readonly waiting: OutboxSource[] = [];
  private scheduled = false;
  private blocked = false;
  private readers: (() => void)[] | undefined;

  constructor(
    private readonly socket: WebSocket,
    readonly stream: Duplex,
    private readonly all: Outboxes,
  ) {}

  /** Sends a message now, before everything that waits. */
  say(text: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.write(textFrame(text));
    if (this.stream.writableLength > MOST_UNREAD_BYTES) this.closeAsSlow();
  }

  /** The other side leaves something unread. */
  get hasUnread(): boolean {
    return this.blocked;
  }

  /** Asks the other side for a pong. False: it is being closed. */
  ping(): boolean {
    return this.control(PING);
  }

  /** Only says that we are there, for whatever stands between and cuts what is silent. */
  nudge(): void {
    this.control(PONG);
  }

  /** Has the source asked for its message. Call it once for each time that it has something. */
  ask(source: OutboxSource): void {
    this.waiting.push(source);
    if (this.scheduled || this.blocked) return;
    this.scheduled = true;
    this.all.sendAtEndOfTick(this);
  }

  /** Asks what waits, unless something is unread. */
  send(): void {
    this.scheduled = false;
    const { waiting, socket, stream } = this;
    const { frames } = this.all;
    if (this.blocked || waiting.length === 0) return;
    const several = waiting.length > 1;
    if (several) stream.cork();
    for (const source of waiting) {
      const frame = socket.readyState === socket.OPEN ? source.takeFrame(frames) : undefined;
      if (!frame) continue;
      stream.write(frame);
      if (stream.writableLength > 0) frames.keepLast(); // corked, or not taken by the operating system yet
    }
    waiting.length = 0;
    if (several) stream.uncork();
    this.watchUnread();
  }

  closeAsSlow(): void {
    this.socket.close(CLOSE.slowReader.code, CLOSE.slowReader.reason);
    this.all.isEnding(this);
  }

  cut(): void {
    this.socket.terminate();
  }

  /** Resolves when nothing is unread, or the socket is gone; undefined: that is so now. */
  whenRead(): Promise<void> | undefined {
    return this.blocked ? new Promise((resolve) => (this.readers ??= []).push(resolve)) : undefined;
  }

  forget(): void {
    this.waiting.length = 0;
    this.all.forget(this);
    this.tellReaders();
  }

  private control(frame: Buffer): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    this.stream.write(frame);
    return true;
  }

  private tellReaders(): void {
    const { readers } = this;
    this.readers = undefined;
    for (const resolve of readers ?? []) resolve();
  }

  private write(frame: Buffer): void {
    this.stream.write(frame);
    this.watchUnread();
  }

  /** The operating system did not take everything: from now on the reader is slow, until it has. */
  private watchUnread(): void {
    if (this.blocked || this.stream.writableLength === 0) return;
    this.blocked = true;
    this.all.isSlow(this);
    this.stream.write(NOTHING, () => {
      this.blocked = false;
      this.all.isNotSlow(this);
      this.tellReaders();
      this.send();
    });
  }
}

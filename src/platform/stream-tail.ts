import type { Redis } from 'ioredis';
import type { Log } from './log';

export type StreamEntry = readonly [id: string, fields: readonly string[]];

type StreamReply = [stream: string, entries: [id: string, fields: string[]][]][];

export interface StreamTailOptions {
  /** A connection of its own: it blocks. Closed with the tail. */
  readonly redis: Redis;
  /** Stream → id after which to read. */
  readonly from: ReadonlyMap<string, string>;
  /** Entries of one stream, in order. An error is logged and the entries count as read. */
  readonly onEntries: (stream: string, entries: readonly StreamEntry[]) => void | Promise<void>;
  readonly log: Log;
  readonly batch?: number;
  /** How long entries may wait so that more of them are read at a time: a read costs as much as handling several. @default 0 */
  readonly gatherMs?: number;
}

/** After a failure that is not the connection's: not to spin. */
const PAUSE_AFTER_ERROR_MS = 500;

/**
 * Follows streams from given ids, in order, each entry once per tail. Waits through an absence of Redis. On Redis Cluster
 * all streams must share a slot: `StreamTails` keeps one tail for each.
 */
export class StreamTail {
  private readonly positions: Map<string, string>;
  private closed = false;
  /** Ends the read that is waiting now: one that waits for an absent Redis is never answered. */
  private endReading: () => void = () => undefined;
  private held = Promise.resolve();
  private readonly loop: Promise<void>;

  constructor(private readonly options: StreamTailOptions) {
    this.positions = new Map(options.from);
    this.loop = this.run();
  }

  positionOf(stream: string): string {
    return this.positions.get(stream) ?? '0';
  }

  /** Runs `work` while no entry is being delivered; delivery goes on when it is done. */
  async whileHeld<T>(work: () => Promise<T>): Promise<T> {
    const before = this.held;
    const running = before.then(work);
    this.held = running.then(
      () => undefined,
      () => undefined,
    );
    return running;
  }

  /** Ends at once, also while Redis is away. */
  async close(): Promise<void> {
    this.closed = true;
    this.endReading();
    this.options.redis.disconnect();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { log, batch = 500, gatherMs = 0 } = this.options;
    while (!this.closed) {
      const streams = [...this.positions.keys()];
      if (streams.length === 0) return;
      try {
        const reply = await this.read(streams, batch);
        for (const [stream, entries] of reply ?? []) await this.whileHeld(() => this.deliver(stream, entries));
        if (reply && gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, gatherMs));
      } catch (error) {
        if (this.closed) return;
        log.warn({ err: error }, 'reading a stream failed, trying again');
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_ERROR_MS));
      }
    }
  }

  /** The next entries; null when there are none for a while, or when the tail is closed. */
  private read(streams: readonly string[], batch: number): Promise<StreamReply | null> {
    return new Promise((resolve, reject) => {
      // Not a race with one long-lived promise: that would hold every reply for as long as the tail lives.
      this.endReading = () => resolve(null);
      this.options.redis.xread('COUNT', batch, 'BLOCK', 5000, 'STREAMS', ...streams, ...this.positions.values()).then(resolve, reject);
    });
  }

  private async deliver(stream: string, entries: readonly StreamEntry[]): Promise<void> {
    const last = entries[entries.length - 1];
    if (!last) return;
    try {
      await this.options.onEntries(stream, entries);
    } catch (error) {
      this.options.log.error({ err: error, stream }, 'entries of a stream could not be handled');
    }
    this.positions.set(stream, last[0]);
  }
}

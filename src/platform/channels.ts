import type { Redis } from 'ioredis';
import { keepTrying } from './keep-trying';
import type { Log } from './log';
import { slotOf } from './redis-cluster';
import { isCluster, type RedisConnection } from './redis-connection';
import type { OnMessage } from './subscribed-replies';

export interface ChannelsOptions {
  /** Whose kind says how messages are published. */
  readonly redis: RedisConnection;
  /** Opens a connection to the server that holds a channel: it becomes a subscriber, and is closed with this. May tell messages by itself. */
  readonly connect: (channel: string, onMessage: OnMessage) => Redis;
  readonly log: Log;
}

interface Line {
  readonly redis: Redis;
  readonly channels: Set<string>;
  lost: boolean;
}

/** Told of channels on which something may have been missed, as soon as they are heard again. */
export type GapListener = (channels: ReadonlySet<string>) => void;

/**
 * Pub/sub channels that are listened to for as long as the process lives: over one connection, or, on a cluster, over one for each slot, as
 * messages stay on the servers that hold their channel's (sharded pub/sub). Delivery is at most once; whoever cannot miss anything reads
 * the store again after a gap.
 */
export class Channels {
  private readonly lines = new Map<number, Line>();
  private readonly listeners = new Map<string, OnMessage>();
  private readonly gapListeners: GapListener[] = [];
  private readonly sharded: boolean;
  private closed = false;
  private readonly hear = (message: Buffer, channel: string): void => this.listeners.get(channel)?.(message, channel);

  constructor(private readonly options: ChannelsOptions) {
    this.sharded = isCluster(options.redis);
  }

  /** How many of the connections are up. */
  get connection(): 'all' | 'some' | 'none' {
    const lines = [...this.lines.values()];
    const up = lines.filter(({ redis }) => redis.status === 'ready').length;
    return up === lines.length ? 'all' : up > 0 ? 'some' : 'none';
  }

  onGap(listener: GapListener): void {
    this.gapListeners.push(listener);
  }

  /** Calls back on each message, one listener a channel. Resolves when nothing that is published from now on is missed, but in a gap. */
  async subscribe(channels: Iterable<string>, listener: OnMessage): Promise<void> {
    const changed = new Set<Line>();
    for (const channel of channels) {
      this.listeners.set(channel, listener);
      const line = this.lineOf(channel);
      line.channels.add(channel);
      changed.add(line);
    }
    await Promise.all([...changed].map((line) => this.send(line)));
  }

  /** Connects again where a channel is heard, if there is a connection: one that hears nothing may be half open. */
  reconnect(channel: string): boolean {
    const { redis } = this.lineOf(channel);
    if (redis.status !== 'ready') return false;
    redis.disconnect(true);
    return true;
  }

  close(): void {
    this.closed = true;
    for (const { redis } of this.lines.values()) redis.disconnect();
  }

  private lineOf(channel: string): Line {
    const group = this.sharded ? slotOf(channel) : 0;
    const held = this.lines.get(group);
    if (held) return held;
    const line: Line = { redis: this.options.connect(channel, this.hear), channels: new Set(), lost: false };
    this.lines.set(group, line);
    // Of buffers: one listener for texts, and ioredis would decode every list that is announced.
    line.redis.on(this.sharded ? 'smessageBuffer' : 'messageBuffer', (name: Buffer, message: Buffer) =>
      this.hear(message, name.toString()),
    );
    line.redis.on('close', () => (line.lost = true));
    line.redis.on('ready', () => void this.recover(line));
    return line;
  }

  private async send({ redis, channels }: Line): Promise<void> {
    if (!this.sharded) return void (await redis.subscribe(...channels));
    while (!(await subscribedAtSlot(redis, channels))) redis.disconnect(true); // to where the slot is now
  }

  /**
   * ioredis subscribes again by itself, but `ready` fires before the server has confirmed that; subscribing once more (a no-op) waits for
   * it, so that nothing falls between.
   */
  private async recover(line: Line): Promise<void> {
    if (!line.lost) return;
    line.lost = false;
    const isPointless = (): boolean => line.lost || this.closed; // lost once more: the next `ready` begins anew
    await keepTrying(() => this.send(line), {
      until: isPointless,
      onFailure: (error) => this.options.log.warn({ err: error }, 'channels could not be subscribed to again'),
    });
    if (isPointless()) return;
    for (const listener of this.gapListeners) listener(line.channels);
  }
}

/**
 * Whether the server has confirmed the channels; false: it does not hold their slot any more. ioredis says so by an event of the connection alone and
 * leaves the call unsettled for ever.
 */
async function subscribedAtSlot(redis: Redis, channels: Iterable<string>): Promise<boolean> {
  let refuse!: () => void;
  const refused = new Promise<false>((resolve) => (refuse = () => resolve(false)));
  redis.once('moved', refuse);
  try {
    return await Promise.race([redis.ssubscribe(...channels).then(() => true), refused]);
  } finally {
    redis.off('moved', refuse);
  }
}

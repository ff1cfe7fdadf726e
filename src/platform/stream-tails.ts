import type { Redis } from 'ioredis';
import { slotOf } from './redis-cluster';
import { isCluster, type RedisConnection } from './redis-connection';
import { StreamTail, type StreamTailOptions } from './stream-tail';

export interface StreamTailsOptions extends Omit<StreamTailOptions, 'redis'> {
  /** Whose kind says which streams can be read by one connection. */
  readonly redis: RedisConnection;
  /** Opens a connection to the server that holds a stream: it blocks, and is closed with this. */
  readonly connect: (stream: string) => Redis;
}

/** Follows streams as `StreamTail` does, wherever they are: all over one connection, or, on a cluster, those of each slot over one. */
export class StreamTails {
  private readonly tails: readonly StreamTail[];
  private readonly tailOf = new Map<string, StreamTail>();

  constructor({ redis, connect, from, ...rest }: StreamTailsOptions) {
    const groups = new Map<number, Map<string, string>>();
    for (const [stream, id] of from) {
      const group = isCluster(redis) ? slotOf(stream) : 0;
      groups.set(group, (groups.get(group) ?? new Map<string, string>()).set(stream, id));
    }
    this.tails = [...groups.values()].map((own) => {
      const [first] = own.keys();
      const tail = new StreamTail({ ...rest, redis: connect(first!), from: own });
      for (const stream of own.keys()) this.tailOf.set(stream, tail);
      return tail;
    });
  }

  positionOf(stream: string): string {
    return this.tailOf.get(stream)?.positionOf(stream) ?? '0';
  }

  /** Runs `work` while no entry of any stream is being delivered; delivery goes on when it is done. */
  whileHeld<T>(work: () => Promise<T>): Promise<T> {
    // Always in the same order, so that two that hold never wait for each other.
    return this.tails.reduce((inner, tail) => () => tail.whileHeld(inner), work)();
  }

  async close(): Promise<void> {
    await Promise.all(this.tails.map((tail) => tail.close()));
  }
}

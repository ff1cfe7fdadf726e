import type { Redis } from 'ioredis';
import { BeckonError } from './errors';
import { onRedis } from './redis';

export interface ReplicaBarrierOptions {
  /** The connection, to one server, that the work writes by. */
  readonly redis: Redis;
  /** How many must have it; at least 1. */
  readonly replicas: number;
  /** How long they may take, in ms; less than a command may take on that connection. */
  readonly withinMs: number;
}

/**
 * Holds back what is said of a write (an acknowledgement, a list) until replicas have it, so that a fail-over to one of them loses nothing of it.
 * What is not confirmed is written all the same, on the primary: whoever had it written is to send it again under the same id.
 *
 * One WAIT at a time; all that is done while it waits is confirmed by the next, so that a WAIT serves as many as come meanwhile.
 */
export class ReplicaBarrier {
  /** Counts the connections: a WAIT says nothing of what was written by an earlier one, perhaps to another server. */
  private life = 0;
  private waiting: Promise<number> | undefined;
  private next: Promise<number> | undefined;

  constructor(private readonly options: ReplicaBarrierOptions) {
    options.redis.on('close', () => (this.life += 1));
  }

  /** @throws BeckonError UNAVAILABLE when too few replicas have it in time (TooFewReplicas), or when the connection was lost meanwhile. */
  async after<T>(work: () => Promise<T>): Promise<T> {
    const { life } = this;
    const result = await work();
    const reached = await this.confirm();
    if (this.life !== life) throw notConfirmed();
    if (reached < this.options.replicas) throw new TooFewReplicas();
    return result;
  }

  /** How many replicas have all that was written by now. */
  private confirm(): Promise<number> {
    if (this.waiting === undefined) return (this.waiting = this.wait());
    // What waits now was sent before our write, perhaps: the next one covers it.
    return (this.next ??= this.waiting
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return (this.waiting = this.wait());
      }));
  }

  private wait(): Promise<number> {
    const { redis, replicas, withinMs } = this.options;
    const asked = onRedis(() => redis.wait(replicas, withinMs));
    const done = (): void => {
      if (this.waiting === asked && this.next === undefined) this.waiting = undefined;
    };
    asked.then(done, done);
    return asked;
  }
}

const NOT_CONFIRMED = 'it is not known whether the replicas of the store have this: send it again';
const RETRY_AFTER_MS = 1000;

export const notConfirmed = (): BeckonError => new BeckonError('UNAVAILABLE', NOT_CONFIRMED, { retryAfterMs: RETRY_AFTER_MS });

/** The same, because replicas did not say in time that they have it: who asks again soon is likely to wait as long. */
export class TooFewReplicas extends BeckonError {
  constructor() {
    super('UNAVAILABLE', NOT_CONFIRMED, { retryAfterMs: RETRY_AFTER_MS });
  }
}

import type { Redis } from 'ioredis';
import type { Log } from './log';
import { connectForCommands, untilReady } from './redis';
import { ReplicaBarrier } from './replica-barrier';

const READY_WITHIN_MS = 60_000;
const REPLICAS_WITHIN_MS = 1000;

export interface RecordingConnection {
  readonly redis: Redis;
  /** Runs work that writes by that connection. @throws BeckonError UNAVAILABLE when too few replicas have it in time. */
  readonly confirmed: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => void;
}

/**
 * Where behaviour is recorded. With `replicas` above 0 that is a connection of its own, as all that is sent by a connection waits while it
 * waits for replicas; otherwise it is `shared`, and nothing waits.
 * @throws BeckonError UNAVAILABLE when the store does not answer.
 */
export async function connectForRecording(options: {
  readonly url: string;
  readonly log: Log;
  readonly replicas: number;
  readonly shared: Redis;
}): Promise<RecordingConnection> {
  const { url, log, replicas, shared } = options;
  if (replicas === 0) return { redis: shared, confirmed: (work) => work(), close: () => undefined };
  const redis = connectForCommands({ url, log, name: 'beckon-gateway-recording' });
  await untilReady(redis, READY_WITHIN_MS);
  const barrier = new ReplicaBarrier({ redis, replicas, withinMs: REPLICAS_WITHIN_MS });
  return { redis, confirmed: (work) => barrier.after(work), close: () => redis.disconnect() };
}

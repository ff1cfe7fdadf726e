import type { Cluster, Redis } from 'ioredis';
import type { Log } from './log';
import { connectForCommands, untilReady } from './redis';
import { placeOf, slotOf } from './redis-cluster';
import { isCluster, type RedisConnection } from './redis-connection';
import { notConfirmed, ReplicaBarrier } from './replica-barrier';

const READY_WITHIN_MS = 60_000;
const REPLICAS_WITHIN_MS = 1000;

/** Runs work that writes to these keys. @throws BeckonError UNAVAILABLE when too few replicas have it in time. */
type Confirmed = <T>(keys: readonly string[], work: () => Promise<T>) => Promise<T>;

export interface ReplicatedConnection {
  readonly redis: RedisConnection;
  readonly confirmed: Confirmed;
  /** The connection to the primary of a key. @throws BeckonError UNAVAILABLE while there is none. */
  readonly serverOf: (key: string) => Redis;
  readonly close: () => void;
}

/**
 * For what counts only once replicas have it. With `replicas` above 0 that is a connection of its own, as all that is sent by a connection
 * waits while it waits for replicas; otherwise it is `shared`, and nothing waits.
 * @throws BeckonError UNAVAILABLE when the store does not answer.
 */
export async function connectReplicated(options: {
  readonly url: string;
  readonly log: Log;
  /** Shown in CLIENT LIST. */
  readonly name: string;
  readonly replicas: number;
  readonly shared: RedisConnection;
}): Promise<ReplicatedConnection> {
  const { url, log, name, replicas, shared } = options;
  const serverIn = (redis: RedisConnection) => (key: string) => (isCluster(redis) ? nodeOf(redis, key) : redis);
  if (replicas === 0) return { redis: shared, confirmed: (_keys, work) => work(), serverOf: serverIn(shared), close: () => undefined };
  const redis = connectForCommands({ url, log, name });
  await untilReady(redis, READY_WITHIN_MS);
  return { redis, confirmed: confirmedBy(redis, replicas), serverOf: serverIn(redis), close: () => redis.disconnect() };
}

function confirmedBy(redis: RedisConnection, replicas: number): Confirmed {
  const open = (one: Redis): ReplicaBarrier => new ReplicaBarrier({ redis: one, replicas, withinMs: REPLICAS_WITHIN_MS });
  if (!isCluster(redis)) {
    const barrier = open(redis);
    return (_keys, work) => barrier.after(work);
  }
  const barriers = new WeakMap<Redis, ReplicaBarrier>();
  const barrierOf = (node: Redis): ReplicaBarrier => {
    const held = barriers.get(node) ?? open(node);
    barriers.set(node, held);
    return held;
  };
  return async <T>(keys: readonly string[], work: () => Promise<T>): Promise<T> => {
    const before = keys.map((key) => nodeOf(redis, key));
    const guarded = [...new Set(before)].reduce((inner, node) => () => barrierOf(node).after(inner), work);
    const result = await guarded();
    // What has been sent on to another server meanwhile was waited for at the wrong one.
    if (keys.some((key, k) => nodeOf(redis, key) !== before[k])) throw notConfirmed();
    return result;
  };
}

/** The connection to the primary of a key. @throws BeckonError UNAVAILABLE while there is none. */
function nodeOf(cluster: Cluster, key: string): Redis {
  const place = placeOf(cluster, slotOf(key));
  const node = cluster.nodes('master').find(({ options: { host, port } }) => `${host}:${port}` === place);
  if (!node) throw notConfirmed();
  return node;
}

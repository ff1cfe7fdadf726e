import type { Cluster, Redis } from 'ioredis';

/** What commands are sent by: one server, whichever is the primary, or a cluster, where each goes to the server that holds its keys. */
export type RedisConnection = Redis | Cluster;

export const isCluster = (redis: RedisConnection): redis is Cluster => redis.isCluster;

/** The servers that take writes, as far as there are connections to them; one where there is no cluster. */
export const primariesOf = (redis: RedisConnection): readonly Redis[] => (isCluster(redis) ? redis.nodes('master') : [redis]);

/** How many servers there are to be: of a cluster, those that hold slots. */
export const primaryCount = (redis: RedisConnection): number =>
  isCluster(redis) ? new Set(redis.slots.flatMap(([primary]) => primary ?? [])).size : 1;

/**
 * How messages are published: on a cluster to the server that holds the channel's slot, and to its replicas, instead of to every server of
 * it (sharded pub/sub). Who listens uses `Channels`, which subscribes likewise.
 */
export const publishCommand = (redis: RedisConnection): 'PUBLISH' | 'SPUBLISH' => (isCluster(redis) ? 'SPUBLISH' : 'PUBLISH');

export const publish = (redis: RedisConnection, channel: string, message: string): Promise<unknown> =>
  isCluster(redis) ? Promise.resolve(redis.spublish(channel, message)) : redis.publish(channel, message);

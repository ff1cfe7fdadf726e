import type { Clock } from './clock';
import type { RedisConnection } from './redis-connection';

/**
 * The time, at this moment and standing still, of the server that holds a key: what several processes compare must be of one clock, and
 * those of a cluster's servers differ.
 */
export async function serverClock(redis: RedisConnection, key: string): Promise<Clock> {
  const [seconds, microseconds] = (await redis.eval("return redis.call('TIME')", 1, key)) as [string, string];
  const now = Number(seconds) * 1000 + Number(microseconds) / 1000;
  return { now: () => now };
}

import type { Redis } from 'ioredis';
import type { Clock } from './clock';

/** The time of the Redis server at this moment, standing still: what several processes compare must be of one clock. */
export async function serverClock(redis: Redis): Promise<Clock> {
  const [seconds, microseconds] = await redis.time();
  const now = Number(seconds) * 1000 + Number(microseconds) / 1000;
  return { now: () => now };
}

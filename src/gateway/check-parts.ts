import type { Redis } from 'ioredis';
import type { HealthCheck } from './gateway-deps';

interface CheckedParts {
  readonly redis: Redis;
  readonly feed: { readonly isConnected: boolean };
  /** Client names in Redis of worker processes begin so. */
  readonly workerNamePrefix: string;
}

/**
 * `store` and `feed`: a gateway without them serves nobody. `workers`: without any, lists are the stored ones, so the gateway is only
 * degraded.
 */
export async function checkParts({ redis, feed, workerNamePrefix }: CheckedParts): Promise<HealthCheck[]> {
  const clients = redis.status === 'ready' ? await redis.call('CLIENT', 'LIST').then(String, () => undefined) : undefined;
  const feedCheck: HealthCheck = feed.isConnected
    ? { name: 'feed', status: 'ok' }
    : { name: 'feed', status: 'down', message: 'not subscribed to new lists' };
  if (clients === undefined) {
    const workers: HealthCheck = { name: 'workers', status: 'degraded', message: 'not known while the store does not answer' };
    return [{ name: 'store', status: 'down', message: 'the store does not answer' }, feedCheck, workers];
  }
  const working = clients.split('\n').some((line) => line.includes(` name=${workerNamePrefix}`));
  const workers: HealthCheck = working
    ? { name: 'workers', status: 'ok' }
    : { name: 'workers', status: 'degraded', message: 'no worker is connected: lists do not change' };
  return [{ name: 'store', status: 'ok' }, feedCheck, workers];
}

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
 * degraded; also where the account may not ask the store who is connected.
 */
export async function checkParts({ redis, feed, workerNamePrefix }: CheckedParts): Promise<HealthCheck[]> {
  const feedCheck: HealthCheck = feed.isConnected
    ? { name: 'feed', status: 'ok' }
    : { name: 'feed', status: 'down', message: 'not subscribed to new lists' };
  const answers =
    redis.status === 'ready' &&
    (await redis.ping().then(
      () => true,
      () => false,
    ));
  if (!answers) {
    const message = 'not known while the store does not answer';
    return [
      { name: 'store', status: 'down', message: 'the store does not answer' },
      feedCheck,
      { name: 'workers', status: 'degraded', message },
    ];
  }
  return [{ name: 'store', status: 'ok' }, feedCheck, await checkWorkers(redis, workerNamePrefix)];
}

async function checkWorkers(redis: Redis, namePrefix: string): Promise<HealthCheck> {
  const clients = await redis.call('CLIENT', 'LIST').then(String, () => undefined);
  if (clients === undefined) return { name: 'workers', status: 'degraded', message: 'not known: the store does not say who is connected' };
  return clients.includes(` name=${namePrefix}`)
    ? { name: 'workers', status: 'ok' }
    : { name: 'workers', status: 'degraded', message: 'no worker is connected: lists do not change' };
}

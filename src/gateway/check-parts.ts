import { primariesOf, primaryCount, type RedisConnection } from '../platform/redis-connection';
import type { HealthCheck } from './gateway-deps';

interface CheckedParts {
  readonly redis: RedisConnection;
  readonly feed: { readonly connection: 'all' | 'some' | 'none' };
  /** Client names in Redis of worker processes begin so. */
  readonly workerNamePrefix: string;
}

/**
 * `store` and `feed`: a gateway without them serves nobody; without some servers of a cluster it still serves the users of the others, as
 * every gateway does then, so it is degraded. `workers`: without any, lists are the stored ones, so the gateway is only degraded; also
 * where the account may not ask the store who is connected.
 */
export async function checkParts({ redis, feed, workerNamePrefix }: CheckedParts): Promise<HealthCheck[]> {
  const feedCheck = checkFeed(feed.connection);
  const servers = redis.status === 'ready' ? primariesOf(redis) : [];
  const answers = await Promise.all(
    servers.map((server) =>
      server.ping().then(
        () => true,
        () => false,
      ),
    ),
  );
  const answering = answers.filter(Boolean).length;
  if (answering === 0) {
    const message = 'not known while the store does not answer';
    return [
      { name: 'store', status: 'down', message: 'the store does not answer' },
      feedCheck,
      { name: 'workers', status: 'degraded', message },
    ];
  }
  const count = primaryCount(redis);
  const store: HealthCheck =
    answering >= count
      ? { name: 'store', status: 'ok' }
      : { name: 'store', status: 'degraded', message: `${answering} of ${count} servers of the store answer` };
  return [store, feedCheck, await checkWorkers(redis, workerNamePrefix)];
}

function checkFeed(connection: 'all' | 'some' | 'none'): HealthCheck {
  if (connection === 'all') return { name: 'feed', status: 'ok' };
  return connection === 'some'
    ? { name: 'feed', status: 'degraded', message: 'not subscribed to the new lists of some users' }
    : { name: 'feed', status: 'down', message: 'not subscribed to new lists' };
}

async function checkWorkers(redis: RedisConnection, namePrefix: string): Promise<HealthCheck> {
  const asked = primariesOf(redis).map((server) => server.call('CLIENT', 'LIST').then(String, () => undefined));
  const known = (await Promise.all(asked)).filter((clients) => clients !== undefined);
  if (known.length === 0) return { name: 'workers', status: 'degraded', message: 'not known: the store does not say who is connected' };
  return known.some((clients) => clients.includes(` name=${namePrefix}`))
    ? { name: 'workers', status: 'ok' }
    : { name: 'workers', status: 'degraded', message: 'no worker is connected: lists do not change' };
}

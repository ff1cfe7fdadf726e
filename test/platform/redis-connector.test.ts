import { createLog } from '../../src/platform/log';
import { connectAt } from '../../src/platform/redis';
import type { RedisConnection } from '../../src/platform/redis-connection';
import { eventually } from '../support/eventually';

const NOT_ASKED = {} as RedisConnection; // only on a cluster

it('goes on trying where a socket fails in the turn after it was opened', async () => {
  // A broadcast address: connecting to it fails at once, without a packet.
  const redis = connectAt(
    'feed',
    NOT_ASKED,
    { url: 'redis://255.255.255.255:6379', log: createLog('test', 'silent'), name: 'test' },
    () => undefined,
  );
  let tries = 0;
  redis.on('reconnecting', () => tries++);
  await eventually(() => expect(tries).toBeGreaterThan(2));
  redis.disconnect();
});

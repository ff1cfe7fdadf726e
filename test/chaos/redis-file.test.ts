import { Redis } from 'ioredis';
import { RedisFile } from '../../chaos/redis-file';
import { startTestRedis } from '../support/redis-server';

it('reads out of the file of a killed Redis what it had written, and when it last wrote', async () => {
  const server = await startTestRedis({ appendfsync: 'always' }); // under `everysec` it may answer before it writes
  const file = new RedisFile(server.dir);
  const redis = new Redis(server.url);
  redis.on('error', () => undefined); // it is killed
  try {
    await redis.xadd('log', '*', 'b', '{"i":"u/1"}');
    const firstAnsweredMs = performance.now();
    await redis.xadd('log', '*', 'b', '{"i":"u/2"}');
    const answeredMs = performance.now();
    await server.kill9();
    const { fromMs, written } = file.left();
    expect(written).toEqual(new Set(['u/1', 'u/2']));
    expect(fromMs).toBeLessThan(answeredMs);
    expect(fromMs).toBeGreaterThan(firstAnsweredMs - 100);
  } finally {
    redis.disconnect();
    file.stop();
    await server.stop();
  }
});

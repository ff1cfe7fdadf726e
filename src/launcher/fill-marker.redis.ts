import type { RedisConnection } from '../platform/redis-connection';
import { z } from 'zod';
import type { Keys } from '../platform/keys';
import { onRedis } from '../platform/redis';
import type { Filling, FillMarker } from './fill-marker';

const stored = z.object({
  source: z.string(),
  startedAt: z.coerce.number(),
  doneAt: z.coerce.number().optional(),
  userId: z.string(),
  itemId: z.string(),
});

export class RedisFillMarker implements FillMarker {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
  ) {}

  async read(tenant: string): Promise<Filling | undefined> {
    const fields = await onRedis(() => this.redis.hgetall(this.keys.filling(tenant)));
    if (Object.keys(fields).length === 0) return undefined;
    const { source, startedAt, doneAt, userId, itemId } = stored.parse(fields);
    return { source, startedAt, example: { userId, itemId }, ...(doneAt !== undefined && { doneAt }) };
  }

  async write(tenant: string, { source, startedAt, doneAt, example }: Filling): Promise<void> {
    const fields = { source, startedAt, ...example, ...(doneAt !== undefined && { doneAt }) };
    await onRedis(() => this.redis.hset(this.keys.filling(tenant), fields));
  }

  async hasItems(tenant: string): Promise<boolean> {
    return (await onRedis(() => this.redis.hlen(this.keys.items(tenant)))) > 0;
  }
}

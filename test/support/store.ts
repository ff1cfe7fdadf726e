import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RedisBehaviourLog } from '../../src/behaviour/behaviour-log.redis';
import { behaviourSettings } from '../../src/behaviour/behaviour-settings';
import { cleaningCounter, recordBehaviours, type RecordDeps } from '../../src/behaviour/record-behaviours';
import type { RecomputeReason } from '../../src/behaviour/recompute-requester';
import type { BehaviourDraft, RecordOutcome } from '../../src/behaviour/outcome';
import { systemClock, type Clock } from '../../src/platform/clock';
import { Keys } from '../../src/platform/keys';
import { createLog } from '../../src/platform/log';
import { Metrics } from '../../src/platform/metrics';
import { Channels } from '../../src/platform/channels';
import { connectAt, connectForCommands, untilReady } from '../../src/platform/redis';
import type { RedisConnection } from '../../src/platform/redis-connection';
import type { ListKey } from '../../src/push/ports';
import { startTestRedis, type TestRedis } from './redis-server';

/** A real Redis with the parts that every storage test needs, and a record of the recomputes that were asked for. */
export interface TestStore {
  readonly server: TestRedis;
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly requests: { readonly key: ListKey; readonly why: RecomputeReason }[];
  readonly recordDeps: RecordDeps;
  readonly log: ReturnType<typeof createLog>;
  /** A further connection, closed with the store. */
  connect(name: string): Redis;
  /** Channels over such a connection. */
  listen(name: string): Channels;
  record(userId: string, drafts: readonly Omit<BehaviourDraft, 'userId'>[]): Promise<RecordOutcome>;
  close(): Promise<void>;
}

export const TENANT = 'shop';

export async function openTestStore({
  clock = systemClock,
  topics = {},
}: { clock?: Clock; topics?: Record<string, string[]> } = {}): Promise<TestStore> {
  const server = await startTestRedis();
  const log = createLog('test', 'silent');
  const redis = connectForCommands({ url: server.url, log, name: 'test' });
  await untilReady(redis);
  const keys = new Keys(4);
  const requests: TestStore['requests'] = [];
  const others: Redis[] = [];
  const settings = behaviourSettings.parse({});
  const recordDeps: RecordDeps = {
    log: new RedisBehaviourLog(redis, keys),
    clock,
    newId: randomUUID,
    settingsOf: () => settings,
    topicsOf: (_, itemId) => topics[itemId] ?? [],
    recompute: { request: ({ tenant, userId, surface }, why) => void requests.push({ key: { tenant, userId, surface }, why }) },
    admit: () => undefined,
    cleaned: cleaningCounter(new Metrics()),
    warn: log,
    maxClockSkewMs: 300_000,
    maxLatenessMs: 30 * 86_400_000,
  };
  const connect = (name: string): Redis => {
    const connection = connectAt(name, redis, { url: server.url, log, name });
    others.push(connection);
    return connection;
  };
  return {
    server,
    redis,
    keys,
    requests,
    recordDeps,
    log,
    connect,
    listen: (name) => new Channels({ redis, connect: () => connect(name), log }),
    record: (userId, drafts) =>
      recordBehaviours(recordDeps, { tenant: TENANT, receivedAt: clock.now(), drafts: drafts.map((draft) => ({ ...draft, userId })) }),
    close: async () => {
      for (const connection of [redis, ...others]) connection.disconnect();
      await server.stop();
    },
  };
}

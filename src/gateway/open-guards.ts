import { randomUUID } from 'node:crypto';
import type { Channels } from '../platform/channels';
import type { Clock } from '../platform/clock';
import { EventLoopWatch } from '../platform/event-loop-watch';
import type { Keys } from '../platform/keys';
import type { RedisConnection } from '../platform/redis-connection';
import { RedisChoices } from '../profile/choices.redis';
import { Canary } from '../push/canary.redis';
import { RedisAuditLog } from './auth/audit-log.redis';
import { RedisRevocations } from './auth/revocations.redis';
import type { GatewayProcess } from './gateway-process';
import { RedisTenantQuotas } from './limits/tenant-quotas.redis';

/** What watches over connections, over what users may not be shown, and over this process itself. */
export interface Guards {
  readonly revocations: RedisRevocations;
  readonly choices: RedisChoices;
  readonly audit: RedisAuditLog;
  readonly canary: Canary;
  readonly loop: EventLoopWatch;
  readonly quotas: RedisTenantQuotas;
  close(): Promise<void>;
}

interface Needs extends GatewayProcess {
  readonly clock: Clock;
  readonly redis: RedisConnection;
  readonly channels: Channels;
  readonly keys: Keys;
}

export async function openGuards(on: Needs): Promise<Guards> {
  const { config, log, metrics, tenants, clock, redis, channels, keys } = on;
  const revocations = new RedisRevocations({ redis, channels, keys, tenants: [...tenants.keys()], clock, log });
  await revocations.open();
  const choices = new RedisChoices({ redis, channels, keys, tenants: [...tenants.keys()] });
  await choices.open();
  const audit = new RedisAuditLog(redis, keys, log);
  const limited = new Map([...tenants].map(([tenant, own]) => [tenant, own.quotas]));
  const quotas = new RedisTenantQuotas({ redis, keys, name: randomUUID(), quotas: limited, clock, metrics, log });
  const canary = new Canary({
    ...{ redis, channels, keys, clock, metrics, log, name: randomUUID(), queueShards: config.QUEUE_SHARDS },
    ...{ everyMs: config.CANARY_INTERVAL_MS, deadlineMs: config.CANARY_DEADLINE_MS },
  });
  await canary.open();
  const loop = new EventLoopWatch();
  const close = async (): Promise<void> => {
    revocations.close();
    choices.close();
    loop.stop();
    quotas.close();
    await Promise.all([audit.close(), canary.close()]);
  };
  return { revocations, choices, audit, canary, loop, quotas, close };
}

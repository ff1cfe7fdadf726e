import type { RedisConnection } from '../../platform/redis-connection';
import { z } from 'zod';
import type { Keys } from '../../platform/keys';
import type { Log } from '../../platform/log';
import { onRedis } from '../../platform/redis';
import type { AuditEntry, AuditLog } from './audit';

/** Entries kept for each tenant, about. */
const KEPT = 10_000;

const storedEntry = z.object({
  at: z.number(),
  userId: z.string(),
  mutation: z.string(),
  outcome: z.string(),
  arguments: z.record(z.string(), z.string()),
});

/**
 * The audit log: a line in the process's log for every entry, whatever `LOG_LEVEL` says short of `silent`, and a capped stream in Redis
 * of what was done or failed. Refusals for want of a scope are in the process's log only: anybody may cause them, and they would push
 * the others out of the stream.
 */
export class RedisAuditLog implements AuditLog {
  private readonly log: Log;
  private readonly writing = new Set<Promise<unknown>>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
    log: Log,
  ) {
    this.log = log.child({ audit: true }, { level: log.level === 'silent' ? 'silent' : 'info' });
  }

  note(entry: AuditEntry): void {
    const { tenant, ...rest } = entry;
    const refused = entry.outcome === 'FORBIDDEN';
    this.log[refused ? 'warn' : 'info'](entry, refused ? 'an operator’s mutation was refused' : 'an operator’s mutation');
    if (refused) return;
    const written = this.redis
      .xadd(this.keys.audit(tenant), 'MAXLEN', '~', KEPT, '*', 'entry', JSON.stringify(rest))
      .catch((error: unknown) => this.log.error({ err: error, entry }, 'an audit entry is in this log only: the store did not take it'));
    this.writing.add(written);
    void written.finally(() => this.writing.delete(written));
  }

  async read(tenant: string, first: number): Promise<readonly AuditEntry[]> {
    const entries = await onRedis(() => this.redis.xrevrange(this.keys.audit(tenant), '+', '-', 'COUNT', first));
    return entries.map(([, [, text]]) => ({ tenant, ...storedEntry.parse(JSON.parse(text!)) }));
  }

  /** Resolves when everything noted so far has been written, or could not be. */
  async close(): Promise<void> {
    await Promise.all(this.writing);
  }
}

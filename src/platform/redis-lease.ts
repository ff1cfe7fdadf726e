import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { BeckonError } from './errors';
import { LuaScript } from './lua-script';
import type { RedisConnection } from './redis-connection';

/** A right that one holder has at a time, for as long as it renews it. */
export interface Lease {
  /** @throws BeckonError UNAVAILABLE when the lease has run out, or another holder has it. */
  check(): Promise<void>;
}

const keeping = new LuaScript(join(__dirname, 'keep-lease.lua'));

/**
 * Runs `work` while this process alone holds the lease at `key`, renewed every third of `leaseMs`. Undefined, and nothing is run, when
 * somebody else holds it. A holder that is held up for longer than `leaseMs` loses it without being told: whoever changes something that
 * outlives the lease asks `check` right before, and takes care of what lies between the answer and the change.
 */
export async function withLease<T>(
  redis: RedisConnection,
  key: string,
  work: (lease: Lease) => Promise<T>,
  leaseMs = 30_000,
): Promise<{ readonly result: T } | undefined> {
  const holder = randomUUID();
  if ((await redis.set(key, holder, 'PX', leaseMs, 'NX')) === null) return undefined;
  const keep = (ms: number): Promise<unknown> => keeping.run(redis, [key], [holder, ms]);
  const timer = setInterval(() => void keep(leaseMs).catch(() => undefined), leaseMs / 3); // `check` says when it is lost
  timer.unref();
  try {
    return {
      result: await work({
        check: async () => {
          if ((await keep(leaseMs)) !== 1) throw new BeckonError('UNAVAILABLE', 'the lease has run out', { retryAfterMs: 1000 });
        },
      }),
    };
  } finally {
    clearInterval(timer);
    await keep(0).catch(() => undefined); // it runs out by itself
  }
}

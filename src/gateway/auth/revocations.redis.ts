import type { Channels } from '../../platform/channels';
import { publishCommand, type RedisConnection } from '../../platform/redis-connection';
import { z } from 'zod';
import type { Clock } from '../../platform/clock';
import { keepTrying } from '../../platform/keep-trying';
import type { Keys } from '../../platform/keys';
import type { Log } from '../../platform/log';
import { onRedis } from '../../platform/redis';
import type { Identity } from './identity';
import { hits, RevokedTokens, type Revocation, type Revocations, type RevocationTest } from './revocations';

export interface RedisRevocationsOptions {
  /** For commands. */
  readonly redis: RedisConnection;
  /** Shared with others; stay open. */
  readonly channels: Channels;
  readonly keys: Keys;
  readonly tenants: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

/** A revocation as it is stored and announced, without its tenant, which the key says. */
const stored = z.union([
  z.object({ userId: z.string(), before: z.number(), until: z.number() }),
  z.object({ jti: z.string(), until: z.number() }),
]);

/**
 * Revocations in a sorted set for each tenant, by when they are forgotten; each addition is announced on a channel. A process reads all
 * of them when it opens and again after a broken connection, so that it misses none for longer than it is cut off.
 */
export class RedisRevocations implements Revocations {
  private readonly known: RevokedTokens;
  private readonly listeners = new Set<(hits: RevocationTest) => void>();
  private readonly tenantOfChannel: ReadonlyMap<string, string>;
  private closed = false;

  constructor(private readonly options: RedisRevocationsOptions) {
    this.known = new RevokedTokens(options.clock);
    this.tenantOfChannel = new Map(options.tenants.map((tenant) => [options.keys.revocations(tenant), tenant]));
  }

  /** Resolves when everything that was revoked is known, and nothing that is revoked from now on can be missed. */
  async open(): Promise<void> {
    const { channels, log } = this.options;
    await channels.subscribe(this.tenantOfChannel.keys(), (message, channel) => this.receive(channel, message));
    await this.readAll();
    channels.onGap((missed) => {
      if (![...this.tenantOfChannel.keys()].some((channel) => missed.has(channel))) return;
      void keepTrying(() => this.readAll(), {
        until: () => this.closed,
        onFailure: (error) => log.warn({ err: error }, 'revocations could not be read again yet'),
      });
    });
  }

  isRevoked(identity: Identity): boolean {
    return this.known.isRevoked(identity);
  }

  async revoke(revocation: Revocation): Promise<void> {
    const { redis, keys, clock } = this.options;
    const { tenant, ...rest } = revocation;
    const message = JSON.stringify(rest);
    await onRedis(async () => {
      const step = redis
        .multi()
        .zadd(keys.revoked(tenant), revocation.until, message)
        .zremrangebyscore(keys.revoked(tenant), '-inf', clock.now());
      const results = await step.call(publishCommand(redis), keys.revocations(tenant), message).exec();
      const failure = results?.find(([error]) => error)?.[0];
      if (failure) throw failure;
    });
    this.take([revocation]); // this process need not wait for the announcement
  }

  onRevoked(listener: (hits: RevocationTest) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    this.listeners.clear();
  }

  private receive(channel: string, message: Buffer): void {
    const tenant = this.tenantOfChannel.get(channel);
    if (tenant === undefined) return;
    try {
      this.take([{ tenant, ...stored.parse(JSON.parse(message.toString())) }]);
    } catch (error) {
      this.options.log.error({ err: error, channel }, 'a revocation could not be read');
    }
  }

  private async readAll(): Promise<void> {
    const { redis, keys, tenants, clock } = this.options;
    const all = await Promise.all(
      tenants.map(async (tenant) => {
        const messages = await redis.zrangebyscore(keys.revoked(tenant), clock.now(), '+inf');
        return messages.map((message): Revocation => ({ tenant, ...stored.parse(JSON.parse(message)) }));
      }),
    );
    this.take(all.flat());
  }

  private take(revocations: readonly Revocation[]): void {
    if (revocations.length === 0) return;
    for (const revocation of revocations) this.known.add(revocation);
    const [only, ...others] = revocations;
    const test: RevocationTest = others.length === 0 ? (identity) => hits(only!, identity) : (identity) => this.known.isRevoked(identity);
    for (const listener of this.listeners) listener(test);
  }
}

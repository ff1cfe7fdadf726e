import type { Redis } from 'ioredis';
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
  readonly redis: Redis;
  /** In subscriber mode, shared with others; stays open. */
  readonly subscriber: Redis;
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
    const { subscriber, log } = this.options;
    // Of buffers: one listener for texts, and ioredis would decode every list that is announced on this connection.
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => this.receive(channel.toString(), message));
    await subscriber.subscribe(...this.tenantOfChannel.keys());
    await this.readAll();
    subscriber.on('ready', () => {
      void keepTrying(() => this.readAgain(), {
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
      const results = await redis
        .multi()
        .zadd(keys.revoked(tenant), revocation.until, message)
        .zremrangebyscore(keys.revoked(tenant), '-inf', clock.now())
        .publish(keys.revocations(tenant), message)
        .exec();
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
    if (tenant === undefined) return; // of another part on the same connection
    try {
      this.take([{ tenant, ...stored.parse(JSON.parse(message.toString())) }]);
    } catch (error) {
      this.options.log.error({ err: error, channel }, 'a revocation could not be read');
    }
  }

  /** ioredis says `ready` before it has subscribed again; a second subscription waits for that, so that nothing falls between. */
  private async readAgain(): Promise<void> {
    await this.options.subscriber.subscribe(...this.tenantOfChannel.keys());
    await this.readAll();
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

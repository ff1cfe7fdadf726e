import type { Channels } from '../platform/channels';
import type { Keys, UserKey } from '../platform/keys';
import { onRedis } from '../platform/redis';
import { publish, type RedisConnection } from '../platform/redis-connection';
import type { ChoiceKey, Choices } from './choices';

export interface RedisChoicesOptions {
  readonly redis: RedisConnection;
  /** Shared with others; stay open. */
  readonly channels: Channels;
  readonly keys: Keys;
  readonly tenants: readonly string[];
}

/**
 * A hash for each user who ever switched a surface off, and a channel for each tenant on which switches are announced (`user \n surface`). After a
 * broken connection every listener is called, as any may have missed something.
 */
export class RedisChoices implements Choices {
  /** Mostly one: a user watches a surface on one screen. */
  private readonly listeners = new Map<string, readonly (() => void)[]>();
  private readonly tenantOfChannel: ReadonlyMap<string, string>;

  constructor(private readonly options: RedisChoicesOptions) {
    this.tenantOfChannel = new Map(options.tenants.map((tenant) => [options.keys.choiceSwitches(tenant), tenant]));
  }

  /** Resolves when no switch from now on can be missed. */
  async open(): Promise<void> {
    const { channels } = this.options;
    await channels.subscribe(this.tenantOfChannel.keys(), (message, channel) =>
      this.tell(`${this.tenantOfChannel.get(channel)}\n${message.toString()}`),
    );
    channels.onGap((missed) => {
      for (const [channel, tenant] of this.tenantOfChannel) if (missed.has(channel)) this.tellAll(tenant);
    });
  }

  async isOff(key: ChoiceKey): Promise<boolean> {
    const { redis, keys } = this.options;
    return (await onRedis(() => redis.hexists(keys.choices(key), key.surface))) === 1;
  }

  async surfacesOff(user: UserKey): Promise<readonly string[]> {
    return onRedis(() => this.options.redis.hkeys(this.options.keys.choices(user)));
  }

  async switch(user: UserKey, surfaces: readonly string[], enabled: boolean): Promise<void> {
    if (surfaces.length === 0) return;
    const { redis, keys } = this.options;
    await onRedis(async () => {
      if (enabled) await redis.hdel(keys.choices(user), ...surfaces);
      else await redis.hset(keys.choices(user), ...surfaces.flatMap((surface) => [surface, 'off']));
      const channel = keys.choiceSwitches(user.tenant);
      await Promise.all(surfaces.map((surface) => publish(redis, channel, `${user.userId}\n${surface}`)));
    });
  }

  onSwitch(key: ChoiceKey, listener: () => void): () => void {
    const name = nameOf(key);
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return () => {
      const others = this.listeners.get(name)?.filter((other) => other !== listener) ?? [];
      if (others.length === 0) this.listeners.delete(name);
      else this.listeners.set(name, others);
    };
  }

  close(): void {
    this.listeners.clear();
  }

  private tell(name: string): void {
    for (const listener of this.listeners.get(name) ?? []) listener();
  }

  private tellAll(tenant: string): void {
    for (const name of [...this.listeners.keys()]) if (name.startsWith(`${tenant}\n`)) this.tell(name);
  }
}

const nameOf = ({ tenant, userId, surface }: ChoiceKey): string => `${tenant}\n${userId}\n${surface}`;

import { Redis } from 'ioredis';
import type { RedisNode } from './redis-address';

export interface SentinelAccess {
  readonly sentinels: readonly RedisNode[];
  /** What the Sentinels call the primary. */
  readonly name: string;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  readonly tls: boolean;
}

/** A pause before the next attempt to connect, in ms. */
export const pauseMs = (attempt: number): number => Math.min(50 * attempt, 1000);

/**
 * Cuts a connection, so that it is opened anew, as soon as any Sentinel says that another server is the primary now: the old one may hang,
 * or be cut off from everybody but us and go on taking writes that are lost. (The detector that comes with ioredis does so for every
 * primary of those Sentinels, writes to standard error while one of them is away, and ends a connection that is just being opened.)
 */
export function cutAfterFailover(redis: Redis, access: SentinelAccess): void {
  let pending = false;
  const cut = (): void => {
    // While it asks Sentinels where to go, a cut would end it for good; it may have been told the old place, so it is cut as soon as it is there.
    pending = redis.status === 'connecting';
    if (redis.status === 'connect' || redis.status === 'ready') redis.disconnect(true);
  };
  redis.on('connect', () => {
    if (pending) cut();
  });
  const watchers = access.sentinels.map((sentinel) => watchSentinel(sentinel, access, cut));
  redis.on('end', () => watchers.forEach((watcher) => watcher.disconnect()));
}

function watchSentinel({ host, port }: RedisNode, access: SentinelAccess, onSwitch: () => void): Redis {
  const { name, sentinelUsername, sentinelPassword, tls } = access;
  const watcher = new Redis({
    host,
    port,
    ...(sentinelUsername !== undefined && { username: sentinelUsername }),
    ...(sentinelPassword !== undefined && { password: sentinelPassword }),
    ...(tls && { tls: {} }),
    enableReadyCheck: false, // a Sentinel has no data to load
    maxRetriesPerRequest: null,
    connectTimeout: 5000,
    retryStrategy: pauseMs,
  });
  watcher.on('error', () => undefined); // the connection itself says when no Sentinel answers
  watcher.on('message', (_channel: string, message: string) => {
    if (message.startsWith(`${name} `)) onSwitch();
  });
  watcher.subscribe('+switch-master').catch(() => undefined); // closed before it was there; otherwise it is repeated until it works
  return watcher;
}

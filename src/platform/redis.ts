import { Redis, type RedisOptions as ConnectionOptions } from 'ioredis';
import { BeckonError } from './errors';
import { withoutSecrets, type Log } from './log';
import { redisAddress } from './redis-address';
import { cutAfterFailover, pauseMs } from './redis-failover';
import { cutWhenSilent } from './redis-silence';

const RETRY_AFTER_MS = 1000;
/** A command that has had no answer by then is given up; the connection, if it has none either, soon after. */
const COMMAND_TIMEOUT_MS = 5000;
const COMMANDS_SILENT_MS = 6000;
/** Longer than the 10 s for which BullMQ's event streams block. */
const WAITING_SILENT_MS = 15_000;
/** A Sentinel that has not answered by then is passed over. */
const SENTINEL_TIMEOUT_MS = 2000;

interface RedisOptions {
  /** As `redisAddress` reads it. */
  readonly url: string;
  readonly log: Log;
  /** Shown in CLIENT LIST. */
  readonly name: string;
}

/**
 * A connection for commands that a caller waits for: fails at once while Redis is away instead of queueing, so that the
 * caller can be told to try again. Commands of one tick share a round trip. Reconnects by itself for ever.
 */
export function connectForCommands({ url, log, name }: RedisOptions): Redis {
  const redis = open(url, {
    connectionName: name,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5000,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: pauseMs,
    lazyConnect: false,
  });
  logState(redis, log, url, name);
  cutWhenSilent(redis, COMMANDS_SILENT_MS);
  return redis;
}

/**
 * A connection for blocking reads, subscriptions and queues: waits for as long as Redis is away, and resumes. With `pipelined`, for
 * commands that do not block, those of one tick share a write.
 */
export function connectForWaiting({ url, log, name, pipelined = false }: RedisOptions & { readonly pipelined?: boolean }): Redis {
  const redis = open(url, {
    connectionName: name,
    enableAutoPipelining: pipelined,
    maxRetriesPerRequest: null,
    connectTimeout: 5000,
    retryStrategy: pauseMs,
  });
  logState(redis, log, url, name);
  cutWhenSilent(redis, WAITING_SILENT_MS);
  return redis;
}

/** What a server says that has become a replica while we were connected to it. */
const DEMOTED = /^(READONLY|UNBLOCKED)\b/;

/**
 * Connects to the server, or to whichever is the primary. After a fail-over the connection is cut, whoever says so first: a Sentinel, or
 * the old primary when it refuses a write.
 */
function open(url: string, common: ConnectionOptions): Redis {
  const address = redisAddress(url);
  if (address.kind === 'single') return new Redis(address.url, common);
  const { sentinels, name, db, tls, username, password, sentinelUsername, sentinelPassword } = address;
  const options: ConnectionOptions = {
    ...common,
    sentinels: sentinels.map(({ host, port }) => ({ host, port })),
    name,
    db,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(tls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
    role: 'master', // a server that says it is a replica is not taken, whatever a Sentinel believes
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    sentinelRetryStrategy: pauseMs,
    reconnectOnError: ({ message }) => DEMOTED.test(message),
  };
  const connect = (own: ConnectionOptions): Redis => {
    const redis = new Redis(own);
    cutAfterFailover(redis, address);
    redis.duplicate = (override) => connect({ ...own, ...override }); // BullMQ blocks on a duplicate
    return redis;
  };
  return connect(options);
}

function logState(redis: Redis, log: Log, url: string, name: string): void {
  let down = false;
  redis.on('error', (error: Error) => {
    if (!down) log.warn({ err: error, connection: name, redis: withoutSecrets(url) }, 'Redis is away');
    down = true;
  });
  redis.on('ready', () => {
    if (down) log.info({ connection: name }, 'Redis is back');
    down = false;
  });
}

/** Resolves when the connection can take commands. @throws BeckonError UNAVAILABLE after the deadline. */
export async function untilReady(redis: Redis, deadlineMs = 10_000): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.off('ready', ready);
      reject(new BeckonError('UNAVAILABLE', 'the store does not answer', { retryAfterMs: RETRY_AFTER_MS }));
    }, deadlineMs);
    const ready = (): void => {
      clearTimeout(timer);
      resolve();
    };
    redis.once('ready', ready);
  });
}

const AWAY =
  /Stream isn't writeable|Connection is closed|ECONN|EPIPE|ETIMEDOUT|max retries per request|Command timed out|^LOADING|^READONLY|^NOREPLICAS|^UNBLOCKED|^MASTERDOWN|^CLUSTERDOWN|^UNKILLABLE|^BUSY |^OOM|^MISCONF/i;

/** Turns "Redis is away" errors into a typed, retryable one; leaves all others as they are. */
export function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BeckonError) return error;
  if (!AWAY.test(error.message) && error.name !== 'MaxRetriesPerRequestError' && error.name !== 'AbortError') return error;
  return new BeckonError('UNAVAILABLE', 'the store does not answer: try again', { retryAfterMs: RETRY_AFTER_MS, cause: error });
}

/** Runs a piece of work on Redis. @throws BeckonError UNAVAILABLE while Redis is away. */
export async function onRedis<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asUnavailable(error);
  }
}

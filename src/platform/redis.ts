import { Redis, type RedisOptions as ConnectionOptions } from 'ioredis';
import { BeckonError } from './errors';
import { withoutSecrets, type Log } from './log';
import { REDIS_PORT, redisAddress, type RedisAddress } from './redis-address';
import { openAtSlot, openCluster, slotOf } from './redis-cluster';
import { isCluster, type RedisConnection } from './redis-connection';
import { connectorBy, openMessageSocket, type ConnectorClass } from './redis-connector';
import { cutAfterFailover, pauseMs } from './redis-failover';
import { cutWhenSilent } from './redis-silence';
import type { OnMessage } from './subscribed-replies';

const RETRY_AFTER_MS = 1000;
/** A command that has had no answer by then is given up; the connection, if it has none either, soon after. */
const COMMAND_TIMEOUT_MS = 5000;
const COMMANDS_SILENT_MS = 6000;
/** Longer than the 10 s for which BullMQ's event streams block. */
const WAITING_SILENT_MS = 15_000;
/** A Sentinel that has not answered by then is passed over. */
const SENTINEL_TIMEOUT_MS = 2000;
const CONNECT_TIMEOUT_MS = 5000;
/** Ended by us, a connection that the other side has not closed by then is given up; also how long a process that ends may wait for it. */
const DISCONNECT_TIMEOUT_MS = 300;

interface RedisOptions {
  /** As `redisAddress` reads it. */
  readonly url: string;
  readonly log: Log;
  /** Shown in CLIENT LIST. */
  readonly name: string;
}

/**
 * A connection for commands that a caller waits for: fails at once while Redis is away instead of queueing, so that the
 * caller can be told to try again. Commands of one tick share a round trip, but on a cluster: there one of them may have to go elsewhere.
 * Reconnects by itself for ever.
 */
export function connectForCommands({ url, log, name }: RedisOptions): RedisConnection {
  const address = redisAddress(url);
  const common = {
    connectionName: name,
    autoResendUnfulfilledCommands: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
  };
  if (address.kind === 'cluster') {
    // What was sent and had no answer is not sent again: it may have been done.
    const whole = { retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 };
    return logged(openCluster(address, { node: common, whole, waits: false, silentMs: COMMANDS_SILENT_MS }), { url, log, name });
  }
  const redis = open(address, {
    ...common,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    retryStrategy: pauseMs,
    lazyConnect: false,
  });
  cutWhenSilent(redis, COMMANDS_SILENT_MS);
  return logged(redis, { url, log, name });
}

/** A connection for commands that can wait: for as long as Redis is away, and is then sent again. */
export function connectForWaiting({ url, log, name }: RedisOptions): RedisConnection {
  const address = redisAddress(url);
  if (address.kind !== 'cluster') return connectToOne(address, { url, log, name });
  const node = waiting(name); // but it is not connected to again: it is found anew, if it is still there
  // A training process has what CPU nobody else wants: an answer that it takes late is no sign of a node that hangs.
  const whole = { maxRedirections: Number.MAX_SAFE_INTEGER, slotsRefreshTimeout: CONNECT_TIMEOUT_MS };
  return logged(openCluster(address, { node, whole, waits: true, silentMs: WAITING_SILENT_MS }), { url, log, name });
}

/**
 * A connection of its own for blocking reads, subscriptions and queues, to the server that holds a key (or a channel): waits for as long as
 * that is away, and resumes.
 * @param beside tells, on a cluster, where keys are; it must stay open as long.
 * @param onMessage is told messages of subscriptions where they can be had past ioredis, which does not see those then.
 */
export function connectAt(key: string, beside: RedisConnection, { url, log, name }: RedisOptions, onMessage?: OnMessage): Redis {
  const address = redisAddress(url);
  if (address.kind !== 'cluster') return connectToOne(address, { url, log, name }, onMessage);
  if (!isCluster(beside)) throw new Error('a connection of the cluster is needed to find a key in it');
  const redis = openAtSlot(beside, address, slotOf(key), waiting(name), onMessage);
  cutWhenSilent(redis, WAITING_SILENT_MS);
  return logged(redis, { url, log, name });
}

function connectToOne(address: Exclude<RedisAddress, { kind: 'cluster' }>, { url, log, name }: RedisOptions, onMessage?: OnMessage): Redis {
  const redis = open(address, { ...waiting(name), ...(onMessage && canBeRead(address) && { Connector: messageConnector(onMessage) }) });
  cutWhenSilent(redis, WAITING_SILENT_MS);
  return logged(redis, { url, log, name });
}

/** Over TLS, and to a primary that Sentinels name, ioredis reads by itself. */
const canBeRead = (address: RedisAddress): boolean => address.kind === 'single' && !address.url.startsWith('rediss:');

const messageConnector = (onMessage: OnMessage): ConnectorClass =>
  connectorBy(({ host = 'localhost', port = REDIS_PORT, family }) =>
    Promise.resolve(openMessageSocket({ host, port, ...(family !== undefined && { family }) }, onMessage)),
  );

const waiting = (name: string): ConnectionOptions => ({
  connectionName: name,
  maxRetriesPerRequest: null,
  connectTimeout: CONNECT_TIMEOUT_MS,
  disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  retryStrategy: pauseMs,
});

/** What a server says that has become a replica while we were connected to it. */
const DEMOTED = /^(READONLY|UNBLOCKED)\b/;

/**
 * Connects to the server, or to whichever is the primary. After a fail-over the connection is cut, whoever says so first: a Sentinel, or
 * the old primary when it refuses a write.
 */
function open(address: Exclude<RedisAddress, { kind: 'cluster' }>, common: ConnectionOptions): Redis {
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

/** Says once that Redis, or a node of the cluster, is away, and once that it is back. */
function logged<T extends RedisConnection>(redis: T, { url, log, name }: RedisOptions): T {
  const down = new Set<string>();
  const away = (error: Error, node = ''): void => {
    if (!down.has(node)) log.warn({ err: error, connection: name, redis: withoutSecrets(url), ...(node && { node }) }, 'Redis is away');
    down.add(node);
  };
  const back = (node = ''): void => {
    if (down.delete(node)) log.info({ connection: name, ...(node && { node }) }, 'Redis is back');
  };
  redis.on('error', (error: Error) => away(error));
  redis.on('ready', () => back());
  if (!isCluster(redis)) return redis;
  redis.on('node error', away);
  redis.on('+node', (one: Redis) => one.on('ready', () => back(`${one.options.host}:${one.options.port}`)));
  return redis;
}

/** Resolves when the connection can take commands. @throws BeckonError UNAVAILABLE after the deadline. */
export async function untilReady(redis: RedisConnection, deadlineMs = 10_000): Promise<void> {
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
  /Stream isn't writeable|Connection is closed|ECONN|EPIPE|ETIMEDOUT|max retries per request|Command timed out|^LOADING|^READONLY|^NOREPLICAS|^UNBLOCKED|^MASTERDOWN|^CLUSTERDOWN|^UNKILLABLE|^BUSY |^OOM|^MISCONF|^MOVED|^ASK |^TRYAGAIN|^ERR WAIT cannot be used with replica|Cluster isn't ready|Cluster is ended|None of startup nodes|Too many Cluster redirections/i;

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

import { createConnection } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { Cluster, Redis, type ClusterOptions, type Command, type RedisOptions } from 'ioredis';
import calculateSlot from 'cluster-key-slot';
import { addressOptions, type ClusterAddress, type RedisNode } from './redis-address';
import { connectorBy, openMessageSocket, type OpenSocket } from './redis-connector';
import { pauseMs } from './redis-failover';
import { cutWhenSilent } from './redis-silence';
import type { OnMessage } from './subscribed-replies';

/** How often a connection asks who holds which slot: nobody says so when a primary is replaced. */
const ASK_PLACES_EVERY_MS = 2000;
const FIND_AGAIN_MS = 500;

export interface OpenClusterOptions {
  /** Of the connection to each node. */
  readonly node: RedisOptions;
  /** Of the whole. */
  readonly whole: ClusterOptions;
  /** Whether commands wait while no node has answered yet, or any more. */
  readonly waits: boolean;
  /** A node that has said nothing for so long is cut off. */
  readonly silentMs: number;
}

/** A connection for commands: each goes to the node that holds its keys. Opens one to a node when it first needs it. */
export function openCluster(address: ClusterAddress, { node, whole, waits, silentMs }: OpenClusterOptions): Cluster {
  const cluster = new (waits ? Cluster : ImpatientCluster)(
    address.nodes.map(({ host, port }) => ({ host, port })),
    {
      ...whole,
      slotsRefreshInterval: ASK_PLACES_EVERY_MS,
      clusterRetryStrategy: pauseMs,
      // A certificate names hosts: they are not to become addresses.
      ...(address.tls && { dnsLookup: (host, found) => found(null, host) }),
      redisOptions: { ...node, ...addressOptions(address) },
    },
  );
  cluster.setMaxListeners(0); // one for each connection that follows a slot
  cluster.on('+node', (one: Redis) => cutWhenSilent(one, silentMs));
  return cluster;
}

/** (ioredis's own `enableOfflineQueue: false` also refuses while a first connection to a node is being opened, which it does when one is needed.) */
class ImpatientCluster extends Cluster {
  override sendCommand(command: Command, ...rest: [stream?: never, node?: unknown]): unknown {
    if (this.status === 'ready' || command.name === 'cluster') return super.sendCommand(command, ...rest);
    command.reject(new Error("Cluster isn't ready"));
    return command.promise;
  }
}

export const slotOf = (key: string): number => calculateSlot(key);

/** `host:port` of the primary of a slot, as far as the connection knows; undefined before it has asked, and while nobody holds it. */
export const placeOf = (cluster: Cluster, slot: number): string | undefined => cluster.slots[slot]?.[0];

/** What a server says that does not hold the slot (yet, any more, or as its primary). */
const ELSEWHERE = /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN|READONLY|UNBLOCKED|MASTERDOWN)\b/;

/**
 * A connection of its own to the primary of one slot, for what blocks or subscribes there: follows the slot to another server, where it
 * sends again what was refused or left unanswered. While the slot is on its way between two servers, it waits.
 */
export function openAtSlot(cluster: Cluster, address: ClusterAddress, slot: number, options: RedisOptions, onMessage?: OnMessage): Redis {
  let place: string | undefined;
  const open: OpenSocket = async (_, isWanted) => {
    place = await findPlace(cluster, slot, isWanted);
    const colon = place.lastIndexOf(':');
    const node: RedisNode = { host: place.slice(0, colon), port: Number(place.slice(colon + 1)) };
    if (address.tls) return connectTls(node);
    return onMessage ? openMessageSocket(node, onMessage) : createConnection(node);
  };
  const redis = new Redis({
    ...options,
    ...addressOptions(address),
    Connector: connectorBy(open),
    reconnectOnError: ({ message }) => (ELSEWHERE.test(message) ? 2 : false), // and sends the command again
  });
  const leave = (): void => {
    const now = placeOf(cluster, slot);
    const isThere = redis.status === 'connect' || redis.status === 'ready';
    if (isThere && now !== undefined && now !== place) redis.disconnect(true); // and connects again
  };
  cluster.on('refresh', leave);
  redis.on('end', () => cluster.off('refresh', leave));
  redis.duplicate = (override) => openAtSlot(cluster, address, slot, { ...options, ...override }); // BullMQ blocks on a duplicate
  return redis;
}

/** The primary of a slot, once somebody knows it: all nodes may be away at the same time. @throws Error when it is no longer wanted. */
async function findPlace(cluster: Cluster, slot: number, isWanted: () => boolean): Promise<string> {
  for (;;) {
    try {
      return await askPlace(cluster, slot);
    } catch (error) {
      if (!isWanted()) throw error;
      await after(FIND_AGAIN_MS, undefined, { ref: false });
    }
  }
}

/** The primary of a slot, as a node of the cluster says at this moment. @throws Error when none answers, or nobody holds it. */
async function askPlace(cluster: Cluster, slot: number): Promise<string> {
  await new Promise<void>((resolve, reject) => cluster.refreshSlotsCache((error) => (error ? reject(error) : resolve())));
  const place = placeOf(cluster, slot);
  if (place === undefined) throw new Error(`no node of the cluster holds slot ${slot}`);
  return place;
}

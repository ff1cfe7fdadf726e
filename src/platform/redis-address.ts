import { badInput } from './errors';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where the store is: one server, whichever server Sentinels say is the primary, or the primaries of a cluster. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: string }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisNode[];
      /** What the Sentinels call the primary. */
      readonly name: string;
      readonly db: number;
      readonly sentinelUsername?: string;
      readonly sentinelPassword?: string;
      readonly username?: string;
      readonly password?: string;
      readonly tls: boolean;
    }
  | ClusterAddress;

export interface ClusterAddress {
  readonly kind: 'cluster';
  /** Some of its nodes; they know the others. */
  readonly nodes: readonly RedisNode[];
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

export const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;
const SENTINELS = /^(rediss?)\+sentinel:\/\/(?:([^@/?]*)@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;
const CLUSTER = /^(rediss?)\+cluster:\/\/(?:([^@/?]*)@)?([^@/?]+)\/?$/;

/**
 * Reads `redis[s]://…`, `redis[s]+sentinel://[user:password@]host:port,…/NAME[/db][?sentinelUsername=…&sentinelPassword=…]` or
 * `redis[s]+cluster://[user:password@]host:port,…`. User, password and name are percent-decoded.
 * @throws BeckonError BAD_INPUT, field REDIS_URL, without the URL itself: it may hold a password.
 */
export function redisAddress(url: string): RedisAddress {
  if (/^rediss?:\/\//.test(url)) return { kind: 'single', url };
  return /^rediss?\+cluster:/.test(url) ? clusterAddress(url) : sentinelAddress(url);
}

function clusterAddress(url: string): ClusterAddress {
  const [, scheme, user = '', hosts = ''] = CLUSTER.exec(url) ?? [];
  if (scheme === undefined) throw wrong('must be redis+cluster://host:port,host:port, with nothing after it: a cluster has one database');
  return { kind: 'cluster', nodes: nodesOf(hosts, REDIS_PORT), ...credentials(user), tls: scheme === 'rediss' };
}

function sentinelAddress(url: string): RedisAddress {
  const [, scheme, user = '', hosts = '', path = '', query = ''] = SENTINELS.exec(url) ?? [];
  if (scheme === undefined) {
    throw wrong('must be redis://…, redis+sentinel://host:port,host:port/NAME or redis+cluster://host:port,host:port, with rediss for TLS');
  }
  const [name = '', db = '0', ...more] = path.split('/').map(decodeURIComponent);
  if (name === '') throw wrong('the name that the Sentinels know the primary by is missing: redis+sentinel://host:port,host:port/NAME');
  if (!/^\d+$/.test(db) || more.length > 0) throw wrong('after the name only the number of a database may follow');
  const given = new URLSearchParams(query);
  const [sentinelUsername, sentinelPassword] = [given.get('sentinelUsername'), given.get('sentinelPassword')];
  return {
    kind: 'sentinel',
    sentinels: nodesOf(hosts, SENTINEL_PORT),
    name,
    db: Number(db),
    ...credentials(user),
    tls: scheme === 'rediss',
    ...(sentinelUsername !== null && { sentinelUsername }),
    ...(sentinelPassword !== null && { sentinelPassword }),
  };
}

/** What a connection to a node of a cluster is opened with, besides where it is. */
export function addressOptions({ username, password, tls }: Pick<ClusterAddress, 'username' | 'password' | 'tls'>): {
  username?: string;
  password?: string;
  tls?: object;
} {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }), ...(tls && { tls: {} }) };
}

function credentials(user: string): { username?: string; password?: string } {
  const [username = '', ...password] = user.split(':').map(decodeURIComponent);
  return { ...(username !== '' && { username }), ...(password.length > 0 && { password: password.join(':') }) };
}

function nodesOf(hosts: string, usualPort: number): RedisNode[] {
  return hosts.split(',').map((text) => {
    const [, ipv6, name, port] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
    const host = ipv6 ?? name;
    const number = port === undefined ? usualPort : Number(port);
    if (host === undefined || number < 1 || number > 65_535) throw wrong('each node must be host, host:port or [IPv6]:port');
    return { host, port: number };
  });
}

const wrong = (message: string): Error => badInput('REDIS_URL', message);

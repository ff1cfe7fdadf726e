import { badInput } from './errors';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where the store is: one server, or whichever server Sentinels say is the primary. */
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
    };

const SENTINEL_PORT = 26_379;
const SENTINELS = /^(rediss?)\+sentinel:\/\/(?:([^@/?]*)@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;

/**
 * Reads `redis[s]://…` or `redis[s]+sentinel://[user:password@]host:port,…/NAME[/db][?sentinelUsername=…&sentinelPassword=…]`. User,
 * password and name are percent-decoded.
 * @throws BeckonError BAD_INPUT, field REDIS_URL, without the URL itself: it may hold a password.
 */
export function redisAddress(url: string): RedisAddress {
  if (/^rediss?:\/\//.test(url)) return { kind: 'single', url };
  const [, scheme, user = '', hosts = '', path = '', query = ''] = SENTINELS.exec(url) ?? [];
  if (scheme === undefined) throw wrong('must be redis://… or redis+sentinel://host:port,host:port/NAME, with rediss for TLS');
  const [name = '', db = '0', ...more] = path.split('/').map(decodeURIComponent);
  if (name === '') throw wrong('the name that the Sentinels know the primary by is missing: redis+sentinel://host:port,host:port/NAME');
  if (!/^\d+$/.test(db) || more.length > 0) throw wrong('after the name only the number of a database may follow');
  const given = new URLSearchParams(query);
  const [sentinelUsername, sentinelPassword] = [given.get('sentinelUsername'), given.get('sentinelPassword')];
  return {
    kind: 'sentinel',
    sentinels: nodesOf(hosts),
    name,
    db: Number(db),
    ...credentials(user),
    tls: scheme === 'rediss',
    ...(sentinelUsername !== null && { sentinelUsername }),
    ...(sentinelPassword !== null && { sentinelPassword }),
  };
}

function credentials(user: string): { username?: string; password?: string } {
  const [username = '', ...password] = user.split(':').map(decodeURIComponent);
  return { ...(username !== '' && { username }), ...(password.length > 0 && { password: password.join(':') }) };
}

function nodesOf(hosts: string): RedisNode[] {
  return hosts.split(',').map((text) => {
    const [, ipv6, name, port] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
    const host = ipv6 ?? name;
    const number = port === undefined ? SENTINEL_PORT : Number(port);
    if (host === undefined || number < 1 || number > 65_535) throw wrong('each node must be host, host:port or [IPv6]:port');
    return { host, port: number };
  });
}

const wrong = (message: string): Error => badInput('REDIS_URL', message);

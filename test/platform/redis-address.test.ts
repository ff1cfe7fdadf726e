import { readConfig } from '../../src/platform/config';
import { redisAddress } from '../../src/platform/redis-address';

describe('redisAddress', () => {
  it('leaves the address of one server as it is', () => {
    expect(redisAddress('rediss://u:p@10.0.0.5:6380/2')).toEqual({ kind: 'single', url: 'rediss://u:p@10.0.0.5:6380/2' });
  });

  it('reads Sentinels, the name of the primary, and the usual port', () => {
    expect(redisAddress('redis+sentinel://10.0.0.5,s-2:26380,[::1]:26381/beckon')).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: '10.0.0.5', port: 26379 },
        { host: 's-2', port: 26380 },
        { host: '::1', port: 26381 },
      ],
      name: 'beckon',
      db: 0,
      tls: false,
    });
  });

  it('reads users and passwords, percent-decoded, of the servers and of the Sentinels', () => {
    expect(redisAddress('rediss+sentinel://app:p%40s%3As@s-1/my%20shop/3?sentinelUsername=look&sentinelPassword=a%26b')).toEqual({
      kind: 'sentinel',
      sentinels: [{ host: 's-1', port: 26379 }],
      name: 'my shop',
      db: 3,
      tls: true,
      username: 'app',
      password: 'p@s:s',
      sentinelUsername: 'look',
      sentinelPassword: 'a&b',
    });
  });

  it('takes a password alone', () => {
    expect(redisAddress('redis+sentinel://:secret@s-1/beckon')).toMatchObject({ password: 'secret' });
    expect(redisAddress('redis+sentinel://:secret@s-1/beckon')).not.toHaveProperty('username');
  });

  it('reads some nodes of a cluster, with the usual port', () => {
    expect(redisAddress('redis+cluster://10.0.0.5,n-2:7000,[::1]:7001')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: '10.0.0.5', port: 6379 },
        { host: 'n-2', port: 7000 },
        { host: '::1', port: 7001 },
      ],
      tls: false,
    });
    expect(redisAddress('rediss+cluster://app:p%40s@n-1/')).toEqual({
      kind: 'cluster',
      nodes: [{ host: 'n-1', port: 6379 }],
      username: 'app',
      password: 'p@s',
      tls: true,
    });
  });

  it.each([
    ['redis+cluster://', /must be redis\+cluster:/],
    ['redis+cluster://n-1/1', /one database/],
    ['redis+cluster://n-1:0', /each node must be/],
    ['http://s-1', /must be redis:/],
    ['redis+sentinel://s-1', /name that the Sentinels know/],
    ['redis+sentinel://s-1/', /name that the Sentinels know/],
    ['redis+sentinel://s-1:99999/beckon', /each node must be/],
    ['redis+sentinel://s-1,,s-2/beckon', /each node must be/],
    ['redis+sentinel://s-1/beckon/x', /number of a database/],
    ['redis+sentinel://s-1/beckon/0/1', /number of a database/],
  ])('refuses %s', (url, message) => {
    expect(() => redisAddress(url)).toThrow(message);
  });

  it('never repeats a URL in its complaint: it may hold a password', () => {
    expect(() => readConfig({ REDIS_URL: 'redis+sentinel://:hush@s-1' })).toThrow(/^configuration: REDIS_URL: (?!.*hush).*name that/);
  });
});

import pino from 'pino';
import type { Redis } from 'ioredis';
import { RedisAuditLog } from '../../src/gateway/auth/audit-log.redis';
import { createJwtAuthenticator } from '../../src/gateway/auth/jwt-authenticator';
import { RedisRevocations } from '../../src/gateway/auth/revocations.redis';
import { Channels } from '../../src/platform/channels';
import { ManualClock } from '../../src/platform/clock';
import { eventually } from '../support/eventually';
import { openTestStore, type TestStore } from '../support/store';
import { fakeParts, listOf } from './support/fake-parts';
import { startTestGateway, type Answer, type TestGateway } from './support/test-gateway';
import { SECRET, signToken, type Claims } from './support/tokens';
import { watchWithApollo, type WatchingApp } from './support/watching-app';

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const REVOKE = `mutation Revoke($userId: ID, $jti: ID, $before: DateTime, $until: DateTime) {
  revokeTokens(userId: $userId, jti: $jti, before: $before, until: $until) { before until } }`;

interface Member {
  readonly gateway: TestGateway;
  readonly subscriber: Redis;
  readonly lines: Record<string, unknown>[];
  close(): Promise<void>;
}

describe('revocation, on two gateways over one Redis', () => {
  const clock = new ManualClock(START);
  let store: TestStore;
  let members: Member[];
  const apps: WatchingApp[] = [];

  async function join(): Promise<Member> {
    const parts = fakeParts({ clock, authenticator: await createJwtAuthenticator({ secret: SECRET }, clock) });
    const lines: Record<string, unknown>[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) });
    const { redis, keys } = store;
    const subscriber = store.connect('revocations');
    const channels = new Channels({ redis, connect: () => subscriber, log });
    const revocations = new RedisRevocations({ redis, channels, keys, tenants: ['default', 'other'], clock, log });
    await revocations.open();
    const audit = new RedisAuditLog(redis, keys, log);
    const gateway = await startTestGateway({ ...parts, deps: { ...parts.deps, revocations, audit } });
    for (const [userId, tenant] of [
      ['ann', 'default'],
      ['bob', 'default'],
      ['ann', 'other'],
    ] as const)
      gateway.push(listOf(userId, [], { tenant }));
    return {
      gateway,
      subscriber,
      lines,
      close: async () => {
        await gateway.close();
        await audit.close();
        revocations.close();
      },
    };
  }

  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.redis.flushall();
    members = [await join(), await join()];
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    for (const member of members) await member.close();
    clock.advance(1000); // tokens of the next test are of another second
  });

  const tokenFor = (claims: Partial<Claims> = {}): Promise<string> =>
    signToken({ sub: 'ann', iat: Math.floor(clock.now() / 1000), exp: Math.floor((clock.now() + HOUR_MS) / 1000), ...claims });
  const ask = async (member: Member, query: string, variables: object, claims: Partial<Claims>): Promise<Answer> =>
    (await member.gateway.post({ query, variables: { ...variables } }, { authorization: `Bearer ${await tokenFor(claims)}` })).answer;
  const revoke = (variables: object): Promise<Answer> => ask(members[0]!, REVOKE, variables, { sub: 'op', scope: 'operate' });
  const watch = async (member: Member, token: () => Promise<string>): Promise<WatchingApp> => {
    const app = watchWithApollo(member.gateway.socketUrl, token);
    apps.push(app);
    await eventually(() => expect(app.seen).toHaveLength(1));
    return app;
  };
  const statusWith = async (member: Member, token: string): Promise<number> =>
    (await member.gateway.post({ query: '{ profile { userId } }' }, { authorization: `Bearer ${token}` })).status;
  const REVOKED = [4403, 'Forbidden: the token has been revoked, reconnect with a new one'];

  it('closes the user’s open sockets on every gateway, nobody else’s; Apollo Client comes back with a token issued later', async () => {
    const old = await tokenFor();
    const herTokens = [old];
    const anns = [await watch(members[0]!, async () => herTokens.at(-1)!), await watch(members[1]!, async () => herTokens.at(-1)!)];
    const bob = await watch(members[1]!, () => tokenFor({ sub: 'bob' }));
    const namesake = await watch(members[1]!, () => tokenFor({ tenant: 'other' }));
    clock.advance(2000);
    herTokens.push(await tokenFor());

    expect(await revoke({ userId: 'ann' })).toEqual({
      data: { revokeTokens: { before: new Date(clock.now()).toISOString(), until: new Date(clock.now() + 720 * HOUR_MS).toISOString() } },
    });
    clock.advance(1000);
    herTokens.push(await tokenFor());
    for (const app of anns) {
      await eventually(() => expect(app.closes[0]).toEqual(REVOKED));
      await eventually(() => expect(app.seen).toHaveLength(2));
    }
    for (const app of [bob, namesake]) expect([app.connections(), app.closes]).toEqual([1, []]);
    for (const member of members) {
      expect(await statusWith(member, old)).toBe(401);
      expect(await statusWith(member, herTokens.at(-1)!)).toBe(200);
    }
  });

  it('ends the user’s event streams too, with a word why; nobody else’s', async () => {
    const { gateway } = members[1]!;
    const query = encodeURIComponent('subscription { recommendations { position { revision } } }');
    const streamOf = async (claims: Partial<Claims>): Promise<Response> =>
      fetch(`${gateway.httpUrl}?query=${query}`, {
        headers: { accept: 'text/event-stream', authorization: `Bearer ${await tokenFor(claims)}` },
      });
    const anns = await streamOf({});
    const bobs = await streamOf({ sub: 'bob' });
    await eventually(() => expect(gateway.watching.size).toBe(2));
    clock.advance(2000);
    await revoke({ userId: 'ann' });
    const text = await anns.text(); // until it ends
    const message = 'Forbidden: the token has been revoked, reconnect with a new one';
    const told = JSON.stringify({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED', retryable: false } }] });
    expect(text.endsWith(`event: next\ndata: ${told}\n\n`)).toBe(true);
    expect(gateway.watching.size).toBe(1);
    await bobs.body!.cancel();
    await eventually(() => expect(gateway.watching.size).toBe(0));
  });

  it('refuses such a token from then on, also to a gateway that starts later, over HTTP, on a new socket and as a newer token', async () => {
    const old = await tokenFor();
    clock.advance(2000);
    await revoke({ userId: 'ann' });
    clock.advance(1000);
    members.push(await join());
    const late = members[2]!;
    expect(await statusWith(late, old)).toBe(401);
    const app = await watch(late, () => tokenFor());
    expect(await app.refresh(old)).toMatchObject({ error: { message: expect.stringMatching(/revoked/) as string } });
    expect(app.closes).toEqual([]);
    const socket = await late.gateway.socket();
    const closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${old}` } }));
    expect(await closed).toEqual([4403, 'Forbidden: the token has been revoked: get a new one']);
  });

  it('revokes one token by its jti and leaves the user’s others alone', async () => {
    const [stolen, own] = await Promise.all([tokenFor({ jti: 't1' }), tokenFor({ jti: 't2' })]);
    const thief = await watch(members[1]!, async () => stolen);
    const app = await watch(members[1]!, async () => own);
    expect((await revoke({ jti: 't1' })).data).toMatchObject({ revokeTokens: { before: null } });
    await eventually(() => expect(thief.closes[0]).toEqual(REVOKED));
    await eventually(() => expect(thief.closes.at(-1)![1]).toMatch(/revoked: get a new one/)); // it tries again with the same
    expect([app.connections(), app.closes]).toEqual([1, []]);
    expect(await statusWith(members[0]!, own)).toBe(200);
  });

  it('does not spare tokens without iat, nor those that another revocation with an earlier time would', async () => {
    const undated = await signToken({ sub: 'ann', exp: (clock.now() + HOUR_MS) / 1000 });
    await revoke({ userId: 'ann' });
    await revoke({ userId: 'ann', before: new Date(clock.now() - HOUR_MS).toISOString() });
    expect(await statusWith(members[0]!, undated)).toBe(401);
    expect(await statusWith(members[0]!, await tokenFor({ iat: clock.now() / 1000 - 60 }))).toBe(401);
  });

  it('reaches a gateway that was cut off from the store meanwhile, once it is back', async () => {
    const [, cut] = members;
    const old = await tokenFor();
    let token = old;
    const app = await watch(cut!, async () => token);
    cut!.subscriber.disconnect();
    await eventually(() => expect(cut!.subscriber.status).toBe('end'));
    clock.advance(2000);
    await revoke({ userId: 'ann' });
    expect(await statusWith(cut!, old)).toBe(200); // it cannot know
    clock.advance(1000);
    token = await tokenFor();
    await cut!.subscriber.connect();
    await eventually(() => expect(app.closes[0]).toEqual(REVOKED));
    expect(await statusWith(cut!, old)).toBe(401);
  });

  it('is forgotten when its time is over', async () => {
    const old = await tokenFor();
    clock.advance(2000);
    const until = clock.now() + 10_000;
    expect((await revoke({ userId: 'ann', until: new Date(until).toISOString() })).data).toMatchObject({
      revokeTokens: { until: new Date(until).toISOString() },
    });
    expect(await statusWith(members[0]!, old)).toBe(401);
    clock.advance(10_000);
    expect(await statusWith(members[0]!, old)).toBe(200);
    await revoke({ userId: 'bob' });
    expect(await store.redis.zcard(store.keys.revoked('default'))).toBe(1);
  });

  it.each<[string, object, string]>([
    ['neither user nor token', {}, 'userId'],
    ['both', { userId: 'ann', jti: 't' }, 'userId'],
    ['a time with a token', { jti: 't', before: '2026-01-01T00:00:00Z' }, 'before'],
    ['a time that is ahead', { userId: 'ann', before: '2027-01-01T00:00:00Z' }, 'before'],
    ['a time that is none', { userId: 'ann', before: 'yesterday' }, 'before'],
    ['an end that is over', { userId: 'ann', until: '2025-01-01T00:00:00Z' }, 'until'],
    ['a malformed user', { userId: 'a b' }, 'userId'],
  ])('refuses %s', async (_name, variables, field) => {
    const { errors } = await revoke(variables);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', field });
  });

  const LOG = '{ auditLog { userId mutation outcome arguments { name value } } }';
  const auditLog = async (): Promise<unknown> => (await ask(members[1]!, LOG, {}, { sub: 'op', scope: 'operate' })).data?.['auditLog'];

  it('is written to the audit log, as every operator’s mutation is, with how it ended', async () => {
    await revoke({ userId: 'ann' });
    await revoke({});
    const writer = { sub: 'shopkeeper', scope: 'catalogue:write record:any read:any' };
    const items = Array.from({ length: 25 }, (_, n) => ({ id: `i${n}`, title: 'not in the log' }));
    await ask(members[0]!, 'mutation Stock($items: [ItemInput!]!) { upsertItems(items: $items) { items { id } } }', { items }, writer);
    await ask(members[0]!, 'mutation { updateProfile(input: { userId: "ann", locale: "de" }) { profile { userId } } }', {}, writer);
    await ask(members[0]!, 'mutation { updateProfile(input: { locale: "de" }) { profile { userId } } }', {}, writer); // of her own
    const ids = `25: ${items
      .slice(0, 20)
      .map(({ id }) => id)
      .join(', ')}, …`;
    await eventually(async () =>
      expect(await auditLog()).toEqual([
        {
          userId: 'shopkeeper',
          mutation: 'updateProfile',
          outcome: 'OK',
          arguments: [
            { name: 'input.userId', value: 'ann' },
            { name: 'input.locale', value: 'de' },
          ],
        },
        { userId: 'shopkeeper', mutation: 'upsertItems', outcome: 'OK', arguments: [{ name: 'items', value: ids }] },
        { userId: 'op', mutation: 'revokeTokens', outcome: 'BAD_INPUT', arguments: [] },
        { userId: 'op', mutation: 'revokeTokens', outcome: 'OK', arguments: [{ name: 'userId', value: 'ann' }] },
      ]),
    );
    // At info level, although the process logs errors only.
    expect(members[0]!.lines.filter(({ audit }) => audit).map(({ mutation, outcome, tenant }) => [mutation, outcome, tenant])).toEqual([
      ['revokeTokens', 'OK', 'default'],
      ['revokeTokens', 'BAD_INPUT', 'default'],
      ['upsertItems', 'OK', 'default'],
      ['updateProfile', 'OK', 'default'],
    ]);
  });

  it('is refused without the scope, which is in the log of the process but cannot push anything out of the store', async () => {
    const { errors } = await ask(members[0]!, REVOKE, { userId: 'bob' }, { scope: 'read:any record:any catalogue:write' });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await ask(members[0]!, LOG, {}, {})).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(members[0]!.lines).toEqual([
      expect.objectContaining({ audit: true, mutation: 'revokeTokens', outcome: 'FORBIDDEN', userId: 'ann' }),
    ]);
    expect(await auditLog()).toEqual([]);
  });
});

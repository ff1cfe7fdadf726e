import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { createJwtAuthenticator } from '../../src/gateway/auth/jwt-authenticator';
import { credentialsOf, type Authenticator } from '../../src/gateway/auth/identity';
import { ManualClock, systemClock } from '../../src/platform/clock';
import { readConfig } from '../../src/platform/config';
import { fakeParts, listOf } from './support/fake-parts';
import { startTestGateway, type TestGateway } from './support/test-gateway';
import { SECRET, signToken, type Claims } from './support/tokens';

const NOW = Date.UTC(2026, 0, 1);

const sign = ({ exp = NOW / 1000 + 3600, ...claims }: Partial<Claims>, key?: Parameters<typeof signToken>[1]): Promise<string> =>
  signToken({ ...claims, exp }, key);
const bearer = (token: string) => credentialsOf({ Authorization: `Bearer ${token}` });

describe('createJwtAuthenticator', () => {
  const clock = new ManualClock(NOW);
  let authenticator: Authenticator;
  beforeAll(async () => {
    authenticator = await createJwtAuthenticator({ secret: SECRET, issuer: 'shop' }, clock);
  });

  it('reads user, tenant and scopes', async () => {
    const token = await sign({ sub: 'ann', tenant: 'other', scope: 'read:any operate made:up', iss: 'shop' });
    expect(await authenticator.authenticate(bearer(token))).toEqual({
      tenant: 'other',
      userId: 'ann',
      scopes: new Set(['read:any', 'operate']),
      expiresAt: NOW + 3_600_000,
    });
  });

  it('defaults to the tenant `default` and no scopes', async () => {
    const token = await sign({ sub: 'ann', iss: 'shop' });
    expect(await authenticator.authenticate(bearer(token))).toMatchObject({ tenant: 'default', scopes: new Set() });
  });

  const tokens: [string, () => Promise<string>, RegExp][] = [
    ['no token', async () => '', /a token is needed/],
    ['no JWT', async () => 'abc', /not valid/],
    [
      'another secret',
      () => sign({ sub: 'ann', iss: 'shop' }, new TextEncoder().encode('another secret, just as long as the first')),
      /not valid/,
    ],
    ['an expired token', () => sign({ sub: 'ann', iss: 'shop', exp: NOW / 1000 - 60 }), /expired/],
    ['no user', () => sign({ iss: 'shop' }), /not valid/],
    ['a malformed user', () => sign({ sub: 'a b', iss: 'shop' }), /claim sub .* printable/],
    ['a malformed tenant', () => sign({ sub: 'ann', tenant: 7, iss: 'shop' }), /claim tenant/],
    ['scopes as a list', () => sign({ sub: 'ann', scope: ['operate'], iss: 'shop' }), /claim scope/],
    ['another issuer', () => sign({ sub: 'ann', iss: 'elsewhere' }), /not valid/],
    [
      'an unsigned token',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"ann"}').toString('base64url')}.`,
      /not valid/,
    ],
  ];
  it.each(tokens)('refuses %s', async (_name, tokenOf, message) => {
    const authenticating = authenticator.authenticate(bearer(await tokenOf()));
    await expect(authenticating).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringMatching(message) as string });
  });

  it('checks RS256 by its public key, and lets no HS256 token pass that was signed with that key as a secret', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const pem = await exportSPKI(publicKey);
    const rs = await createJwtAuthenticator({ publicKey: pem }, clock);
    const good = await new SignJWT({ sub: 'ann', exp: NOW / 1000 + 60 }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    expect(await rs.authenticate(bearer(good))).toMatchObject({ userId: 'ann' });
    const forged = await sign({ sub: 'ann' }, new TextEncoder().encode(pem));
    await expect(rs.authenticate(bearer(forged))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('says to try again when the published keys cannot be fetched', async () => {
    const away = await createJwtAuthenticator({ jwksUrl: 'http://127.0.0.1:9/keys' }, clock);
    const { privateKey } = await generateKeyPair('RS256');
    const token = await new SignJWT({ sub: 'ann', exp: NOW / 1000 + 60 }).setProtectedHeader({ alg: 'RS256', kid: '1' }).sign(privateKey);
    await expect(away.authenticate(bearer(token))).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });
});

describe('the development identity', () => {
  it('is refused in production', () => {
    expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/AUTH_MODE=development is refused/);
  });
});

describe('a gateway that asks for tokens', () => {
  let gateway: TestGateway;
  const token = (claims: Partial<Claims>) => sign({ exp: Math.floor(systemClock.now() / 1000) + 600, ...claims });
  const headers = async (claims: Partial<Claims>) => ({ authorization: `Bearer ${await token(claims)}` });

  beforeAll(async () => {
    const authenticator = await createJwtAuthenticator({ secret: SECRET }, systemClock);
    gateway = await startTestGateway(fakeParts({ authenticator }));
    gateway.push(listOf('ann', ['x']));
  });
  afterAll(() => gateway.close());

  const OWN = '{ profile { userId } }';
  const HERS = '{ profile(userId: "ann") { userId } }';
  const HER_LIST = '{ recommendations(userId: "ann") { userId } }';
  const HER_EXPORT = '{ profileExport(userId: "ann") { profile { userId } } }';
  const RECORD_HERS = 'mutation { recordBehaviours(behaviours: [{ type: "search", query: "pots", userId: "ann" }]) { users { userId } } }';
  const EDIT_HERS = 'mutation { updateProfile(input: { userId: "ann", locale: "de" }) { profile { userId } } }';
  const MUTE_HERS = 'mutation { muteTopic(topic: "c:x", userId: "ann") { profile { userId } } }';
  const UNMUTE_HERS = 'mutation { unmuteTopic(topic: "c:x", userId: "ann") { profile { userId } } }';
  const MERGE_INTO_HERS = 'mutation { mergeProfile(anonymousId: "anon-1", userId: "ann") { profile { userId } } }';
  const ERASE_HERS = 'mutation { eraseProfile(userId: "ann") { userId } }';
  const STEAL = 'mutation { mergeProfile(anonymousId: "ann") { profile { userId } } }';
  const MERGE = 'mutation { mergeProfile(anonymousId: "anon-1") { profile { userId } } }';
  const HIDE = 'mutation { hideItems(ids: ["x"]) { rejections { index } } }';
  const UPSERT = 'mutation { upsertItems(items: [{ id: "x", title: "X" }]) { items { id } } }';
  const METRICS = '{ metrics { name } }';
  const MODELS = '{ models { name } }';
  const HEALTH = '{ health { status } }';
  const TRAIN = 'mutation { trainModels { jobs { id } } }';
  const ROLLBACK = 'mutation { rollbackModel(model: ITEM_KNN, version: "1") { model { name } } }';

  it.each([
    ['ann', '', HERS, undefined],
    ['bob', '', OWN, undefined],
    ['bob', '', HERS, 'read:any'],
    ['bob', 'read:any', HERS, undefined],
    ['bob', 'record:any catalogue:write operate', HERS, 'read:any'],
    ['bob', '', HER_LIST, 'read:any'],
    ['bob', 'read:any', HER_LIST, undefined],
    ['bob', '', HER_EXPORT, 'read:any'],
    ['bob', '', RECORD_HERS, 'record:any'],
    ['bob', 'read:any', RECORD_HERS, 'record:any'],
    ['bob', 'record:any', RECORD_HERS, undefined],
    ['bob', 'read:any', EDIT_HERS, 'record:any'],
    ['bob', 'read:any', MUTE_HERS, 'record:any'],
    ['bob', 'record:any read:any', ERASE_HERS, 'operate'],
    ['bob', 'operate', ERASE_HERS, undefined],
    ['bob', 'record:any', EDIT_HERS, 'read:any'],
    ['bob', 'record:any', MUTE_HERS, 'read:any'],
    ['bob', 'record:any', UNMUTE_HERS, 'read:any'],
    ['bob', 'record:any', MERGE_INTO_HERS, 'read:any'],
    ['bob', 'record:any read:any', MUTE_HERS, undefined],
    ['bob', '', STEAL, 'read:any'],
    ['bob', 'record:any', STEAL, 'read:any'], // the answer would show what was hers
    ['bob', 'read:any', STEAL, 'record:any'],
    ['bob', 'record:any read:any', STEAL, undefined],
    ['bob', '', MERGE, undefined],
    ['bob', 'record:any read:any operate', HIDE, 'catalogue:write'],
    ['bob', 'catalogue:write', UPSERT, undefined],
    ['bob', 'record:any read:any operate', UPSERT, 'catalogue:write'],
    ['bob', 'record:any read:any catalogue:write', METRICS, 'operate'],
    ['bob', 'operate', METRICS, undefined],
    ['bob', '', MODELS, 'operate'],
    ['bob', '', HEALTH, 'operate'],
    ['bob', '', TRAIN, 'operate'],
    ['bob', '', ROLLBACK, 'operate'],
  ])('%s with scopes "%s": %s needs %s', async (sub, scope, operation, needed) => {
    const { answer } = await gateway.post({ query: operation }, await headers({ sub, scope }));
    const code = needed === undefined ? undefined : 'FORBIDDEN';
    expect(answer.errors?.[0]?.extensions.code).toBe(code);
    if (needed !== undefined) expect(answer.errors![0]!.message).toContain(needed);
  });

  it('keeps tenants apart: the same user id elsewhere is somebody else', async () => {
    const { answer } = await gateway.post(
      { query: '{ recommendations { items { itemId } } }' },
      await headers({ sub: 'ann', tenant: 'other' }),
    );
    expect(answer).toEqual({ data: { recommendations: { items: [] } } });
  });

  it('answers 401 with a GraphQL error without a token, and for a tenant that does not exist', async () => {
    const without = await gateway.post({ query: OWN });
    expect(without.status).toBe(401);
    expect(without.headers.get('www-authenticate')).toBe('Bearer');
    expect(without.answer.errors![0]!.extensions).toEqual({ code: 'UNAUTHENTICATED', field: 'authorization', retryable: false });
    const elsewhere = await gateway.post({ query: OWN }, await headers({ sub: 'ann', tenant: 'nowhere' }));
    expect(elsewhere.status).toBe(401);
  });

  it('does not let the development headers count', async () => {
    const { status } = await gateway.post({ query: HERS }, { 'x-beckon-user': 'ann', 'x-beckon-scopes': 'read:any' });
    expect(status).toBe(401);
  });

  const SUBSCRIBE = { query: 'subscription ($u: ID) { recommendations(userId: $u) { list { userId } } }' };

  it.each(['authorization', 'Authorization'])('takes the token of a WebSocket from connectionParams.%s', async (name) => {
    const params = { [name]: `Bearer ${await token({ sub: 'ann' })}` };
    expect(await gateway.overSocket(SUBSCRIBE, { params, events: 1 })).toEqual([
      { data: { recommendations: { list: { userId: 'ann' } } } },
    ]);
  });

  it('refuses to show somebody else’s list over a WebSocket', async () => {
    const params = { authorization: `Bearer ${await token({ sub: 'bob' })}` };
    const [answer] = await gateway.overSocket({ ...SUBSCRIBE, variables: { u: 'ann' } }, { params });
    expect(answer!.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', field: 'userId' });
    expect(gateway.watching.size).toBe(0);
  });

  it.each([
    ['no token', {}, /^Forbidden: a token is needed/],
    ['a wrong token', { authorization: 'Bearer abc' }, /^Forbidden: the token is not valid/],
  ])('closes a WebSocket with 4403 for %s', async (_name, payload, reason) => {
    const socket = await gateway.socket();
    const closed = new Promise<[number, string]>((resolve) => socket.once('close', (code, text) => resolve([code, String(text)])));
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    expect(await closed).toEqual([4403, expect.stringMatching(reason)]);
  });

  it('closes a WebSocket with 4403 when its token expires, and ends its subscriptions', async () => {
    const exp = Math.floor(systemClock.now() / 1000) - 3; // within the tolerance for clocks: valid when checked, over at once
    const socket = await gateway.socket();
    const closed = new Promise<[number, string]>((resolve) => socket.once('close', (code, text) => resolve([code, String(text)])));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${await sign({ sub: 'ann', exp })}` } }));
    expect(await closed).toEqual([4403, 'Forbidden: the token has expired, reconnect with a new one']);
    expect(gateway.watching.size).toBe(0);
  });
});

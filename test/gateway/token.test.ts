import { createJwtAuthenticator } from '../../src/gateway/auth/jwt-authenticator';
import { ManualClock } from '../../src/platform/clock';
import { eventually } from '../support/eventually';
import { fakeParts, listOf } from './support/fake-parts';
import { startTestGateway, type TestGateway } from './support/test-gateway';
import { SECRET, signToken, type Claims } from './support/tokens';
import { watchWithApollo, type WatchingApp } from './support/watching-app';

const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;

describe('a token on a living socket, with Apollo Client', () => {
  let clock: ManualClock;
  let gateway: TestGateway;
  let app: WatchingApp;
  let revision: number;
  const tokenFor = (claims: Partial<Claims>, livesMs = 10 * MINUTE_MS): Promise<string> =>
    signToken({ sub: 'ann', iat: clock.now() / 1000, exp: (clock.now() + livesMs) / 1000, ...claims });
  const push = (): void => gateway.push(listOf('ann', [], { revision: ++revision }));
  const shows = (): Promise<void> => eventually(() => expect(app.seen.at(-1)).toBe(revision));

  beforeEach(async () => {
    clock = new ManualClock(START);
    revision = 0;
    gateway = await startTestGateway(fakeParts({ clock, authenticator: await createJwtAuthenticator({ secret: SECRET }, clock) }));
    push();
  });
  afterEach(async () => {
    await app.close();
    await gateway.close();
  });

  it('is renewed by a ping, and the subscription goes on past the time of the first one', async () => {
    const first = await tokenFor({}, MINUTE_MS);
    app = watchWithApollo(gateway.socketUrl, async () => first);
    await shows();
    clock.advance(50_000);
    expect(await app.refresh(await tokenFor({}))).toEqual({ expiresAt: new Date(START + 50_000 + 10 * MINUTE_MS).toISOString() });
    clock.advance(2 * MINUTE_MS); // the first token is over
    for (let n = 0; n < 3; n++) {
      push();
      await shows();
    }
    expect(app.seen).toEqual([1, 2, 3, 4]);
    expect([app.connections(), app.closes]).toEqual([1, []]);
  });

  it('ends the connection with 4403 when it expires; the client comes back with a new one and has the newest list', async () => {
    app = watchWithApollo(gateway.socketUrl, () => tokenFor({}, MINUTE_MS));
    await shows();
    clock.advance(MINUTE_MS);
    await eventually(() => expect(app.closes).toEqual([[4403, 'Forbidden: the token has expired, reconnect with a new one']]));
    push();
    await shows();
    expect(app.connections()).toBe(2);
  });

  it('may be renewed again and again, also to an earlier end', async () => {
    app = watchWithApollo(gateway.socketUrl, () => tokenFor({}, 60 * MINUTE_MS));
    await shows();
    for (let n = 0; n < 3; n++) {
      clock.advance(5 * MINUTE_MS);
      expect(await app.refresh(await tokenFor({}, 6 * MINUTE_MS))).toHaveProperty('expiresAt');
    }
    expect(app.closes).toEqual([]);
    clock.advance(6 * MINUTE_MS + 1000);
    await eventually(() => expect(app.closes).toHaveLength(1));
  });

  it.each<[string, Partial<Claims>, object]>([
    ['of another user', { sub: 'bob' }, { code: 'FORBIDDEN', field: 'authorization' }],
    ['of another tenant', { tenant: 'other' }, { code: 'FORBIDDEN' }],
    ['of no tenant', { tenant: 'nowhere' }, { code: 'UNAUTHENTICATED' }],
    ['that has expired', { exp: START / 1000 - 60 }, { code: 'UNAUTHENTICATED', retryable: false }],
  ])('keeps the one it has when one %s comes', async (_name, claims, extensions) => {
    app = watchWithApollo(gateway.socketUrl, () => tokenFor({}, MINUTE_MS));
    await shows();
    expect(await app.refresh(await tokenFor(claims))).toEqual({
      error: { message: expect.any(String) as string, extensions: expect.objectContaining(extensions) as object },
    });
    push();
    await shows();
    expect(app.connections()).toBe(1);
    clock.advance(MINUTE_MS);
    await eventually(() => expect(app.closes).toHaveLength(1)); // its time has not moved
  });

  it('brings its scopes: with more of them more is allowed, without one of the old ones the connection ends', async () => {
    app = watchWithApollo(gateway.socketUrl, () => tokenFor({ scope: 'read:any' }));
    await shows();
    const socket = await gateway.socket();
    const answers: { type: string; payload?: unknown }[] = [];
    socket.on('message', (data: Buffer) => answers.push(JSON.parse(data.toString()) as { type: string }));
    const closed = new Promise<unknown[]>((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
    const say = async (message: object): Promise<unknown> => {
      const before = answers.length;
      socket.send(JSON.stringify(message));
      return eventually(() => answers[before]?.payload ?? expect(answers.length).toBeGreaterThan(before));
    };
    const hers = { id: '1', type: 'subscribe', payload: { query: '{ profile(userId: "ann") { userId } }' } };
    await say({ type: 'connection_init', payload: { authorization: `Bearer ${await tokenFor({ sub: 'bob' })}` } });
    expect(await say(hers)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    await eventually(() => expect(answers.at(-1)).toEqual({ id: '1', type: 'complete' }));
    await say({ type: 'ping', payload: { Authorization: `Bearer ${await tokenFor({ sub: 'bob', scope: 'read:any' })}` } });
    expect(await say(hers)).toEqual({ data: { profile: { userId: 'ann' } } });
    socket.send(JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${await tokenFor({ sub: 'bob' })}` } }));
    expect(await closed).toEqual([4403, 'Forbidden: the new token has fewer scopes, reconnect with it']);
  });

  it('is asked for first: a ping before connection_init changes nothing, and one without a token comes back as it is', async () => {
    app = watchWithApollo(gateway.socketUrl, () => tokenFor({}));
    await shows();
    const socket = await gateway.socket();
    const answer = (message: object): Promise<unknown> => {
      const said = new Promise<unknown>((resolve) => socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()))));
      socket.send(JSON.stringify(message));
      return said;
    };
    expect(await answer({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(await answer({ type: 'ping', payload: { n: 1 } })).toEqual({ type: 'pong', payload: { n: 1 } });
    expect(await answer({ type: 'ping', payload: { authorization: `Bearer ${await tokenFor({})}` } })).toMatchObject({
      type: 'pong',
      payload: { error: { extensions: { code: 'UNAUTHENTICATED' } } },
    });
  });
});

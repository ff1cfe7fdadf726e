import WebSocket from 'ws';
import { BeckonError } from '../../src/platform/errors';
import { eventually } from '../support/eventually';
import { fakeParts, listOf } from './support/fake-parts';
import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';

let gateway: TestGateway;
afterEach(() => gateway.close());

const RECORD = { query: 'mutation { recordBehaviours(behaviours: [{ type: "search", query: "pots" }]) { users { seq } } }' };
const closeOf = (socket: WebSocket) =>
  new Promise<[number, string]>((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
const get = async (path: string) => {
  const response = await fetch(new URL(path, gateway.httpUrl));
  return { status: response.status, text: await response.text() };
};

describe('errors that will pass', () => {
  it.each([
    ['OVERLOADED', new BeckonError('OVERLOADED', '20000 recomputes are waiting', { retryAfterMs: 1000 })],
    ['UNAVAILABLE', new Error('connect ECONNREFUSED 10.0.0.5:6379')],
  ])('%s says so and when to try again, on both transports', async (code, error) => {
    gateway = await startTestGateway();
    gateway.failWith(error);
    const { status, answer } = await gateway.post(RECORD);
    gateway.failWith(error);
    const [overSocket] = await gateway.overSocket(RECORD);
    for (const { errors } of [answer, overSocket!]) {
      expect(errors![0]!.extensions).toEqual({ code, retryable: true, retryAfterMs: 1000 });
      expect(errors![0]!.message).not.toMatch(/10\.0\.0\.5/);
    }
    expect(status).toBe(200);
  });

  it('an unknown error is INTERNAL with a correlation id, on both transports', async () => {
    gateway = await startTestGateway();
    gateway.failWith(new TypeError('secret at /srv/app.ts:1'));
    const { answer, text } = await gateway.post(RECORD);
    gateway.failWith(new TypeError('secret at /srv/app.ts:1'));
    const [overSocket] = await gateway.overSocket(RECORD);
    expect(answer.errors![0]!.extensions).toEqual({ code: 'INTERNAL', retryable: false, correlationId: expect.any(String) as string });
    expect(overSocket!.errors![0]!.extensions).toEqual({ code: 'INTERNAL', retryable: false, correlationId: expect.any(String) as string });
    expect(text + JSON.stringify(overSocket)).not.toMatch(/secret|srv/);
  });
});

describe('a production gateway', () => {
  beforeEach(async () => {
    gateway = await startTestGateway(fakeParts(), {
      settings: { ...TEST_SETTINGS, introspection: false, allowedOrigins: ['https://shop.example'] },
    });
  });

  it.each(['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }'])('does not tell its schema: %s', async (query) => {
    const { answer } = await gateway.post({ query });
    const [overSocket] = await gateway.overSocket({ query });
    for (const { errors } of [answer, overSocket!]) expect(errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('does not suggest fields', async () => {
    const { text } = await gateway.post({ query: '{ profil { seq } }' });
    const [overSocket] = await gateway.overSocket({ query: '{ profil { seq } }' });
    expect(text + JSON.stringify(overSocket)).not.toMatch(/Did you mean/);
  });

  it('lets browsers in from its own origins only', async () => {
    const preflight = (origin: string) =>
      fetch(gateway.httpUrl, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } }).then(({ headers }) =>
        headers.get('access-control-allow-origin'),
      );
    expect(await preflight('https://shop.example')).toBe('https://shop.example');
    expect(await preflight('https://evil.example')).toBeNull();
    const upgrade = (origin: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws', { origin });
        socket.once('open', () => {
          socket.terminate();
          resolve('open');
        });
        socket.once('error', ({ message }) => resolve(message));
      });
    expect(await upgrade('https://shop.example')).toBe('open');
    expect(await upgrade('https://evil.example')).toMatch(/403/);
  });
});

describe('WebSocket', () => {
  it('refuses another subprotocol with 4406, and another path with 404', async () => {
    gateway = await startTestGateway();
    const socket = new WebSocket(gateway.socketUrl, []);
    expect((await closeOf(socket))[0]).toBe(4406);
    const elsewhere = new WebSocket(gateway.socketUrl.replace('/graphql', '/other'), 'graphql-transport-ws');
    await expect(new Promise((_, reject) => elsewhere.once('error', reject))).rejects.toThrow(/404/);
  });

  it('bounds the operations of one connection, and takes more when one has ended', async () => {
    gateway = await startTestGateway(); // 5 a socket
    gateway.push(listOf('dev', ['a']));
    const client = gateway.client({ lazy: false });
    const query = 'subscription { recommendations { appliedThrough } }';
    const running = Array.from({ length: 5 }, () => client.iterate({ query }));
    for (const events of running) await events.next();
    await expect(client.iterate({ query }).next()).rejects.toMatchObject([
      { message: expect.stringMatching(/5 operations/) as string, extensions: { code: 'OVERLOADED', retryable: true } },
    ]);
    await running[0]!.return!();
    await eventually(() => expect(gateway.watching.size).toBe(4));
    expect(await client.iterate({ query }).next()).toMatchObject({ value: { data: { recommendations: { appliedThrough: 0 } } } });
  });

  it('asks for an answer every other time, and says in between that it is there', async () => {
    gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, keepAliveMs: 150, pongWithinMs: 5000 } });
    const socket = await gateway.socket();
    const heard: string[] = [];
    socket.on('ping', () => heard.push('ping')).on('pong', () => heard.push('pong'));
    await eventually(() => expect(heard.slice(0, 4)).toEqual(['ping', 'pong', 'ping', 'pong']));
    socket.terminate();
  });

  it('cuts a socket that does not answer pings', async () => {
    gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, keepAliveMs: 200, pongWithinMs: 150 } });
    const alive = await gateway.socket();
    const dead = new WebSocket(gateway.socketUrl, 'graphql-transport-ws', { autoPong: false });
    expect((await closeOf(dead))[0]).toBe(1006);
    expect(alive.readyState).toBe(WebSocket.OPEN);
    alive.terminate();
  });
});

describe('health and metrics', () => {
  it('is live, and ready unless a part is down', async () => {
    const parts = fakeParts();
    let status: 'ok' | 'degraded' | 'down' = 'ok';
    gateway = await startTestGateway({
      ...parts,
      deps: {
        ...parts.deps,
        checkHealth: async () => [
          { name: 'store', status: 'ok' },
          { name: 'feed', status },
        ],
      },
    });
    expect(await get('/health/live')).toEqual({ status: 200, text: '{"status":"ok"}' });
    expect((await get('/health/ready')).status).toBe(200);
    status = 'degraded';
    expect(await get('/health/ready')).toMatchObject({ status: 200, text: expect.stringContaining('"status":"degraded"') as string });
    status = 'down';
    expect((await get('/health/ready')).status).toBe(503);
  });

  it('counts operations, sockets and pushes', async () => {
    gateway = await startTestGateway();
    await gateway.post(RECORD);
    await gateway.post({ query: '{ items(first: 0) { nodes { id } } }' });
    gateway.push(listOf('dev', ['a']));
    const client = gateway.client();
    const events = client.iterate({ query: 'subscription { recommendations { appliedThrough } }' });
    await events.next();
    gateway.push(listOf('dev', ['b'], { revision: 2, timeline: { receivedAt: 1, recordedAt: 2, startedAt: 3, scoredAt: 4 } }));
    await events.next();
    const { text } = await get('/metrics');
    expect(text).toMatch(/beckon_gateway_operations_total\{transport="http",operation="recordBehaviours",outcome="ok"\} 1/);
    expect(text).toMatch(/beckon_gateway_operations_total\{transport="http",operation="items",outcome="BAD_INPUT"\} 1/);
    expect(text).toMatch(/beckon_gateway_operations_total\{transport="ws",operation="recommendations",outcome="ok"\} 1/);
    expect(text).toMatch(/beckon_gateway_sockets 1/);
    expect(text).toMatch(/beckon_gateway_subscriptions 1/);
    expect(text).toMatch(/beckon_gateway_pushed_lists_total 2/);
    for (const stage of ['ingest', 'queue', 'score', 'replace', 'push'])
      expect(text).toMatch(new RegExp(`beckon_gateway_push_ms_count\\{stage="${stage}"\\} 1`));
  });
});

describe('shutdown', () => {
  it('lets open requests finish, tells sockets to come back, and takes no more', async () => {
    const parts = fakeParts();
    let finish: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const record: typeof parts.deps.record = async (request) => {
      begun();
      await new Promise<void>((resolve) => (finish = resolve));
      return parts.deps.record(request);
    };
    gateway = await startTestGateway({ ...parts, deps: { ...parts.deps, record } });
    const socket = await gateway.socket();
    const closed = closeOf(socket);
    const answering = gateway.post(RECORD);
    await started;
    const closing = gateway.server.close();
    expect(await closed).toEqual([1001, 'Going away: reconnect and resume with your last position']);
    await expect(fetch(gateway.httpUrl, { method: 'POST' })).rejects.toThrow();
    finish();
    expect((await answering).answer).toEqual({ data: { recordBehaviours: { users: [{ seq: 1 }] } } });
    await closing;
  });

  it('cuts what does not end by itself', async () => {
    gateway = await startTestGateway();
    const socket = await gateway.socket();
    socket.pause(); // never answers the close frame
    await gateway.server.close(50);
    socket.terminate();
  });
});

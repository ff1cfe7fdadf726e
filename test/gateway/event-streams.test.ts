import { get, request, type IncomingMessage } from 'node:http';
import { createClient } from 'graphql-sse';
import { SignJWT } from 'jose';
import { createJwtAuthenticator } from '../../src/gateway/auth/jwt-authenticator';
import { systemClock } from '../../src/platform/clock';
import { eventually } from '../support/eventually';
import { fakeParts, listOf, type FakeParts } from './support/fake-parts';
import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';

let gateway: TestGateway;
afterEach(() => gateway.close());

const WATCH = 'subscription { recommendations { position { revision } list { items { itemId } } } }';
const showing = (revision: number, ...itemIds: string[]) => ({
  data: { recommendations: { position: { revision }, list: { items: itemIds.map((itemId) => ({ itemId })) } } },
});

/** What a stream says besides that it lives, of which it may do more or less while a test runs. */
const withoutBeats = (text: string): string => text.replaceAll(/^:\n\n/gm, '');

/** An open stream as bytes. */
async function streamOf(
  query: string,
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; text: () => string; ended: Promise<void> }> {
  const url = `${gateway.httpUrl}?query=${encodeURIComponent(query)}`;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, headers: { accept: 'text/event-stream', ...headers } }, resolve).once('error', reject);
  });
  let text = '';
  response.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  return { response, text: () => text, ended };
}

describe('the client of graphql-sse, unchanged', () => {
  const clientOf = () => createClient({ url: gateway.httpUrl, headers: { 'x-beckon-user': 'ann' }, fetchFn: fetch, retryAttempts: 0 });

  it('runs a query, a mutation and a subscription', async () => {
    gateway = await startTestGateway();
    gateway.push(listOf('ann', ['a']));
    const client = clientOf();
    const first = async (query: string) => (await client.iterate({ query }).next()).value as unknown;
    expect(await first('{ profile { userId } }')).toEqual({ data: { profile: { userId: 'ann' } } });
    const recorded = await first('mutation { recordBehaviours(behaviours: [{ type: "search", query: "pots" }]) { users { userId } } }');
    expect(recorded).toEqual({ data: { recordBehaviours: { users: [{ userId: 'ann' }] } } });

    const events = client.iterate({ query: WATCH });
    expect((await events.next()).value).toEqual(showing(1, 'a'));
    gateway.push(listOf('ann', ['b'], { revision: 2 }));
    expect((await events.next()).value).toEqual(showing(2, 'b'));
    await events.return!();
    await eventually(() => expect(gateway.watching.size).toBe(0));
    client.dispose();
  });

  it('is told what is wrong with a document as an event', async () => {
    gateway = await startTestGateway();
    const refused: unknown = (await clientOf().iterate({ query: '{ nothing }' }).next()).value;
    expect(refused).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED', retryable: false } }] });
  });
});

describe('an event stream', () => {
  it('is a stream of results that nobody stores or changes on the way', async () => {
    gateway = await startTestGateway();
    const { response, text, ended } = await streamOf('{ profile { userId } }');
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
    });
    await ended;
    expect(text()).toMatch(/^:\n\n/);
    expect(withoutBeats(text())).toBe('event: next\ndata: {"data":{"profile":{"userId":"dev"}}}\n\nevent: complete\ndata: \n\n');
  });

  it('ends with the error of a source that fails, which names nothing of ours', async () => {
    gateway = await startTestGateway();
    gateway.push(listOf('dev', ['a']));
    const { text, ended } = await streamOf(WATCH);
    await eventually(() => expect(text()).toContain('"revision":1'));
    [...gateway.watching][0]!.fail(new Error('secret at 10.0.0.5'));
    await ended;
    expect(text()).toMatch(/"code":"INTERNAL".*\n\nevent: complete/);
    expect(text()).not.toMatch(/secret|10\.0/);
    expect(gateway.watching.size).toBe(0);
  });

  it('leaves nothing behind when the client goes while nothing happens', async () => {
    gateway = await startTestGateway();
    const { response } = await streamOf(WATCH);
    await eventually(() => expect(gateway.watching.size).toBe(1));
    response.destroy();
    await eventually(() => expect(gateway.watching.size).toBe(0));
  });

  it('shows that it lives', async () => {
    gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, keepAliveMs: 20 } });
    const { text, response } = await streamOf(WATCH);
    await eventually(() => expect(text().match(/:\n\n/g)!.length).toBeGreaterThan(3));
    response.destroy();
  });

  it('gives a slow reader the newest list, and is cut when it takes nothing at all', async () => {
    const wide = (revision: number) =>
      listOf(
        'dev',
        Array.from({ length: 50 }, (_, n) => `${'x'.repeat(2000)}${n}`),
        { revision },
      );
    gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, slowReaderMs: 300 } });
    gateway.push(wide(1));
    const { response, text, ended } = await streamOf(
      'subscription { recommendations(first: 50) { position { revision } list { items { itemId } } } }',
    );
    await eventually(() => expect(text()).toContain('"revision":1'));
    response.pause();
    const sent = gateway.deps.metrics.tally('beckon_gateway_pushed_lists_total', 'the same');
    const before = sent.count;
    for (let revision = 2; revision <= 400; revision++) {
      gateway.push(wide(revision));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent.count).toBeGreaterThan(before);
    expect(sent.count - before).toBeLessThan(200); // some fill the buffers of the two machines, the others are passed over
    await eventually(() => expect(gateway.watching.size).toBe(0)); // cut after SLOW_READER_MS
    response.resume();
    await ended;
  });

  it('ends with its token, without saying that the operation is complete', async () => {
    const secret = 'a secret that is long enough for HS256';
    gateway = await startTestGateway(fakeParts({ authenticator: await createJwtAuthenticator({ secret }, systemClock) }));
    const exp = Math.floor(systemClock.now() / 1000) + 2;
    const token = await new SignJWT({ sub: 'ann', exp }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
    const { text, ended } = await streamOf(WATCH, { authorization: `Bearer ${token}` });
    await ended;
    expect(systemClock.now()).toBeGreaterThanOrEqual(exp * 1000);
    expect(text()).toMatch(/event: next\ndata: \{"errors":\[\{"message":"Forbidden: the token has expired.*"code":"UNAUTHENTICATED"/);
    expect(text()).not.toContain('complete');
    expect(gateway.watching.size).toBe(0);
  });

  it('is refused when its token was revoked between the headers and the end of the body', async () => {
    const parts = fakeParts();
    const { authenticator, revocations } = parts.deps;
    const asked = jest.fn(authenticator.authenticate.bind(authenticator));
    gateway = await startTestGateway({ ...parts, deps: { ...parts.deps, authenticator: { authenticate: asked } } });
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json', 'x-beckon-user': 'ann' };
    const sent = request(gateway.httpUrl, { method: 'POST', agent: false, headers });
    const answered = new Promise<IncomingMessage>((resolve, reject) => sent.once('response', resolve).once('error', reject));
    sent.write('{"query":');
    await eventually(() => expect(asked).toHaveBeenCalledTimes(1));
    const now = systemClock.now();
    await revocations.revoke({ tenant: 'default', userId: 'ann', before: now + 1000, until: now + 60_000 });
    sent.end(`${JSON.stringify(WATCH)}}`);
    const response = await answered;
    expect(response.statusCode).toBe(401);
    response.resume();
    expect(gateway.watching.size).toBe(0);
  });

  it('ends when the gateway does, so that the client comes again', async () => {
    const parts: FakeParts = fakeParts();
    gateway = await startTestGateway(parts);
    const { text, ended } = await streamOf(WATCH);
    await eventually(() => expect(gateway.watching.size).toBe(1));
    await gateway.server.close();
    await ended;
    expect(withoutBeats(text())).toBe(': Going away: reconnect and resume with your last position\nretry: 0\n\n');
    expect(parts.watching.size).toBe(0);
  });

  it('is drained like a socket: a few at a time, each told when to come back', async () => {
    gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, drain: { noticeMs: 0, spreadMs: 500 } } });
    const streams = await Promise.all(Array.from({ length: 20 }, () => streamOf(WATCH)));
    let open = streams.length;
    const seen: number[] = [];
    for (const { ended } of streams) void ended.then(() => seen.push(--open));
    const closed = gateway.server.close();
    await eventually(() => expect(seen.length).toBeGreaterThan(0));
    expect(seen.length).toBeLessThan(streams.length);
    const { status } = await fetch(`${gateway.httpUrl}?query=${encodeURIComponent(WATCH)}`, { headers: { accept: 'text/event-stream' } });
    expect(status).toBe(503);
    await closed;
    await Promise.all(streams.map(({ ended }) => ended));
    const waits = streams.map(({ text }) => Number(/: Going away: .*\nretry: (\d+)\n\n$/.exec(text())?.[1]));
    expect(new Set(waits).size).toBeGreaterThan(streams.length / 2);
    expect(Math.max(...waits)).toBeLessThan(1000);
  });

  it('is counted', async () => {
    gateway = await startTestGateway();
    gateway.push(listOf('dev', ['a']));
    const { text, response } = await streamOf(WATCH);
    await eventually(() => expect(text()).toContain('"revision":1'));
    const { text: metrics } = { text: await (await fetch(new URL('/metrics', gateway.httpUrl))).text() };
    expect(metrics).toMatch(/beckon_gateway_event_streams 1/);
    expect(metrics).toMatch(/beckon_gateway_pushed_lists_total 1/);
    expect(metrics).toMatch(/beckon_gateway_operations_total\{transport="sse",operation="recommendations",outcome="ok"\} 1/);
    response.destroy();
  });
});

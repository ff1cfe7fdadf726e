import { get } from 'node:http';
import { itemOf } from './support/fake-parts';
import { record, view, expectNoLeak, expectRefused, expectUnharmed } from './support/refusals';
import { startTestGateway, type Answer, type TestGateway } from './support/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  gateway.items.set('a', itemOf('a'));
});
afterAll(() => gateway.close());

describe('what is too large', () => {
  const tenMegabytes = 'x'.repeat(10 * 1024 * 1024);

  it('is refused over HTTP with 413 and a GraphQL error', async () => {
    const { status, answer } = await gateway.post(record({ ...view, id: tenMegabytes }));
    expect(status).toBe(413);
    await expectRefused(answer, 'BAD_INPUT', 'body', /larger than 1,048,576 bytes/);
  });

  it('closes a WebSocket with 1009, and disturbs no other', async () => {
    const other = await gateway.socket();
    const socket = await gateway.socket();
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.send(JSON.stringify({ type: 'connection_init', payload: { note: tenMegabytes } }));
    expect(await closed).toBe(1009);
    const acknowledged = new Promise<string>((resolve) => other.once('message', (data: Buffer) => resolve(data.toString())));
    other.send('{"type":"connection_init"}');
    expect(await acknowledged).toBe('{"type":"connection_ack"}');
  });
});

describe('what is no GraphQL request', () => {
  it.each([
    ['broken JSON', '{"query":', 400],
    ['JSON that is no object', '"hello"', 400],
    ['a batch of operations', '[{"query":"{ __typename }"}]', 400],
    ['no query', '{}', 400],
    ['variables that are no object', '{"query":"{ __typename }","variables":7}', 400],
  ])('%s', async (_name, body, expected) => {
    const { status, answer } = await gateway.post(body);
    expect(status).toBe(expected);
    expectNoLeak(answer);
    expect(answer.errors![0]!.extensions).toMatchObject({
      code: expect.stringMatching(/^BAD_(INPUT|REQUEST)$/) as string,
      retryable: false,
    });
  });

  it.each([
    ['POST', 400, 'BAD_INPUT', /WebSocket: open one at \/graphql with the sub-protocol graphql-transport-ws/],
    ['GET', 405, 'BAD_REQUEST', /GET requests only support query operations/],
  ] as const)('a subscription by %s, which is no fault of ours', async (method, expected, code, hint) => {
    const logged = jest.spyOn(gateway.deps.log, 'error');
    const query = 'subscription { recommendations { appliedThrough } }';
    const url = method === 'GET' ? `${gateway.httpUrl}?query=${encodeURIComponent(query)}` : gateway.httpUrl;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method, headers, ...(method === 'POST' && { body: JSON.stringify({ query }) }) });
    expect(response.status).toBe(expected);
    await expectRefused((await response.json()) as Answer, code, method === 'POST' ? 'query' : undefined, hint);
    expect(logged).not.toHaveBeenCalled();
    logged.mockRestore();
  });

  it('a request that a browser sends without asking first (CSRF)', async () => {
    const { status, answer } = await gateway.post('{"query":"{ __typename }"}', { 'content-type': 'text/plain' });
    expect(status).toBe(400);
    expectNoLeak(answer);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('%s is answered with what is allowed', async (method) => {
    const response = await fetch(`${gateway.httpUrl}?query={__typename}`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST, OPTIONS');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_INPUT', field: 'method' } }] });
  });

  it.each([
    ['a query by GET', '{__typename}', {}, 200],
    ['a query by GET from an image of another site', '{__typename}', { 'sec-fetch-mode': 'no-cors' }, 400],
    ['a link of another site', '{__typename}', { 'sec-fetch-mode': 'navigate' }, 400],
    ['a mutation by GET', 'mutation{eraseProfile{userId}}', {}, 405],
    ['a GET without a query', '', {}, 400],
  ])('%s', async (_name, text, headers, status) => {
    // fetch sets sec-fetch-mode itself, so this goes without it
    const answered = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      get(`${gateway.httpUrl}?query=${encodeURIComponent(text)}`, { headers }, (response) => {
        let body = '';
        response.on('data', (part: Buffer) => (body += part.toString()));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      }).once('error', reject);
    });
    expect(answered.status).toBe(status);
    expectNoLeak(JSON.parse(answered.body) as Answer);
  });

  it('a path that there is not', async () => {
    const response = await fetch(gateway.httpUrl.replace('/graphql', '/etc/passwd'));
    expect(response.status).toBe(404);
  });

  it.each([
    ['no JSON', 'hello', 4400],
    ['an unknown message', '{"type":"hack"}', 4400],
    ['an operation before connection_init', '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}', 4401],
  ])('%s on a WebSocket closes it with a code', async (_name, message, code) => {
    const socket = await gateway.socket();
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send(message);
    expect(await closed).toBe(code);
  });
});

describe('after all of that', () => {
  it('the gateway works and holds nothing', () => expectUnharmed(gateway));
});

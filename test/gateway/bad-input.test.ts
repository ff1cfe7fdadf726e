import { get } from 'node:http';
import { itemOf } from './support/fake-parts';
import { startTestGateway, type Answer, type ClientError, type Operation, type TestGateway } from './support/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  gateway.items.set('a', itemOf('a'));
});
afterAll(() => gateway.close());

const RECORD = 'mutation ($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { rejections { index code field message } } }';
const record = (...behaviours: unknown[]): Operation => ({ query: RECORD, variables: { b: behaviours } });
const recordRaw = (fields: string): string =>
  `{"query":${JSON.stringify(RECORD)},"variables":{"b":[{"type":"view","itemId":"a",${fields}}]}}`;
const view = { type: 'view', itemId: 'a' };
const query = (text: string, variables?: Record<string, unknown>): Operation => ({ query: text, ...(variables && { variables }) });
const many = <T>(count: number, of: T): T[] => Array.from({ length: count }, () => of);
const nested = (depth: number): string => `{ items { ${'edges { node { '.repeat(depth)} id ${'} }'.repeat(depth)} } }`;
const LONG = 'x'.repeat(200_000);

/** What never reaches a client: stacks, paths, addresses, and whole inputs quoted back. */
function expectNoLeak(answer: Answer): void {
  const text = JSON.stringify(answer);
  expect(text).not.toMatch(/ {4}at |node_modules|\.[jt]s:\d|\/(?:root|home|work|srv|usr|tmp)\/|rediss?:\/\/|127\.0\.0\.1|stacktrace/);
  expect(text.length).toBeLessThan(20_000);
}

async function expectRefused(answer: Answer, code: string, field: string | undefined, hint: RegExp): Promise<void> {
  expectNoLeak(answer);
  const [error] = answer.errors as [ClientError];
  expect(error.extensions).toMatchObject({ code, retryable: false });
  if (field !== undefined) expect(error.extensions.field).toBe(field);
  expect(error.message).toMatch(hint);
}

interface Refusal {
  readonly name: string;
  readonly operation: Operation;
  readonly code: string;
  readonly field?: string;
  readonly hint: RegExp;
}

const WHOLE_CALL: readonly Refusal[] = [
  {
    name: '10,000 behaviours',
    operation: record(...many(10_000, view)),
    code: 'BAD_INPUT',
    field: 'behaviours',
    hint: /between 1 and 1,000/,
  },
  { name: 'no behaviour', operation: record(), code: 'BAD_INPUT', field: 'behaviours', hint: /between 1 and 1,000/ },
  {
    name: 'a behaviour without a type',
    operation: record({ itemId: 'a' }),
    code: 'BAD_USER_INPUT',
    field: 'b[0]',
    hint: /"type" of required type "String!"/,
  },
  {
    name: 'a type that is a number',
    operation: record({ type: 7 }),
    code: 'BAD_USER_INPUT',
    field: 'b[0].type',
    hint: /String cannot represent/,
  },
  {
    name: 'NaN as text',
    operation: record({ ...view, value: 'NaN' }),
    code: 'BAD_USER_INPUT',
    field: 'b[0].value',
    hint: /Float cannot represent/,
  },
  {
    name: 'a time that is a number',
    operation: record({ ...view, at: 12 }),
    code: 'BAD_USER_INPUT',
    field: 'b[0].at',
    hint: /ISO 8601 text with a time zone/,
  },
  {
    name: 'an id that is an object',
    operation: record({ ...view, id: {} }),
    code: 'BAD_USER_INPUT',
    field: 'b[0].id',
    hint: /ID cannot represent/,
  },
  {
    name: 'a field that there is not',
    operation: record({ ...view, colour: 'red' }),
    code: 'BAD_USER_INPUT',
    field: 'b[0]',
    hint: /"colour" is not defined/,
  },
  { name: 'a variable left out', operation: query(RECORD), code: 'BAD_USER_INPUT', field: 'b', hint: /required type/ },
  {
    name: 'first of 0',
    operation: query('{ recommendations(first: 0) { surface } }'),
    code: 'BAD_INPUT',
    field: 'first',
    hint: /between 1 and 50/,
  },
  {
    name: 'first of 51',
    operation: query('{ popularItems(first: 51) { itemId } }'),
    code: 'BAD_INPUT',
    field: 'first',
    hint: /between 1 and 50/,
  },
  {
    name: 'first of minus one',
    operation: query('{ items(first: -1) { nodes { id } } }'),
    code: 'BAD_INPUT',
    field: 'first',
    hint: /between 1 and 50/,
  },
  {
    name: 'first beyond Int',
    operation: query('query ($n: Int!) { popularItems(first: $n) { itemId } }', { n: 1e12 }),
    code: 'BAD_USER_INPUT',
    field: 'n',
    hint: /Int cannot represent/,
  },
  {
    name: 'an unknown surface',
    operation: query('{ recommendations(surface: "moon") { surface } }'),
    code: 'BAD_INPUT',
    field: 'surface',
    hint: /known are home, product/,
  },
  {
    name: 'a user id with a space',
    operation: query('{ profile(userId: "a b") { seq } }'),
    code: 'BAD_INPUT',
    field: 'userId',
    hint: /128 printable characters/,
  },
  {
    name: 'a user id with a line break',
    operation: query('query ($u: ID) { profile(userId: $u) { seq } }', { u: 'a\nb' }),
    code: 'BAD_INPUT',
    field: 'userId',
    hint: /printable/,
  },
  {
    name: 'an item id of 200,000 characters',
    operation: query('query ($i: ID!) { item(id: $i) { id } }', { i: LONG }),
    code: 'BAD_INPUT',
    field: 'id',
    hint: /1 to 128/,
  },
  {
    name: 'an empty item id',
    operation: query('{ relatedItems(item: "") { itemId } }'),
    code: 'BAD_INPUT',
    field: 'item',
    hint: /1 to 128/,
  },
  {
    name: 'a long wrong enum value',
    operation: query('query ($w: PopularityWindow!) { popularItems(window: $w) { itemId } }', { w: LONG }),
    code: 'BAD_USER_INPUT',
    field: 'w',
    hint: /does not exist in "PopularityWindow"/,
  },
  {
    name: 'a long category',
    operation: query('query ($c: String) { items(category: $c) { nodes { id } } }', { c: LONG }),
    code: 'BAD_INPUT',
    field: 'category',
    hint: /between 1 and 128/,
  },
  {
    name: 'a cursor of our own making',
    operation: query('{ items(after: "abc") { nodes { id } } }'),
    code: 'BAD_INPUT',
    field: 'after',
    hint: /endCursor/,
  },
  {
    name: 'a malformed id among ids',
    operation: query('{ items(ids: ["a", "b c"]) { nodes { id } } }'),
    code: 'BAD_INPUT',
    field: 'ids[1]',
    hint: /printable/,
  },
  {
    name: '1,001 ids',
    operation: query('query ($i: [ID!]) { items(ids: $i) { nodes { id } } }', { i: many(1001, 'a') }),
    code: 'BAD_INPUT',
    field: 'ids',
    hint: /at most 1,000/,
  },
  {
    name: '10,000 items to hide',
    operation: query('mutation ($i: [ID!]!) { hideItems(ids: $i) { items { id } } }', { i: many(10_000, 'a') }),
    code: 'BAD_INPUT',
    field: 'ids',
    hint: /between 1 and 1,000/,
  },
  {
    name: 'a topic without a kind',
    operation: query('mutation { muteTopic(topic: "garden") { profile { seq } } }'),
    code: 'BAD_INPUT',
    field: 'topic',
    hint: /c: and a category/,
  },
  {
    name: 'a consent to something else',
    operation: query('mutation { setConsent(input: { purpose: "gender", granted: true, source: "x" }) { consent { permitted } } }'),
    code: 'BAD_INPUT',
    field: 'input.purpose',
    hint: /experiments, traits, or "trait:"/,
  },
  {
    name: 'a trait without a name',
    operation: query('mutation { rejectTrait(attribute: "") { profile { seq } } }'),
    code: 'BAD_INPUT',
    field: 'attribute',
    hint: /between 1 and 100/,
  },
  {
    name: 'a locale that is none',
    operation: query('mutation { updateProfile(input: { locale: "deutsch!" }) { profile { seq } } }'),
    code: 'BAD_INPUT',
    field: 'input.locale',
    hint: /BCP 47/,
  },
  {
    name: 'too many interests',
    operation: query('mutation ($t: [ID!]) { updateProfile(input: { declaredInterests: $t }) { profile { seq } } }', {
      t: many(101, 'c:x'),
    }),
    code: 'BAD_INPUT',
    field: 'input.declaredInterests',
    hint: /at most 100/,
  },
  {
    name: 'an unknown model',
    operation: query('mutation { trainModels(models: [MAGIC]) { jobs { id } } }'),
    code: 'GRAPHQL_VALIDATION_FAILED',
    hint: /"MAGIC" does not exist in "ModelName"/,
  },
  {
    name: 'an unknown field',
    operation: query('{ profile { secrets } }'),
    code: 'GRAPHQL_VALIDATION_FAILED',
    hint: /Cannot query field "secrets"/,
  },
  { name: 'a syntax error', operation: query('{ profile { '), code: 'GRAPHQL_PARSE_FAILED', hint: /Syntax Error/ },
  { name: 'a deep query', operation: query(nested(10)), code: 'GRAPHQL_VALIDATION_FAILED', hint: /./ },
  {
    name: 'too many fields at the top',
    operation: query(
      `{ ${many(21, 0)
        .map((_, n) => `a${n}: profile { seq }`)
        .join(' ')} }`,
    ),
    code: 'GRAPHQL_VALIDATION_FAILED',
    hint: /fields at the top is 21, at most 20/,
  },
  {
    name: 'too many aliases',
    operation: query(
      `{ profile { ${many(51, 0)
        .map((_, n) => `a${n}: seq`)
        .join(' ')} } }`,
    ),
    code: 'GRAPHQL_VALIDATION_FAILED',
    hint: /aliases is 51, at most 50/,
  },
  {
    name: 'a document of too many tokens',
    operation: query(`{ ${'__typename '.repeat(2100)} }`),
    code: 'GRAPHQL_PARSE_FAILED',
    hint: /more that 2000 tokens/,
  },
  {
    name: 'no such operation',
    operation: { query: 'query A { __typename } query B { __typename }', operationName: 'C' },
    code: 'OPERATION_RESOLUTION_FAILURE',
    hint: /./,
  },
];

describe.each(WHOLE_CALL)('$name', ({ operation, code, field, hint }) => {
  it('is refused over HTTP', async () => {
    const { answer } = await gateway.post(operation);
    await expectRefused(answer, code, field, hint);
  });
  it('is refused in the same way over WebSocket', async () => {
    const [answer] = await gateway.overSocket(operation);
    await expectRefused(answer!, code, field, hint);
  });
});

describe('depth', () => {
  it('is bounded also through fragments that multiply', async () => {
    const fragments = Array.from(
      { length: 12 },
      (_, n) => `fragment F${n} on ItemEdge { node { id } ${n < 11 ? `...F${n + 1} ...F${n + 1}` : ''} }`,
    );
    const { answer } = await gateway.post(query(`{ items { edges { ...F0 } } } ${fragments.join(' ')}`));
    await expectRefused(answer, 'GRAPHQL_VALIDATION_FAILED', undefined, /number of fields/);
  });

  it('lets the introspection of a standard client through', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const { answer } = await gateway.post(query(getIntrospectionQuery()));
    expect(answer.errors).toBeUndefined();
  });
});

describe('a bad behaviour in a batch', () => {
  const day = 86_400_000;
  it.each([
    ['an unknown type', { type: 'teleport', itemId: 'a' }, 'UNKNOWN_TYPE', 'type', /known are view, click/],
    ['a malformed id', { ...view, id: 'two words' }, 'INVALID_VALUE', 'id', /printable/],
    ['an empty id', { ...view, id: '' }, 'INVALID_VALUE', 'id', /1 to 128/],
    ['a long id', { ...view, id: LONG }, 'INVALID_VALUE', 'id', /1 to 128/],
    ['a malformed user id', { ...view, userId: 'a\tb' }, 'INVALID_VALUE', 'userId', /printable/],
    ['a malformed item id', { type: 'view', itemId: 'ä ö' }, 'INVALID_VALUE', 'itemId', /printable/],
    ['no item', { type: 'purchase' }, 'MISSING_FIELD', 'itemId', /needed/],
    ['no value for a rating', { type: 'rate', itemId: 'a' }, 'MISSING_FIELD', 'value', /from 1 to 5/],
    ['a rating out of range', { type: 'rate', itemId: 'a', value: 9 }, 'INVALID_VALUE', 'value', /from 1 to 5/],
    ['a negative price', { type: 'purchase', itemId: 'a', price: -1 }, 'INVALID_VALUE', 'price', /at least 0/],
    ['the year 1900', { ...view, at: '1900-01-01T00:00:00Z' }, 'TOO_LATE', 'at', /older/],
    ['the year 2300', { ...view, at: '2300-01-01T00:00:00Z' }, 'IN_THE_FUTURE', 'at', /future/],
    ['words for a time', { ...view, at: 'yesterday' }, 'INVALID_VALUE', 'at', /ISO 8601/],
    [
      'a time without a zone',
      { ...view, at: new Date(Date.UTC(2026, 0, 1) + day).toISOString().slice(0, -1) },
      'INVALID_VALUE',
      'at',
      /ISO 8601/,
    ],
    ['a long query', { type: 'search', query: LONG }, 'INVALID_VALUE', 'query', /at most 512/],
  ])('(%s) is rejected by index, the others are kept', async (_name, bad, code, field, hint) => {
    const { status, answer } = await gateway.post({
      query:
        'mutation ($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { recorded { index status } rejections { index code field message } } }',
      variables: { b: [view, bad, view] },
    });
    expectNoLeak(answer);
    expect(status).toBe(200);
    expect(answer).toEqual({
      data: {
        recordBehaviours: {
          recorded: [
            { index: 0, status: 'ACCEPTED' },
            { index: 2, status: 'ACCEPTED' },
          ],
          rejections: [{ index: 1, code, field, message: expect.stringMatching(hint) as string }],
        },
      },
    });
  });

  it.each([
    ['1e999 (read as Infinity)', '"value":1e999', 'b[0].value'],
    ['-1e999 (read as −Infinity)', '"price":-1e999', 'b[0].price'],
  ])('%s is refused with its field', async (_name, fields, field) => {
    const { answer } = await gateway.post(recordRaw(fields));
    await expectRefused(answer, 'BAD_USER_INPUT', field, /Float cannot represent non numeric value: -?Infinity/);
  });

  it('NaN is no JSON at all', async () => {
    const { status, answer } = await gateway.post(recordRaw('"value":NaN'));
    expect(status).toBe(400);
    await expectRefused(answer, 'BAD_INPUT', 'body', /not valid JSON/);
  });
});

describe('a bad item in a batch', () => {
  it('is rejected by index, the others are kept', async () => {
    const { answer } = await gateway.post({
      query: 'mutation ($i: [ItemInput!]!) { upsertItems(items: $i) { items { id } rejections { index code field message } } }',
      variables: {
        i: [
          { id: 'p', title: 'Pot' },
          { id: 'q', title: 'Tin', price: -1 },
          { id: 'r', title: 'Lamp', publishedAt: 'soon' },
        ],
      },
    });
    expect(answer).toEqual({
      data: {
        upsertItems: {
          items: [{ id: 'p' }],
          rejections: [
            { index: 1, code: 'INVALID_VALUE', field: 'price', message: 'must be at least 0' },
            { index: 2, code: 'INVALID_VALUE', field: 'publishedAt', message: 'must be an ISO 8601 time, of the years 1 to 9999' },
          ],
        },
      },
    });
  });
});

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
  it('the gateway works and holds nothing', async () => {
    const { answer } = await gateway.post(query('{ profile { seq } }'));
    expect(answer).toEqual({ data: { profile: { seq: 0 } } });
    expect(gateway.watching.size).toBe(0);
  });
});

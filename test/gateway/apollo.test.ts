import { fakeParts, listOf } from './support/fake-parts';
import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';

/** What Apollo Server does with what `prepare` has let through. What it lets through is in attacks.test.ts. */
describe('Apollo Server behind prepare', () => {
  let gateway: TestGateway;
  afterEach(() => gateway.close());

  it('runs the right document for each of many requests at once, whatever else runs', async () => {
    gateway = await startTestGateway();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, n) => gateway.post({ query: `{ f${n}: profile { userId } }` }, { 'x-beckon-user': `u${n}` })),
    );
    answers.forEach(({ answer }, n) => expect(answer).toEqual({ data: { [`f${n}`]: { userId: `u${n}` } } }));
  });

  it('takes the operation, the variables and the document of a GET as `prepare` read them', async () => {
    gateway = await startTestGateway();
    gateway.push(listOf('dev', ['a', 'b', 'c']));
    const parameters = new URLSearchParams({
      query: 'query A { profile { userId } } query B($n: Int!) { recommendations(first: $n) { items { itemId } } }',
      operationName: 'B',
      variables: '{"n":2}',
    });
    const response = await fetch(`${gateway.httpUrl}?${parameters.toString()}`);
    expect(await response.json()).toEqual({ data: { recommendations: { items: [{ itemId: 'a' }, { itemId: 'b' }] } } });
  });

  it.each([
    ['application/graphql-response+json', 400],
    ['application/json', 200],
    ['text/html;q=0.9, application/json;q=0.2, application/graphql-response+json;q=0.8', 400],
  ])('answers variables that do not fit to a client that accepts %s with %i', async (accept, status) => {
    gateway = await startTestGateway();
    const sent = { query: 'query ($n: Int!) { recommendations(first: $n) { surface } }', variables: { n: 'two' } };
    const answered = await gateway.post(sent, { accept });
    expect(answered.status).toBe(status);
    expect(answered.answer.errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(answered.headers.get('content-type')).toBe(
      `${accept.includes('response+json') ? 'application/graphql-response+json' : 'application/json'}; charset=utf-8`,
    );
    expect(answered.headers.get('cache-control')).toBe('no-store');
  });

  it('goes by the variables, not by what the same document was allowed before', async () => {
    const limits = { ...TEST_SETTINGS.limits, maxQueryCost: 100 };
    gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, limits } });
    gateway.push(listOf('dev', ['a']));
    const query = 'query ($n: Int!) { recommendations(first: $n) { items { itemId rank score } } }';
    const codes = await Promise.all(
      [1, 50, 2, 50].map(async (n) => (await gateway.post({ query, variables: { n } })).answer.errors?.[0]?.extensions.code),
    );
    expect(codes).toEqual([undefined, 'GRAPHQL_VALIDATION_FAILED', undefined, 'GRAPHQL_VALIDATION_FAILED']);
  });
});

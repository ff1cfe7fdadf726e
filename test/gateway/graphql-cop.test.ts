import { getIntrospectionQuery } from 'graphql';
import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';
import { fakeParts } from './support/fake-parts';

const many = (count: number, text: (n: number) => string): string => Array.from({ length: count }, (_, n) => text(n)).join(' ');
const CIRCLES = '{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } }';

interface Probed {
  readonly status: number;
  readonly text: string;
  readonly answer: { readonly data?: unknown; readonly errors?: readonly { readonly message: string; readonly extensions?: object }[] };
}

/**
 * The probes of graphql-cop, which no package registry has, as its documentation describes them, against a gateway as in production. One of
 * them finds what is meant to be: queries by GET are answered, as GraphQL over HTTP has them, to scripts and programs.
 */
describe('the probes of graphql-cop find nothing', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, introspection: false } });
  });
  afterAll(() => gateway.close());

  const ask = async (path: string, options: RequestInit): Promise<Probed> => {
    const response = await fetch(new URL(path, gateway.httpUrl), options);
    const text = await response.text();
    return { status: response.status, text, answer: JSON.parse(text) as Probed['answer'] };
  };
  const post = (body: unknown, type = 'application/json'): Promise<Probed> =>
    ask('/graphql', { method: 'POST', headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });

  it('alias overloading', async () => {
    expect((await post({ query: `query cop { ${many(101, (n) => `alias${n}: __typename`)} }` })).answer.data).toBeUndefined();
  });

  it('batches', async () => {
    const { status, answer } = await post(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' })));
    expect([status, Array.isArray(answer)]).toEqual([400, false]);
  });

  it('directive overloading: one error for each directive', async () => {
    expect((await post({ query: `query cop { __typename ${many(10, () => '@aa')} }` })).answer.errors!.length).toBeLessThan(10);
  });

  it('field duplication', async () => {
    expect((await post({ query: `query cop { ${many(500, () => '__typename')} }` })).answer.data).toBeUndefined();
  });

  it.each([
    ['introspection', getIntrospectionQuery()],
    ['circular introspection', CIRCLES],
  ])('%s', async (_name, query) => {
    expect((await post({ query })).answer.data).toBeUndefined();
  });

  it('suggestions', async () => {
    expect((await post({ query: 'query cop { __schema { directive } profil { seq } }' })).text).not.toContain('Did you mean');
  });

  it('mutations by GET', async () => {
    expect((await ask('/graphql?query=mutation%20cop%20%7B__typename%7D', {})).status).toBe(405);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])('forms of type %s', async (type) => {
    expect(await post('query=query%20cop%20%7B__typename%7D', type)).toMatchObject({ status: 400, answer: { errors: [{}] } });
  });

  it('nothing but queries by GET, which are answered', async () => {
    expect(await ask('/graphql?query=%7B__typename%7D', {})).toMatchObject({ status: 200, answer: { data: { __typename: 'Query' } } });
  });

  it.each(['/', '/graphiql', '/playground', '/console', '/graphql'])('a page to type queries into, at %s', async (path) => {
    const { text } = await ask(path, { headers: { accept: 'text/html' } });
    expect(text).not.toMatch(/<html|graphiql|playground|sandbox/i);
  });

  it('traces, and exceptions with where they were thrown', async () => {
    expect((await post({ query: 'query cop { __typename }' })).answer).toEqual({ data: { __typename: 'Query' } });
    const { answer, text } = await post({ query: 'qwerty cop { abc }' });
    expect(answer.errors![0]!.extensions).toEqual({ code: 'GRAPHQL_PARSE_FAILED', retryable: false });
    expect(text).not.toMatch(/exception|stacktrace/);
  });
});

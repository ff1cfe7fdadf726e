import { buildSchema, graphqlSync, GraphQLError, parse, validate } from 'graphql';
import { isVariableError, toClientError, withRequestCode } from '../../src/gateway/errors/to-client-error';
import { badInput, BeckonError } from '../../src/platform/errors';
import { createLog } from '../../src/platform/log';

const deps = { log: createLog('test', 'silent'), newId: () => 'c-1', showSchema: true };
const wrapped = (originalError: Error): GraphQLError => new GraphQLError(originalError.message, { originalError, path: ['profile'] });
const SECRET = 'redis://admin:hunter2@10.0.0.5:6379';

describe('toClientError', () => {
  it.each([
    [
      'a mistake with its field',
      badInput('first', 'first must be between 1 and 50'),
      { message: 'first must be between 1 and 50', extensions: { code: 'BAD_INPUT', field: 'first', retryable: false } },
    ],
    [
      'an overload with when to try again',
      new BeckonError('OVERLOADED', 'too much', { retryAfterMs: 250 }),
      { message: 'too much', extensions: { code: 'OVERLOADED', retryable: true, retryAfterMs: 250 } },
    ],
    [
      'a Beckon error under GraphQL’s wrapping, with its path',
      wrapped(new BeckonError('FORBIDDEN', 'no')),
      { message: 'no', path: ['profile'], extensions: { code: 'FORBIDDEN', retryable: false } },
    ],
    [
      'a Beckon error under two wrappings',
      wrapped(wrapped(new BeckonError('NOT_FOUND', 'none'))),
      { message: 'none', path: ['profile'], extensions: { code: 'NOT_FOUND', retryable: false } },
    ],
    [
      'Redis being away, without saying where it is',
      wrapped(new Error(`connect ECONNREFUSED ${SECRET}`)),
      {
        path: ['profile'],
        message: 'the store does not answer: try again',
        extensions: { code: 'UNAVAILABLE', retryable: true, retryAfterMs: 1000 },
      },
    ],
  ])('shows %s', (_name, error, expected) => {
    expect(toClientError(error, deps)).toEqual(expected);
  });

  it.each([
    ['an unknown error', new Error(`${SECRET} exploded at /srv/app/secret.ts`)],
    ['an unknown error under GraphQL’s wrapping', wrapped(new TypeError(`cannot read ${SECRET}`))],
    ['a Beckon error that is ours to mend', new BeckonError('INTERNAL', SECRET)],
    ['something thrown that is no error', SECRET],
    [
      'an unknown error with a code of its own',
      Object.assign(new Error(SECRET), { code: 'BAD_USER_INPUT', extensions: { code: 'BAD_USER_INPUT' } }),
    ],
    ['a null in a field that is never null', new GraphQLError(`Cannot return null for non-nullable field ${SECRET}`)],
  ])('hides %s behind a correlation id', (_name, error) => {
    const shown = toClientError(error, deps);
    expect(shown.extensions).toEqual({ code: 'INTERNAL', retryable: false, correlationId: 'c-1' });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|secret\.ts|10\.0\.0\.5/);
  });

  it('logs what it hides, under the id that it shows', () => {
    const lines: unknown[] = [];
    const log = createLog('test', 'silent');
    jest.spyOn(log, 'error').mockImplementation((line: unknown) => void lines.push(line));
    const error = new Error('details');
    toClientError(wrapped(error), { ...deps, log });
    expect(lines).toEqual([{ err: error, correlationId: 'c-1', path: ['profile'] }]);
  });

  const schema = buildSchema('type Query { list(first: Int): Int } input In { value: Float } extend type Query { put(in: [In!]!): Int }');

  it('keeps GraphQL’s own message and names the variable’s field', () => {
    const query = 'query ($in: [In!]!) { put(in: $in) }';
    const [error] = graphqlSync({ schema, source: query, variableValues: { in: [{ value: 1 }, { value: Infinity }] } }).errors!;
    expect(isVariableError(error!)).toBe(true);
    expect(toClientError(withRequestCode(error!, 'BAD_USER_INPUT'), deps)).toMatchObject({
      message: expect.stringContaining('Float cannot represent non numeric value') as string,
      extensions: { code: 'BAD_USER_INPUT', field: 'in[1].value', retryable: false },
    });
  });

  it('leaves suggestions out where the schema is not to be seen', () => {
    const [error] = validate(schema, parse('{ lisst }'));
    const coded = withRequestCode(error!, 'GRAPHQL_VALIDATION_FAILED');
    expect(toClientError(coded, deps).message).toBe('Cannot query field "lisst" on type "Query". Did you mean "list"?');
    expect(toClientError(coded, { ...deps, showSchema: false }).message).toBe('Cannot query field "lisst" on type "Query".');
  });

  it('cuts what was sent out of messages, and keeps the place and the rule', () => {
    const message = `Variable "$w" got invalid value "${'x'.repeat(900_000)}"; Value does not exist in "Window" enum.`;
    const shown = toClientError(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }), deps);
    expect(shown.message).toMatch(/^Variable "\$w" got invalid value "x+ … x+"; Value does not exist in "Window" enum\.$/);
    expect(shown.message).toHaveLength(503);
  });
});

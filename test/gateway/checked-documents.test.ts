import { buildSchema } from 'graphql';
import { CheckedDocuments } from '../../src/gateway/pipeline/checked-documents';
import { TEST_SETTINGS } from './support/test-gateway';

const documents = new CheckedDocuments(buildSchema('type Query { a: Int }'), TEST_SETTINGS);

it('parses a good document once', () => {
  expect(documents.check('{ a }')).toBe(documents.check('{ a }'));
});

it.each([
  ['does not parse', (n: number) => `{ a${n} `],
  ['does not fit the schema', (n: number) => `{ no${n} }`],
  ['is past the limits', (n: number) => `{ ${Array.from({ length: 60 }, (_, alias) => `n${n}x${alias}: a`).join(' ')} }`],
])('keeps none of many documents of which each %s', (_name, text) => {
  const own = new CheckedDocuments(buildSchema('type Query { a: Int }'), TEST_SETTINGS);
  for (let n = 0; n < 600; n++) expect(own.check(text(n)).ok).toBe(false);
  expect(own.size).toBe(0);
});

it('keeps at most 500 good documents', () => {
  const own = new CheckedDocuments(buildSchema('type Query { a: Int }'), TEST_SETTINGS);
  for (let n = 0; n < 600; n++) expect(own.check(`{ n${n}: a }`).ok).toBe(true);
  expect(own.size).toBe(500);
});

it('keeps no bad document', () => {
  expect(documents.check('{ b }')).toMatchObject({ ok: false });
  expect(documents.check('{ b }')).not.toBe(documents.check('{ b }'));
});

it('refuses a document past the limits before it is held against the schema', () => {
  const aliases = Array.from({ length: 200 }, (_, n) => `a${n}: nothing`).join(' ');
  const { errors } = documents.check(`{ ${aliases} }`) as { errors: readonly { message: string }[] };
  expect(errors.map(({ message }) => message).join()).not.toContain('Cannot query field');
});

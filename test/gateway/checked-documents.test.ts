import { buildSchema } from 'graphql';
import { CheckedDocuments } from '../../src/gateway/socket/checked-documents';
import { TEST_SETTINGS } from './support/test-gateway';

const documents = new CheckedDocuments(buildSchema('type Query { a: Int }'), TEST_SETTINGS);

it('parses a good document once', () => {
  expect(documents.check('{ a }')).toBe(documents.check('{ a }'));
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

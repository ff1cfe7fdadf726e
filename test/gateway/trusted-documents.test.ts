import { sha256, trustedDocuments } from '../../src/gateway/pipeline/trusted-documents';
import { readConfig } from '../../src/platform/config';

const TEXT = '{ profile { seq } }';
const only = true;

it.each([
  ['a map of hashes', { ['A'.repeat(64)]: TEXT }],
  ['a map of hashes that say how they were made', { [`sha256:${'a'.repeat(64)}`]: TEXT }],
  [
    'a manifest of Apollo',
    { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'a'.repeat(64), name: 'Own', type: 'query', body: TEXT }] },
  ],
])('reads %s, and knows each document by the hash of the file and by that of its text', (_name, file) => {
  const { byHash } = trustedDocuments(file, { only });
  expect(byHash.get('a'.repeat(64))).toBe(TEXT);
  expect(byHash.get(sha256(TEXT))).toBe(TEXT);
  expect(byHash.size).toBe(2);
});

it.each([
  ['a list', ['x'], /must be/],
  ['documents that are no text', { a: 7 }, /must be/],
  ['names that are no hashes', { own: TEXT }, /"own" is not the SHA-256/],
])('refuses %s', (_name, file, message) => {
  expect(() => trustedDocuments(file, { only })).toThrow(message);
});

it('a process that runs trusted documents only is given some', () => {
  expect(() => readConfig({ TRUSTED_DOCUMENTS_ONLY: 'true' })).toThrow(/TRUSTED_DOCUMENTS_ONLY needs TRUSTED_DOCUMENTS_FILE/);
});

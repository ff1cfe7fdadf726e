import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { parse, validate } from 'graphql';
import * as documents from '../../src/cli/documents';

const SCHEMA = resolve(__dirname, '../../schema');
const sdl = readdirSync(SCHEMA).map((file) => readFileSync(join(SCHEMA, file), 'utf8'));
const schema = makeExecutableSchema({ typeDefs: sdl });

it.each(Object.entries(documents))('%s is valid against the public schema', (_, document) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

import { buildSchema, getOperationAST, parse } from 'graphql';
import { operationCost } from '../../src/gateway/limits/document-cost';

const schema = buildSchema(`
  type Query { one: Thing, why: Thing, things(first: Int! = 20): [Thing!]!, page(first: Int! = 10): Page!, named(ids: [ID!]): [Thing!]! }
  type Mutation { put(things: [ID!]!): Page! }
  type Page { nodes: [Thing!]!, total: Int! }
  type Thing { id: ID!, why: ID, tags: [String!]!, parts: [Thing!]! }
`);

const costOf = (text: string, variables: Record<string, unknown> = {}): number => {
  const document = parse(text);
  return operationCost(document, getOperationAST(document)!, { schema, maxBatch: 1000 })(variables);
};

it.each([
  ['a field', '{ one { id } }', {}, 2],
  ['a list by its default', '{ things { id } }', {}, 21],
  ['a list by `first`', '{ things(first: 3) { id tags } }', {}, 7],
  ['a list by a variable', 'query ($n: Int!) { things(first: $n) { id } }', { n: 5 }, 6],
  ['a list by the default of a variable', 'query ($n: Int = 7) { things(first: $n) { id } }', {}, 8],
  ['a list beyond what is allowed, which is refused elsewhere', 'query ($n: Int!) { things(first: $n) { id } }', { n: 1e9 }, 51],
  ['a variable of a wrong type, which is refused elsewhere', 'query ($n: Int!) { things(first: $n) { id } }', { n: 'x' }, 11],
  ['a list below the field that says how long it is', '{ page(first: 4) { total nodes { id } } }', {}, 7],
  ['a list in a list, of which nobody says how long it is', '{ things(first: 2) { parts { id } } }', {}, 23],
  ['a fragment where it is used', '{ things(first: 2) { ...T } one { ...T } } fragment T on Thing { id tags }', {}, 8],
  ['an inline fragment', '{ things(first: 2) { ... on Thing { id } ... { tags } } }', {}, 5],
  ['what is sent, and what comes back of it', 'mutation ($t: [ID!]!) { put(things: $t) { nodes { id } } }', { t: ['a', 'b', 'c'] }, 8],
  ['what is sent as a literal', '{ named(ids: ["a", "b"]) { id } }', {}, 5],
  ['work for workers', '{ why { id } }', {}, 1002],
  ['a field of that name elsewhere', '{ one { why } }', {}, 2],
  ['a type name', '{ __typename }', {}, 1],
])('counts %s', (_name, text, variables, cost) => expect(costOf(text, variables)).toBe(cost));

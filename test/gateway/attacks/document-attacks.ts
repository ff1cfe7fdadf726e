import type { Transport, Wire } from './transports';

/** What is sent as an operation, alike on every transport, and the code that it is refused with. */
export interface DocumentAttack {
  readonly name: string;
  readonly sent: Wire;
  readonly refused: string | Readonly<Record<Transport, string>>;
}

const INVALID = 'GRAPHQL_VALIDATION_FAILED';
const PARSE = 'GRAPHQL_PARSE_FAILED';
const many = (count: number, text: (n: number) => string): string => Array.from({ length: count }, (_, n) => text(n)).join(' ');
const document = (query: string, variables?: Record<string, unknown>): Wire => ({ query, ...(variables && { variables }) });
/** Fragments of which each uses the next one twice: 2^depth times what the last one holds. */
const doubling = (depth: number, last: string): string =>
  `${many(depth, (n) => `fragment F${n} on Profile { ...F${n + 1} ...F${n + 1} }`)} fragment F${depth} on Profile { ${last} }`;
const RECORD = 'mutation ($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { users { seq } } }';
const record = (...b: unknown[]): Wire => document(RECORD, { b });
const view = { type: 'view', itemId: 'a' };
const WIDE = 'rank score itemId item { id title price tags } sources { model share } reason { code evidence { itemId type at share } }';
const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `i${n}`);
const repeated = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
/** A field whose name JSON.parse keeps and an object literal would not. */
const withPrototype = JSON.parse('{"type":"view","itemId":"a","__proto__":{"isAdmin":true}}') as unknown;

const TOO_LARGE: readonly DocumentAttack[] = [
  {
    name: 'nesting beyond the depth',
    sent: document(`{ profile ${many(13, () => '{ interests')} { x } ${'}'.repeat(13)} }`),
    refused: INVALID,
  },
  {
    name: 'depth through inline fragments',
    sent: document(`{ profile { ${many(13, () => '... on Profile { a: recent { item')} { id } ${'} }'.repeat(13)} } }`),
    refused: INVALID,
  },
  { name: 'many fields at the top', sent: document(`{ ${many(21, (n) => `f${n}: profile { seq }`)} }`), refused: INVALID },
  { name: 'many mutations in one', sent: document(`mutation { ${many(21, (n) => `m${n}: eraseProfile { userId }`)} }`), refused: INVALID },
  { name: 'the same field over and over', sent: document(`{ profile { ${'seq '.repeat(1001)} } }`), refused: INVALID },
  { name: 'a field repeated, to be compared with itself', sent: document(`{ profile { ${'seq '.repeat(500)} } }`), refused: INVALID },
  {
    name: 'fields repeated in repeated fields',
    sent: document(`{ profile { ${`recent { ${'item { id } '.repeat(15)} } `.repeat(15)} } }`),
    refused: INVALID,
  },
  {
    name: 'a field repeated through fragments',
    sent: document(`{ profile { ${many(30, (n) => `...F${n}`)} } } ${many(30, (n) => `fragment F${n} on Profile { seq }`)}`),
    refused: INVALID,
  },
  { name: 'fragments that double (billion laughs)', sent: document(`{ profile { ...F0 } } ${doubling(30, 'seq')}`), refused: INVALID },
  { name: 'aliases of one field', sent: document(`{ profile { ${many(51, (n) => `a${n}: seq`)} } }`), refused: INVALID },
  { name: 'aliases through fragments that double', sent: document(`{ profile { ...F0 } } ${doubling(6, 'a: seq')}`), refused: INVALID },
  { name: 'directives on one field', sent: document(`{ profile { seq ${'@include(if: true) '.repeat(51)} } }`), refused: INVALID },
  { name: 'unknown directives on one field', sent: document(`{ profile { seq ${many(51, (n) => `@d${n}`)} } }`), refused: INVALID },
  {
    name: 'directives through fragments that double',
    sent: document(`{ profile { ...F0 } } ${doubling(6, 'seq @include(if: true)')}`),
    refused: INVALID,
  },
  { name: 'directives on the operation', sent: document(`query ${many(51, (n) => `@d${n}`)} { profile { seq } }`), refused: INVALID },
  { name: 'more tokens than are read', sent: document(`{ ${'__typename '.repeat(2100)} }`), refused: PARSE },
  { name: 'brackets without end', sent: document(`{ profile(userId: ${'['.repeat(3000)}`), refused: PARSE },
  { name: 'a hundred thousand comments and no end', sent: document(`{ ${'#\n'.repeat(100_000)}`), refused: PARSE },
  { name: 'a fragment that holds itself', sent: document('{ profile { ...A } } fragment A on Profile { seq ...A }'), refused: INVALID },
  {
    name: 'fragments that hold each other',
    sent: document('{ profile { ...A } } fragment A on Profile { ...B } fragment B on Profile { ...A }'),
    refused: INVALID,
  },
  {
    name: 'a cost of long lists',
    sent: document(`{ ${many(20, (n) => `r${n}: recommendations(first: 50) { items { ${WIDE} } }`)} }`),
    refused: INVALID,
  },
  {
    name: 'a cost by a variable',
    sent: document(`query ($n: Int!) { ${many(20, (n) => `r${n}: recommendations(first: $n) { items { ${WIDE} } }`)} }`, { n: 50 }),
    refused: INVALID,
  },
  {
    name: 'a cost by lists that are sent',
    sent: document(`mutation ($i: [ID!]!) { ${many(20, (n) => `h${n}: hideItems(ids: $i) { items { id title text } }`)} }`, {
      i: ids(1000),
    }),
    refused: INVALID,
  },
];

const PROBES: readonly DocumentAttack[] = [
  { name: 'asking for the schema', sent: document('{ __schema { types { name } } }'), refused: INVALID },
  { name: 'asking for a type', sent: document('{ __type(name: "Query") { name } }'), refused: INVALID },
  { name: 'asking for the schema by another name', sent: document('{ a: __schema { b: types { c: name } } }'), refused: INVALID },
  {
    name: 'asking for the schema in a fragment',
    sent: document('{ ...Q } fragment Q on Query { __schema { queryType { name } } }'),
    refused: INVALID,
  },
  {
    name: 'asking for the schema in circles',
    sent: document(`{ __schema { types { fields { type ${many(8, () => '{ fields { type')} { name } ${'} }'.repeat(8)} } } } }`),
    refused: INVALID,
  },
  {
    name: 'asking for the schema beside something else',
    sent: document('{ profile { seq } __schema { types { name } } }'),
    refused: INVALID,
  },
  { name: 'guessing fields', sent: document('{ profil { seq } }'), refused: INVALID },
  { name: 'guessing arguments', sent: document('{ profile(user: "ann") { seq } }'), refused: INVALID },
  { name: 'guessing enum values', sent: document('mutation { trainModels(models: [POPULA]) { jobs { id } } }'), refused: INVALID },
  { name: 'the SDL of a federated service', sent: document('{ _service { sdl } }'), refused: INVALID },
];

const MALFORMED: readonly DocumentAttack[] = [
  { name: 'no document', sent: document(''), refused: 'BAD_REQUEST' },
  { name: 'a document of comments', sent: document('# nothing'), refused: PARSE },
  { name: 'a document that breaks off', sent: document('{ profile { '), refused: PARSE },
  { name: 'a document with a NUL', sent: document('{ profile { seq\u0000 } }'), refused: PARSE },
  { name: 'a type definition', sent: document('type Query { evil: String }'), refused: INVALID },
  { name: 'a fragment alone', sent: document('fragment A on Profile { seq }'), refused: INVALID },
  { name: 'two operations without names', sent: document('{ profile { seq } } { profile { userId } }'), refused: INVALID },
  {
    name: 'two operations and no choice',
    sent: document('query A { profile { seq } } query B { profile { seq } }'),
    refused: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    name: 'an operation that is not there',
    sent: { query: 'query A { profile { seq } }', operationName: 'B' },
    refused: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    name: 'two fields at the top of a subscription',
    sent: document('subscription { a: recommendations { appliedThrough } b: recommendations { appliedThrough } }'),
    refused: INVALID,
  },
  { name: 'a hash where none are known', sent: { query: '', documentId: 'a'.repeat(64) }, refused: 'PERSISTED_QUERY_NOT_SUPPORTED' },
];

const INPUTS: readonly DocumentAttack[] = [
  { name: 'a field of the prototype', sent: record(withPrototype), refused: 'BAD_USER_INPUT' },
  { name: 'an operator of a database for an id', sent: record({ ...view, id: { $ne: '' } }), refused: 'BAD_USER_INPUT' },
  { name: 'a field that there is not', sent: record({ ...view, isAdmin: true }), refused: 'BAD_USER_INPUT' },
  { name: 'null for what must be', sent: document(RECORD, { b: null }), refused: 'BAD_USER_INPUT' },
  { name: 'a variable left out', sent: document(RECORD), refused: 'BAD_USER_INPUT' },
  {
    name: 'a number beyond Int',
    sent: document('query ($n: Int!) { popularItems(first: $n) { itemId } }', { n: 2 ** 40 }),
    refused: 'BAD_USER_INPUT',
  },
  { name: 'a list of a million', sent: document('{ popularItems(first: 1000000) { itemId } }'), refused: 'BAD_INPUT' },
  { name: 'a batch of ten thousand', sent: record(...repeated(10_000, view)), refused: 'BAD_INPUT' },
  {
    name: 'line breaks in an id',
    sent: document('query ($u: ID) { profile(userId: $u) { seq } }', { u: 'bob\r\nDEL *' }),
    refused: 'BAD_INPUT',
  },
  {
    name: 'an id without end',
    sent: document('query ($i: ID!) { item(id: $i) { id } }', { i: 'x'.repeat(200_000) }),
    refused: 'BAD_INPUT',
  },
  { name: 'a way out of a folder', sent: document('{ recommendations(surface: "../../etc/passwd") { surface } }'), refused: 'BAD_INPUT' },
  { name: 'a cursor of one’s own making', sent: document('{ items(after: "bm90aGluZw") { nodes { id } } }'), refused: 'BAD_INPUT' },
];

const OTHERS: readonly DocumentAttack[] = [
  { name: 'somebody else’s profile', sent: document('{ profile(userId: "ann") { seq } }'), refused: 'FORBIDDEN' },
  { name: 'somebody else’s export', sent: document('{ profileExport(userId: "ann") { profile { seq } } }'), refused: 'FORBIDDEN' },
  { name: 'somebody else’s list', sent: document('{ recommendations(userId: "ann") { surface } }'), refused: 'FORBIDDEN' },
  {
    name: 'watching somebody else',
    sent: document('subscription { recommendations(userId: "ann") { appliedThrough } }'),
    refused: { http: 'BAD_INPUT', ws: 'FORBIDDEN', sse: 'FORBIDDEN' }, // over HTTP nobody is watched at all
  },
  { name: 'recording for somebody else', sent: record({ ...view, userId: 'ann' }), refused: 'FORBIDDEN' },
  {
    name: 'editing somebody else',
    sent: document('mutation { updateProfile(input: { userId: "ann", locale: "de" }) { profile { seq } } }'),
    refused: 'FORBIDDEN',
  },
  { name: 'erasing somebody else', sent: document('mutation { eraseProfile(userId: "ann") { userId } }'), refused: 'FORBIDDEN' },
  {
    name: 'taking over somebody else’s history',
    sent: document('mutation { mergeProfile(anonymousId: "anon-1", userId: "ann") { profile { seq } } }'),
    refused: 'FORBIDDEN',
  },
  { name: 'hiding items', sent: document('mutation { hideItems(ids: ["a"]) { items { id } } }'), refused: 'FORBIDDEN' },
  {
    name: 'putting items',
    sent: document('mutation { upsertItems(items: [{ id: "x", title: "X" }]) { items { id } } }'),
    refused: 'FORBIDDEN',
  },
  { name: 'reading the models', sent: document('{ models { name } }'), refused: 'FORBIDDEN' },
  { name: 'reading the metrics', sent: document('{ metrics { name } }'), refused: 'FORBIDDEN' },
  {
    name: 'rolling a model back',
    sent: document('mutation { rollbackModel(model: EASE, version: "v1") { model { name } } }'),
    refused: 'FORBIDDEN',
  },
  { name: 'starting a training', sent: document('mutation { trainModels { jobs { id } } }'), refused: 'FORBIDDEN' },
];

/** By a user without scopes, against a gateway as it is in production. */
export const DOCUMENT_ATTACKS: readonly DocumentAttack[] = [...TOO_LARGE, ...PROBES, ...MALFORMED, ...INPUTS, ...OTHERS];

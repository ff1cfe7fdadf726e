import { itemOf } from './support/fake-parts';
import { RECORD, record, view, query, many, nested, LONG, expectRefused, expectUnharmed } from './support/refusals';
import { startTestGateway, type Operation, type TestGateway } from './support/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  gateway.items.set('a', itemOf('a'));
});
afterAll(() => gateway.close());

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

describe('after all of that', () => {
  it('the gateway works and holds nothing', () => expectUnharmed(gateway));
});

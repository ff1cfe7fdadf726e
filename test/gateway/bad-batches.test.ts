import { itemOf } from './support/fake-parts';
import { recordRaw, view, LONG, expectNoLeak, expectRefused, expectUnharmed } from './support/refusals';
import { startTestGateway, type TestGateway } from './support/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  gateway.items.set('a', itemOf('a'));
});
afterAll(() => gateway.close());

describe('a bad behaviour in a batch', () => {
  const day = 86_400_000;
  it.each([
    ['an unknown type', { type: 'teleport', itemId: 'a' }, 'UNKNOWN_TYPE', 'type', /known are view, click/],
    ['a malformed id', { ...view, id: 'two words' }, 'INVALID_VALUE', 'id', /printable/],
    ['an empty id', { ...view, id: '' }, 'INVALID_VALUE', 'id', /1 to 128/],
    ['a long id', { ...view, id: LONG }, 'INVALID_VALUE', 'id', /1 to 128/],
    ['a malformed user id', { ...view, userId: 'a\tb' }, 'INVALID_VALUE', 'userId', /printable/],
    ['a malformed item id', { type: 'view', itemId: 'ä ö' }, 'INVALID_VALUE', 'itemId', /printable/],
    ['no item', { type: 'purchase' }, 'MISSING_FIELD', 'itemId', /needed/],
    ['no value for a rating', { type: 'rate', itemId: 'a' }, 'MISSING_FIELD', 'value', /from 1 to 5/],
    ['a rating out of range', { type: 'rate', itemId: 'a', value: 9 }, 'INVALID_VALUE', 'value', /from 1 to 5/],
    ['a negative price', { type: 'purchase', itemId: 'a', price: -1 }, 'INVALID_VALUE', 'price', /at least 0/],
    ['the year 1900', { ...view, at: '1900-01-01T00:00:00Z' }, 'TOO_LATE', 'at', /older/],
    ['the year 2300', { ...view, at: '2300-01-01T00:00:00Z' }, 'IN_THE_FUTURE', 'at', /future/],
    ['words for a time', { ...view, at: 'yesterday' }, 'INVALID_VALUE', 'at', /ISO 8601/],
    [
      'a time without a zone',
      { ...view, at: new Date(Date.UTC(2026, 0, 1) + day).toISOString().slice(0, -1) },
      'INVALID_VALUE',
      'at',
      /ISO 8601/,
    ],
    ['a long query', { type: 'search', query: LONG }, 'INVALID_VALUE', 'query', /at most 512/],
  ])('(%s) is rejected by index, the others are kept', async (_name, bad, code, field, hint) => {
    const { status, answer } = await gateway.post({
      query:
        'mutation ($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { recorded { index status } rejections { index code field message } } }',
      variables: { b: [view, bad, view] },
    });
    expectNoLeak(answer);
    expect(status).toBe(200);
    expect(answer).toEqual({
      data: {
        recordBehaviours: {
          recorded: [
            { index: 0, status: 'ACCEPTED' },
            { index: 2, status: 'ACCEPTED' },
          ],
          rejections: [{ index: 1, code, field, message: expect.stringMatching(hint) as string }],
        },
      },
    });
  });

  it.each([
    ['1e999 (read as Infinity)', '"value":1e999', 'b[0].value'],
    ['-1e999 (read as −Infinity)', '"price":-1e999', 'b[0].price'],
  ])('%s is refused with its field', async (_name, fields, field) => {
    const { answer } = await gateway.post(recordRaw(fields));
    await expectRefused(answer, 'BAD_USER_INPUT', field, /Float cannot represent non numeric value: -?Infinity/);
  });

  it('NaN is no JSON at all', async () => {
    const { status, answer } = await gateway.post(recordRaw('"value":NaN'));
    expect(status).toBe(400);
    await expectRefused(answer, 'BAD_INPUT', 'body', /not valid JSON/);
  });
});

describe('a bad item in a batch', () => {
  it('is rejected by index, the others are kept', async () => {
    const { answer } = await gateway.post({
      query: 'mutation ($i: [ItemInput!]!) { upsertItems(items: $i) { items { id } rejections { index code field message } } }',
      variables: {
        i: [
          { id: 'p', title: 'Pot' },
          { id: 'q', title: 'Tin', price: -1 },
          { id: 'r', title: 'Lamp', publishedAt: 'soon' },
        ],
      },
    });
    expect(answer).toEqual({
      data: {
        upsertItems: {
          items: [{ id: 'p' }],
          rejections: [
            { index: 1, code: 'INVALID_VALUE', field: 'price', message: 'must be at least 0' },
            { index: 2, code: 'INVALID_VALUE', field: 'publishedAt', message: 'must be an ISO 8601 time, of the years 1 to 9999' },
          ],
        },
      },
    });
  });
});

describe('after all of that', () => {
  it('the gateway works and holds nothing', () => expectUnharmed(gateway));
});

import { guessBehaviourMapping, parseBehaviourMapping, toBehaviour } from '../../src/datasets/behaviour-mapping';
import { parseItemMapping, toItem } from '../../src/datasets/item-mapping';
import { formatOf, inTimeOrder, readAll, readBehaviours, readItems } from '../../src/datasets/read-table';
import { collect, Files } from './files';

const files = new Files();
afterAll(() => files.remove());

describe('toBehaviour', () => {
  const mapping = { userId: 'who', itemId: 'what.sku', at: 'when', type: 'event', value: 'stars', quantity: 'n', price: 'price' };

  it('reads columns, nested fields and numbers that are text', () => {
    const record = { who: 7, what: { sku: 'A1' }, when: '2010-12-01 08:26:00', event: 'purchase', n: '6', price: 2.55 };
    expect(toBehaviour(record, mapping)).toEqual({
      userId: '7',
      itemId: 'A1',
      type: 'purchase',
      at: Date.UTC(2010, 11, 1, 8, 26),
      quantity: 6,
      price: 2.55,
    });
  });

  it.each([
    [{ stars: 4 }, 'rate'],
    [{}, 'view'],
    [{ event: '' }, 'view'],
  ])('gives %j its built-in type', (extra, type) => {
    expect(toBehaviour({ who: 'u', what: { sku: 'i' }, when: 1_000_000_000, ...extra }, mapping).type).toBe(type);
  });

  it.each([
    [881_250_949, 881_250_949_000], // seconds
    ['1592336718.5', 1_592_336_718_500],
    [1_592_336_718_500, 1_592_336_718_500], // milliseconds
    ['2020-02-29', Date.UTC(2020, 1, 29)],
    ['2020-02-29T10:00:00+02:00', Date.UTC(2020, 1, 29, 8)],
  ])('reads the time %p', (when, at) => {
    expect(toBehaviour({ who: 'u', what: { sku: 'i' }, when }, mapping).at).toBe(at);
  });

  it.each([
    [{ who: '' }, 'who: is missing'],
    [{ who: {} }, 'who: "{}" is not text'],
    [{ what: 5 }, 'what.sku: is missing'],
    [{ when: 'yesterday' }, 'when: "yesterday" is neither epoch seconds, epoch milliseconds nor an ISO 8601 date'],
    [{ when: '2020-13-45' }, 'when: "2020-13-45" is neither epoch seconds, epoch milliseconds nor an ISO 8601 date'],
    [{ when: '1900-01-01' }, 'when: "1900-01-01" is not between the years 1970 and 2200'],
    [{ when: '2300-01-01' }, 'when: "2300-01-01" is not between the years 1970 and 2200'],
    [{ stars: 'NaN' }, 'stars: "NaN" is not a finite number'],
    [{ stars: '1e999' }, 'stars: "1e999" is not a finite number'],
    [{ price: true }, 'price: "true" is not a finite number'],
  ])('refuses %j', (wrong, reason) => {
    expect(() => toBehaviour({ who: 'u', what: { sku: 'i' }, when: 1, ...wrong }, mapping)).toThrow(reason);
  });
});

describe('mappings from a command line', () => {
  it('reads assignments and a fixed type', () => {
    expect(parseBehaviourMapping('userId=CustomerID, itemId=StockCode,at=InvoiceDate,type:=purchase')).toEqual({
      userId: 'CustomerID',
      itemId: 'StockCode',
      at: 'InvoiceDate',
      defaultType: 'purchase',
    });
    expect(parseItemMapping('id=sku,title=name')).toEqual({ id: 'sku', title: 'name' });
  });

  it.each(['userId', 'userId=a', 'userId=a,itemId=b,at=c,colour=d', 'userId:=a,itemId=b,at=c'])('refuses %j', (text) => {
    expect(() => parseBehaviourMapping(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', field: 'mapping' }) as Error);
  });

  it('guesses from common names and says what it cannot tell', () => {
    expect(guessBehaviourMapping(['user_id', 'item_id', 'rating', 'timestamp'])).toEqual({
      userId: 'user_id',
      itemId: 'item_id',
      at: 'timestamp',
      value: 'rating',
    });
    expect(() => guessBehaviourMapping(['a', 'b'])).toThrow('cannot tell user, item and time among the columns a, b');
  });
});

describe('toItem', () => {
  it('reads every part and cuts lists', () => {
    const mapping = parseItemMapping('id=sku,title=name,categories=path,tags=labels,price=cost,publishedAt=since,text=about');
    const record = { sku: 'A', name: 'Lamp', path: 'home|home/light', labels: ['new', ' '], cost: '9.5', since: '2020-01-01' };
    expect(toItem(record, mapping)).toEqual({
      id: 'A',
      title: 'Lamp',
      categories: ['home', 'home/light'],
      tags: ['new'],
      price: 9.5,
      publishedAt: Date.UTC(2020, 0, 1),
    });
  });

  it('titles an item by its id when there is nothing better', () => {
    expect(toItem({ sku: 'A' }, { id: 'sku' })).toEqual({ id: 'A', title: 'A', categories: [], tags: [] });
  });
});

describe('tables', () => {
  it.each([
    ['x/a.inter.gz', 'atomic'],
    ['a.CSV', 'csv'],
    ['a.tsv.gz', 'tsv'],
    ['a.ndjson', 'jsonl'],
  ])('tells the format of %s', (path, format) => expect(formatOf(path)).toBe(format));

  it('cannot tell the format of a name without extension', () => {
    expect(() => formatOf('data.gz')).toThrow('cannot tell the format');
  });

  it('maps behaviours of a file, in its order, with bad ones at their lines', async () => {
    const path = files.write(
      'events.jsonl',
      '{"user":"u","item":"i","at":2000}\n{"user":"u","at":1}\n{"user":"u","item":"j","at":1000,"rating":5}\n',
    );
    const rows = await collect(readBehaviours({ path }));
    expect(rows).toEqual([
      { line: 1, record: { userId: 'u', itemId: 'i', type: 'view', at: 2_000_000 } },
      { line: 2, reason: 'item: is missing' },
      { line: 3, record: { userId: 'u', itemId: 'j', type: 'view', at: 1_000_000 } },
    ]);
    const { records, rejected } = await readAll(readBehaviours({ path }));
    expect(rejected).toBe(1);
    expect(inTimeOrder(records).map(({ itemId }) => itemId)).toEqual(['j', 'i']);
  });

  it('maps items of a file', async () => {
    const path = files.write('items.csv', 'sku,name\nA,Lamp\n,Nothing\n');
    expect(await collect(readItems({ path, mapping: { id: 'sku', title: 'name' } }))).toEqual([
      { line: 2, record: { id: 'A', title: 'Lamp', categories: [], tags: [] } },
      { line: 3, reason: 'sku: is missing' },
    ]);
  });
});

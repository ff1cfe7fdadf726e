import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_DATA_DIR, openDataset } from '../../src/datasets/dataset';
import { readRetailBaskets, readRetailBehaviours, readRetailItems } from '../../src/datasets/online-retail';
import { collect, Files } from './files';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const LINES = [
  '1001,85123a,"LANTERN,  WHITE",6,2010-12-01 08:26:00,2.5,17850,United Kingdom',
  '1001,71053,METAL LANTERN,2,2010-12-01 08:26:00,3.39,17850,United Kingdom',
  '1001,85123A,LANTERN,1,2010-12-01 08:26:00,2.7,17850,United Kingdom', // the same item again
  '1001,POST,POSTAGE,1,2010-12-01 08:26:00,18,17850,United Kingdom', // not goods
  '1002,85123A,LANTERN,3,2010-12-01 09:00:00,2.9,,France', // nobody's
  'C1003,85123A,LANTERN,-6,2010-12-02 10:00:00,2.5,17850,United Kingdom', // taken back
  'C1004,85123A,LANTERN,-3,2010-12-02 10:00:00,2.9,,France', // nobody's, taken back
  '1005,22139,,56,2010-12-03 11:00:00,0,,United Kingdom', // a correction of the stock
  '1006,22139,TEAPOT,one,2010-12-03 11:00:00,4.25,17851,United Kingdom',
  '1007,22139,,1,2010-12-03 11:01:00,4.25,17851,United Kingdom',
  '1007,71053,METAL LANTERN,1,2010-12-03 11:01:00,3.39,17851,United Kingdom',
];

const files = new Files();
afterAll(() => files.remove());
const dir = dirname(files.gzip('online-retail.csv.gz', [HEADER, ...LINES].join('\n')));
const badLine = { line: 10, reason: 'Quantity: "one" is not a finite number' };

describe('online-retail', () => {
  it('tells sales as purchases and cancellations as the opposite; anonymous invoices are users of their own', async () => {
    const day = (date: number, hour: number, minute: number): number => Date.UTC(2010, 11, date, hour, minute);
    const purchase = { type: 'purchase', userId: '17850', at: day(1, 8, 26) };
    expect(await collect(readRetailBehaviours(dir))).toEqual([
      { line: 2, record: { ...purchase, itemId: '85123A', quantity: 6, price: 2.5 } },
      { line: 3, record: { ...purchase, itemId: '71053', quantity: 2, price: 3.39 } },
      { line: 4, record: { ...purchase, itemId: '85123A', quantity: 1, price: 2.7 } },
      { line: 6, record: { ...purchase, userId: 'invoice-1002', itemId: '85123A', at: day(1, 9, 0), quantity: 3, price: 2.9 } },
      { line: 7, record: { userId: '17850', itemId: '85123A', type: 'remove_from_cart', at: day(2, 10, 0), quantity: 6, price: 2.5 } },
      badLine,
      { line: 11, record: { ...purchase, userId: '17851', itemId: '22139', at: day(3, 11, 1), quantity: 1, price: 4.25 } },
      { line: 12, record: { ...purchase, userId: '17851', itemId: '71053', at: day(3, 11, 1), quantity: 1, price: 3.39 } },
    ]);
  });

  it('goes on after a line', async () => {
    expect((await collect(readRetailBehaviours(dir, { after: 10 }))).map(({ line }) => line)).toEqual([11, 12]);
    expect((await collect(readRetailItems(dir, { after: 3 }))).map(({ line }) => line)).toEqual([10, 11]);
  });

  it('gives each item its most frequent description and its median price, with the bad lines in their places', async () => {
    const item = { categories: [], tags: [], currency: 'GBP' };
    expect(await collect(readRetailItems(dir))).toEqual([
      { line: 2, record: { ...item, id: '85123A', title: 'LANTERN', price: 2.7 } },
      { line: 3, record: { ...item, id: '71053', title: 'METAL LANTERN', price: 3.39 } },
      badLine,
      { line: 11, record: { ...item, id: '22139', title: '22139', price: 4.25 } },
    ]);
  });

  it('makes a basket of what a customer bought with one invoice', async () => {
    expect(await readRetailBaskets(dir)).toEqual({
      baskets: [
        { userId: '17850', at: Date.UTC(2010, 11, 1, 8, 26), itemIds: ['85123A', '71053'] },
        { userId: '17851', at: Date.UTC(2010, 11, 3, 11, 1), itemIds: ['22139', '71053'] },
      ],
      rejected: 1,
    });
  });
});

const real = join(DEFAULT_DATA_DIR, 'online-retail');
const present = existsSync(real);
if (!present) process.stderr.write(`left out: online-retail on real data, because ${real} is not there\n`);
/** Registers a test where the data set is. */
const onRealData = (name: string, test: () => Promise<void>): void => {
  if (present) it(name, test, 60_000);
};

onRealData('reads the last 100,000 real lines, none rejected', async () => {
  const counts: Record<string, number> = {};
  for await (const row of (await openDataset('online-retail')).behaviours({ after: 441_910 })) {
    const kind = 'reason' in row ? 'bad' : row.record.type;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  expect(counts).toEqual({ purchase: 98_166, remove_from_cart: 1_158 });
});

onRealData('reads the real baskets', async () => {
  const { baskets, rejected } = await readRetailBaskets(real);
  expect([baskets.length, rejected, new Set(baskets.flatMap(({ itemIds }) => itemIds)).size]).toEqual([18_402, 0, 3_659]);
});

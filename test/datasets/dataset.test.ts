import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_DATA_DIR, openDataset, readSessions } from '../../src/datasets/dataset';
import { readAll } from '../../src/datasets/read-table';
import { collect, Files } from './files';

const files = new Files();
afterAll(() => files.remove());

const present = existsSync(join(DEFAULT_DATA_DIR, 'ml-100k'));
if (!present) process.stderr.write(`left out: tests on real data, because ${DEFAULT_DATA_DIR} is not there\n`);
const onRealData = (name: string, tests: () => void): void => {
  if (present) describe(name, tests);
};

describe('openDataset', () => {
  it('reads any folder with one .inter and one .item file', async () => {
    const dir = dirname(files.write('a.inter', 'user_id:token\titem_id:token\ttimestamp:float\nu\ti\t1000000000\n'));
    files.gzip('a.item.gz', 'item_id:token\ttitle:token_seq\ni\tA  lamp\nj\t\n');
    const dataset = await openDataset(dir);
    expect(await collect(dataset.behaviours())).toEqual([{ line: 2, record: { userId: 'u', itemId: 'i', type: 'view', at: 1e12 } }]);
    expect((await readAll(dataset.items())).records).toEqual([
      { id: 'i', title: 'A lamp', categories: [], tags: [] },
      { id: 'j', title: 'j', categories: [], tags: [] },
    ]);
  });

  it('refuses a folder that is not there, without saying where it looked', async () => {
    await expect(openDataset('nowhere', '/some/secret')).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'dataset' });
    await expect(openDataset('nowhere', '/some/secret')).rejects.not.toThrow('secret');
  });
});

onRealData('the data sets of this project', () => {
  it.each([
    ['ml-100k', 100_000, 1682],
    ['serenade-toy', 113_601, 0],
  ])('reads %s whole: %i behaviours, %i items, none rejected', async (name, behaviours, items) => {
    const dataset = await openDataset(name);
    const read = await countRows(dataset.behaviours());
    expect(read).toEqual({ good: behaviours, bad: 0 });
    expect(await countRows(dataset.items())).toEqual({ good: items, bad: 0 });
  });

  it.each([
    ['ncf-ml-1m', 3706, { userId: '0', itemId: '0', type: 'rate', at: Date.UTC(2000, 3, 25, 0, 0, 1), value: 5 }],
    ['sasrec-ml-1m', 3416, { userId: '1', itemId: '1', type: 'view', at: Date.UTC(2000, 3, 25, 0, 0, 1) }],
  ])('reads the items and the first behaviour of %s', async (name, items, first) => {
    const dataset = await openDataset(name);
    expect(await countRows(dataset.items())).toEqual({ good: items, bad: 0 });
    for await (const row of dataset.behaviours()) {
      expect(row).toEqual({ line: 1, record: first });
      break;
    }
  });

  it('reads a film of ml-100k with title, genres and year', async () => {
    const { records } = await readAll((await openDataset('ml-100k')).items());
    expect(records[0]).toEqual({ id: '1', title: 'Toy Story', categories: ['Animation', "Children's", 'Comedy'], tags: ['1995'] });
  });

  it('reads the parts of serenade-toy', async () => {
    expect(await countRows(readSessions(join(DEFAULT_DATA_DIR, 'serenade-toy'), 'test'))).toEqual({ good: 1233, bad: 0 });
    expect(await countRows(readSessions(join(DEFAULT_DATA_DIR, 'serenade-toy'), 'valid'))).toEqual({ good: 1451, bad: 0 });
  });
});

async function countRows(rows: AsyncIterable<object>): Promise<{ good: number; bad: number }> {
  const counts = { good: 0, bad: 0 };
  for await (const row of rows) counts['reason' in row ? 'bad' : 'good']++;
  return counts;
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_DATA_DIR, openDataset } from '../../src/datasets/dataset';
import { readBanditBehaviours, readBanditItems, readImpressions } from '../../src/datasets/open-bandit';
import { readAll } from '../../src/datasets/read-table';
import { collect, Files } from './files';

const affinity = Array.from({ length: 34 }, (_, item) => (item === 3 ? 1.0 : 0.0));
const columns = ['timestamp,item_id,position,click,propensity_score', ...[0, 1, 2, 3].map((k) => `user_feature_${k}`)];
const header = ['', ...columns, ...affinity.map((_, item) => `user-item_affinity_${item}`)].join(',');
const features = ['cef3390ed299', '2d03db5543b1', 'c2e4f76cdbab', 'c39b0c7dd5d4'];
const line = (start: string): string => [start, ...features, ...affinity].join(',');

const files = new Files();
afterAll(() => files.remove());
const dir = dirname(
  files.gzip(
    'random.csv.gz',
    [
      header,
      line('0,2019-11-24 00:03:13.442536+00:00,14,3,0,0.029411764705882353'),
      line('1,2019-11-24 00:03:36+00:00,33,1,1,0.03'),
      line('2,2019-11-24 00:04:00+00:00,34,1,0,0.03'),
      line('3,2019-11-24 00:04:00+00:00,1,0,0,0.03'),
      line('4,2019-11-24 00:04:00+00:00,1,1,0,0'),
      line('5,2019-11-24 00:04:00+00:00,1,1,0.5,0.1'),
      line('6,2019-11-24 00:04:00+00:00,1,1,,0.1'),
    ].join('\n'),
  ),
);
files.gzip(
  'item_context.csv.gz',
  ',item_id,item_feature_0,item_feature_1,item_feature_2,item_feature_3\n0,7,-0.6,aa,bb,\n1,99,1,aa,bb,cc\n',
);

const BAD = [
  { line: 4, reason: 'item_id: 34 is not from 0 to 33' },
  { line: 5, reason: 'position: 0 is not from 1 to 3' },
  { line: 6, reason: 'propensity_score: must be above 0: what was shown could be chosen' },
  { line: 7, reason: 'click: 0.5 is not a whole number' },
  { line: 8, reason: 'click: is missing' },
];

describe('open-bandit-men', () => {
  it('reads impressions with propensities, positions from 0, and says what is wrong with a line', async () => {
    const rows = await collect(readImpressions(dir, 'random'));
    const record = { item: 14, position: 2, clicked: false, propensity: 1 / 34, userFeatures: features, affinities: affinity };
    expect(rows[0]).toEqual({ line: 2, record: { ...record, at: Date.parse('2019-11-24T00:03:13.442Z') } });
    expect(rows[1]).toMatchObject({ line: 3, record: { item: 33, position: 0, clicked: true, propensity: 0.03 } });
    expect(rows.slice(2)).toEqual(BAD);
  });

  it('tells clicks and impressions of segments', async () => {
    const userId = 'segment-cef3390e-2d03db55-c2e4f76c-c39b0c7d';
    expect((await collect(readBanditBehaviours(dir))).slice(0, 2)).toEqual([
      { line: 2, record: { userId, itemId: '14', type: 'impression', at: Date.parse('2019-11-24T00:03:13.442Z') } },
      { line: 3, record: { userId, itemId: '33', type: 'click', at: Date.parse('2019-11-24T00:03:36Z') } },
    ]);
  });

  it('tells the items by number, with the features that can be compared', async () => {
    expect(await collect(readBanditItems(dir))).toEqual([
      { line: 2, record: { id: '7', title: 'Item 7', categories: [], tags: ['feature-1-aa', 'feature-2-bb'] } },
      { line: 3, reason: 'item_id: 99 is not from 0 to 33' },
    ]);
  });
});

const present = existsSync(join(DEFAULT_DATA_DIR, 'open-bandit-men'));
if (!present) process.stderr.write(`left out: open-bandit-men on real data, because ${DEFAULT_DATA_DIR}/open-bandit-men is not there\n`);
if (present)
  it('reads the real logs whole', async () => {
    const dataset = await openDataset('open-bandit-men');
    const { records, rejected } = await readAll(dataset.behaviours());
    expect([records.length, rejected, records.filter(({ type }) => type === 'click').length]).toEqual([10_000, 0, 46]);
    expect(new Set(records.map(({ userId }) => userId)).size).toBe(230);
    expect((await readAll(dataset.items())).records).toHaveLength(34);
  });

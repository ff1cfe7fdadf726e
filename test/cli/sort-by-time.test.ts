import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { sortByTime } from '../../src/cli/sort-by-time';
import type { BehaviourRow } from '../../src/datasets/behaviour-mapping';
import type { Row } from '../../src/datasets/row';
import { seededRandom } from '../../src/platform/random';

const random = seededRandom(5);
/** 1,000 rows in random order of 100 different times, so that there are many ties. */
const ROWS: readonly Row<BehaviourRow>[] = Array.from({ length: 1_000 }, (_, k) => ({
  line: k + 1,
  record: { userId: `u${k}`, itemId: 'i', type: 'view', at: Math.floor(random() * 100) },
}));
const stream = async function* <T>(things: readonly T[]): AsyncGenerator<T> {
  yield* things;
};
const collect = async <T>(things: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const thing of things) all.push(thing);
  return all;
};
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('beckon-sort-'));
const nobody = async (): Promise<void> => undefined;

it.each([10_000, 1_000, 333, 7])('sorts by time, then line, with runs of %i rows, as often as it is read', async (runLength) => {
  const before = leftovers();
  const sorted = await sortByTime(stream(ROWS), { onBad: nobody, runLength });
  const expected = [...ROWS].map((row) => row as Exclude<(typeof ROWS)[number], { reason: string }>);
  expected.sort((a, b) => a.record.at - b.record.at || a.line - b.line);
  expect(await collect(sorted.rows())).toEqual(expected);
  expect(await collect(sorted.rows())).toEqual(expected);
  expect(sorted).toMatchObject({ total: 1_000, oldestAt: expected[0]!.record.at, newestAt: expected.at(-1)!.record.at });
  await sorted.dispose();
  expect(leftovers()).toEqual(before);
});

it('can be left in the middle', async () => {
  const sorted = await sortByTime(stream(ROWS), { onBad: nobody, runLength: 50 });
  let last = -Infinity;
  let count = 0;
  for await (const { record } of sorted.rows()) {
    expect(record.at).toBeGreaterThanOrEqual(last);
    last = record.at;
    if (++count === 10) break;
  }
  await sorted.dispose();
});

it('hands bad rows on in the order of the file, and is empty when nothing is right', async () => {
  const bad: number[] = [];
  const rows = [3, 5, 9].map((line) => ({ line, reason: 'is not JSON' }));
  const sorted = await sortByTime(stream(rows), { onBad: async ({ line }) => void bad.push(line) });
  expect(bad).toEqual([3, 5, 9]);
  expect(await collect(sorted.rows())).toEqual([]);
  expect(sorted).toMatchObject({ total: 0, newestAt: -Infinity });
});

it('leaves nothing behind when the source fails', async () => {
  const before = leftovers();
  const failing = async function* (): AsyncGenerator<Row<BehaviourRow>> {
    yield* ROWS.slice(0, 100);
    throw new Error('broken');
  };
  await expect(sortByTime(failing(), { onBad: nobody, runLength: 10 })).rejects.toThrow('broken');
  expect(leftovers()).toEqual(before);
});

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { BehaviourRow } from '../datasets/behaviour-mapping';
import { readLines } from '../datasets/read-lines';
import { isBadRow, type BadRow, type GoodRow, type Row } from '../datasets/row';
import type { EpochMs } from '../platform/clock';

/** Rows held in memory at a time: about 60 MB. */
const RUN_LENGTH = 200_000;

type TimedRow = GoodRow<BehaviourRow>;

/** The good rows of a source in the order (time, line), however many they are; may be read more than once. */
export interface SortedRows {
  readonly total: number;
  /** −∞ and +∞ when there is no row. */
  readonly newestAt: EpochMs;
  readonly oldestAt: EpochMs;
  rows(): AsyncIterable<TimedRow>;
  /** Removes the temporary files, if there are any. */
  dispose(): Promise<void>;
}

export interface SortOptions {
  /** Called with each bad row, in the order of the file. */
  readonly onBad: (row: BadRow) => Promise<void>;
  /** Called after each row, good or bad, with the number of rows read. */
  readonly onRead?: (rows: number) => void;
  /** @default 200_000 */
  readonly runLength?: number;
}

/**
 * Reads a source to its end and sorts it by time: in memory where it fits, else by merging sorted runs from temporary
 * files (external merge sort), so that memory does not grow with the file. Throws what the source throws, leaving nothing behind.
 */
export async function sortByTime(source: AsyncIterable<Row<BehaviourRow>>, options: SortOptions): Promise<SortedRows> {
  const { onBad, onRead, runLength = RUN_LENGTH } = options;
  const runs = new Runs();
  let run: TimedRow[] = [];
  let [total, read, newestAt, oldestAt] = [0, 0, -Infinity, Infinity];
  try {
    for await (const row of source) {
      onRead?.(++read);
      if (isBadRow(row)) {
        await onBad(row);
        continue;
      }
      total++;
      newestAt = Math.max(newestAt, row.record.at);
      oldestAt = Math.min(oldestAt, row.record.at);
      run.push(row);
      if (run.length >= runLength) {
        await runs.spill(run.sort(byTime));
        run = [];
      }
    }
  } catch (error) {
    await runs.dispose();
    throw error;
  }
  run.sort(byTime);
  return { total, newestAt, oldestAt, rows: () => merge([...runs.readers(), inMemory(run)]), dispose: () => runs.dispose() };
}

const byTime = (a: TimedRow, b: TimedRow): number => a.record.at - b.record.at || a.line - b.line;

/** Sorted runs in temporary files, one JSON row a line. */
class Runs {
  private dir: string | undefined;
  private readonly files: string[] = [];

  async spill(rows: readonly TimedRow[]): Promise<void> {
    this.dir ??= await mkdtemp(join(tmpdir(), 'beckon-sort-'));
    const file = join(this.dir, `run-${this.files.length}`);
    this.files.push(file);
    const stream = createWriteStream(file);
    for (const row of rows) if (!stream.write(`${JSON.stringify(row)}\n`)) await once(stream, 'drain');
    stream.end();
    await finished(stream);
  }

  readers(): AsyncGenerator<TimedRow>[] {
    return this.files.map(readRun);
  }

  async dispose(): Promise<void> {
    if (this.dir !== undefined) await rm(this.dir, { recursive: true, force: true });
  }
}

async function* readRun(file: string): AsyncGenerator<TimedRow> {
  for await (const row of readLines(file)) if (!isBadRow(row)) yield JSON.parse(row.record) as TimedRow; // written by us, above
}

async function* inMemory(rows: readonly TimedRow[]): AsyncGenerator<TimedRow> {
  yield* rows;
}

/** Merges sorted runs. There is one run for 200,000 rows, so a scan over the heads beats a heap. */
async function* merge(runs: readonly AsyncGenerator<TimedRow>[]): AsyncGenerator<TimedRow> {
  if (runs.length === 1) {
    yield* runs[0]!;
    return;
  }
  try {
    const heads = await Promise.all(runs.map(async (run) => ({ run, row: await take(run) })));
    for (;;) {
      let first: (typeof heads)[number] | undefined;
      for (const head of heads) if (head.row && (!first?.row || byTime(head.row, first.row) < 0)) first = head;
      if (!first?.row) return;
      yield first.row;
      first.row = await take(first.run);
    }
  } finally {
    for (const run of runs) await run.return(undefined);
  }
}

async function take(run: AsyncGenerator<TimedRow>): Promise<TimedRow | undefined> {
  const next = await run.next();
  return next.done === true ? undefined : next.value;
}

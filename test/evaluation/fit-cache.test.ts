import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFits, fitKey } from '../../src/evaluation/fit-cache';
import { fitInProcess, type FitModel, type FitRequest } from '../../src/evaluation/fit-model';
import { loadScorer } from '../../src/evaluation/rankers';
import { ItemIndex } from '../../src/models/item-index';
import { SparseScores } from '../../src/models/sparse-scores';
import { ManualClock } from '../../src/platform/clock';
import { trainingEvents } from '../models/training-events';

const events = trainingEvents([
  ['u', 'a'],
  ['u', 'b'],
  ['v', 'a'],
  ['v', 'b'],
]);
const request: FitRequest = { dataset: 'toy', model: 'session-knn', options: { idfWeighting: 0, sessionGapMs: Infinity }, events };

describe('fitKey', () => {
  const key = (changed: Partial<FitRequest>, code = 'code'): string => fitKey({ ...request, ...changed }, code);

  it('is the same for the same request, in whatever order the options come', () => {
    expect(key({ options: { sessionGapMs: Infinity, idfWeighting: 0 }, events: { ...events } })).toBe(key({}));
  });

  it.each<[string, Partial<FitRequest>]>([
    ['model', { model: 'transition' }],
    ['option', { options: { idfWeighting: 1, sessionGapMs: Infinity } }],
    ['infinite option', { options: { idfWeighting: 0, sessionGapMs: -Infinity } }],
    ['option of another type', { options: { idfWeighting: '0', sessionGapMs: Infinity } }],
    ['seed', { options: { ...request.options, seed: 2 } }],
    ['backend', { options: { ...request.options, backend: 'wasm' } }],
    [
      'user',
      {
        events: trainingEvents([
          ['u', 'a'],
          ['u', 'b'],
          ['v', 'a'],
          ['u', 'b'],
        ]),
      },
    ],
    [
      'item id',
      {
        events: trainingEvents([
          ['u', 'a'],
          ['u', 'c'],
          ['v', 'a'],
          ['v', 'c'],
        ]),
      },
    ],
    [
      'weight',
      {
        events: trainingEvents([
          ['u', 'a', 0.5],
          ['u', 'b'],
          ['v', 'a'],
          ['v', 'b'],
        ]),
      },
    ],
    [
      'time',
      {
        events: trainingEvents([
          ['u', 'a'],
          ['u', 'b'],
          ['v', 'a'],
          ['v', 'b', 1, 9_000],
        ]),
      },
    ],
    [
      'event more',
      {
        events: trainingEvents([
          ['u', 'a'],
          ['u', 'b'],
          ['v', 'a'],
          ['v', 'b'],
          ['v', 'b'],
        ]),
      },
    ],
  ])('is another one for another %s', (_, changed) => expect(key(changed)).not.toBe(key({})));

  it('is another one for other code', () => expect(key({}, 'other code')).not.toBe(key({})));

  it('knows the code of each model', () => {
    expect(fitKey(request)).toBe(fitKey(request));
    expect(fitKey(request)).not.toBe(key({}));
  });
});

describe('cachedFits', () => {
  let folder: string;
  let fits: number;
  const counting: FitModel = (asked) => {
    fits++;
    return fitInProcess(new ManualClock(0))(asked);
  };
  beforeEach(() => {
    fits = 0;
    folder = mkdtempSync(join(tmpdir(), 'fits-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('fits once and gives the same again, to later processes too, with what JSON cannot say', async () => {
    const first = await cachedFits(counting, { folder })(request);
    const again = await cachedFits(counting, { folder })(request);
    expect(fits).toBe(1);
    expect(again.snapshot.equals(first.snapshot)).toBe(true);
    expect(again.record).toEqual(first.record);
    const index = new ItemIndex();
    const scores = new SparseScores();
    const { scorer } = loadScorer(again, index);
    scorer.score({ history: [{ row: index.rowOf('a')!, weight: 1, at: 0 }], seen: [], now: 1 }, scores, 10);
    expect(scores.rows.map((row) => index.idAt(row))).toContain('b');
  });

  it('fits again when it is told to, or when anything differs', async () => {
    const fit = cachedFits(counting, { folder });
    await fit(request);
    await fit({ ...request, options: { idfWeighting: 1 } });
    await cachedFits(counting, { folder, fresh: true })(request);
    expect(fits).toBe(3);
  });

  it('keeps nothing of a fit that was ended in the middle, and goes on from there', async () => {
    await cachedFits(counting, { folder })(request);
    const killed: FitModel = () => Promise.reject(new Error('SIGKILL'));
    const other: FitRequest = { ...request, model: 'transition', options: {} };
    await expect(cachedFits(killed, { folder })(other)).rejects.toThrow('SIGKILL');
    await cachedFits(counting, { folder })(request);
    expect(fits).toBe(1);
    await cachedFits(counting, { folder })(other);
    expect(fits).toBe(2);
    expect(readdirSync(join(folder, 'toy')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('takes a snapshot without its record for nothing: the record is written last', async () => {
    const fit = cachedFits(counting, { folder });
    await fit(request);
    const record = readdirSync(join(folder, 'toy')).find((name) => name.endsWith('.json'))!;
    rmSync(join(folder, 'toy', record));
    await fit(request);
    expect(fits).toBe(2);
  });
});

import type { BehaviourRow } from '../../src/datasets/behaviour-mapping';
import { toEventTable } from '../../src/evaluation/event-table';
import { lastOut, type EvaluationCase } from '../../src/evaluation/protocols';
import type { Ranker } from '../../src/evaluation/rankers';
import { lackingEvents, stalenessCurve, stalenessMarkdown, withoutNewest } from '../../src/evaluation/staleness';
import type { ScoringQuery } from '../../src/models/model';
import { SparseScores } from '../../src/models/sparse-scores';

/** `u:i` at second 1, 2, 3 … */
const behaviours = (text: string): BehaviourRow[] =>
  text.split(' ').map((event, k) => {
    const [userId = '', itemId = ''] = event.split(':');
    return { userId, itemId, type: 'view', at: (k + 1) * 1000 };
  });

describe('lacking events', () => {
  const table = toEventTable(behaviours('u:a u:b u:c u:a u:d'));
  const [asked] = [...lastOut(table, 'test').cases()] as [EvaluationCase];
  const historyOf = (query: ScoringQuery): string => query.history.map(({ row, at }) => `${table.index.idAt(row)}@${at / 1000}`).join(' ');

  it.each([
    [0, 'a@4 c@3 b@2'],
    [1, 'c@3 b@2 a@1'], // an item had twice is back at its older place
    [2, 'b@2 a@1'],
    [4, ''],
    [9, ''],
  ])('%i of them, by the table', (events, expected) => {
    const query = lackingEvents(table)(asked, events, 0);
    expect(historyOf(query)).toBe(expected);
    expect(query.seen).toEqual(query.history.map(({ row }) => row));
    expect(query.now).toBe(5000);
  });

  it('by the items of the query alone: each item goes once', () => {
    expect([0, 1, 2, 9].map((events) => historyOf(withoutNewest(asked, events, 0)))).toEqual(['a@4 c@3 b@2', 'c@3 b@2', 'b@2', '']);
    expect(withoutNewest(asked, 1, 0)).toMatchObject({ seen: [2, 1], now: 5000 });
  });

  it('keeps the oldest where there are so many', () => {
    expect([1, 3, 9].map((events) => historyOf(lackingEvents(table)(asked, events, 2)))).toEqual(['c@3 b@2 a@1', 'b@2 a@1', 'b@2 a@1']);
    expect([1, 3, 9].map((events) => historyOf(withoutNewest(asked, events, 1)))).toEqual(['c@3 b@2', 'b@2', 'b@2']);
    expect(historyOf(withoutNewest(asked, 1, 9))).toBe('a@4 c@3 b@2');
    expect(historyOf(lackingEvents(table)(asked, 1, 9))).toBe('a@4 c@3 b@2');
  });

  it('refuses a case of another table', () => {
    expect(() => lackingEvents(table)({ ...asked, targets: [9] }, 1, 0)).toThrow(RangeError);
  });
});

/** Twenty users go round a ring of 30 items: what comes next is known by construction, from the last item. */
const ring = toEventTable(
  Array.from({ length: 20 }, (_, user) =>
    Array.from({ length: 15 }, (_, step) => ({
      userId: `u${user}`,
      itemId: `i${(user + step) % 30}`,
      type: 'view',
      at: step * 1000 + user,
    })),
  ).flat(),
);

/** Scores the successor of the newest item 12 and those behind it less and less, so that each event lacking costs one place. */
function successor(): Ranker {
  const scores = new SparseScores(30);
  return {
    model: 'transition',
    fitSeconds: 0,
    score({ history: [newest] }) {
      scores.clear();
      if (newest === undefined) return scores;
      const from = Number(ring.index.idAt(newest.row).slice(1));
      for (let ahead = 1; ahead <= 12; ahead++) scores.set(ring.index.rowOf(`i${(from + ahead) % 30}`)!, 13 - ahead);
      return scores;
    },
  };
}

describe('stalenessCurve', () => {
  const split = lastOut(ring, 'test');

  it('finds what follows when fresh; items already had stay out when stale, so the right one stays first while it is named', () => {
    const curve = stalenessCurve(split, successor(), { seed: 1, lags: [0, 1, 5, 11, 12, 14] });
    // Lacking n, the n items after the newest known one are had: they are out, and the next is first; at 12 it is not named any more.
    expect(curve.map(({ lag, ndcg }) => [lag, ndcg.value > 0.99])).toEqual([
      [0, true],
      [1, true],
      [5, true],
      [11, true],
      [12, false],
      [14, false],
    ]);
    const last = curve.at(-1)!;
    expect(last.ndcgLoss.value).toBeCloseTo(1 - last.ndcg.value, 12);
    expect(curve[0]!.ndcgLoss).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('shows the ranker nothing of the lacking events', () => {
    const asked: ScoringQuery[] = [];
    const spy: Ranker = { ...successor(), score: (query) => (asked.push(query), new SparseScores(30)) };
    const told: number[] = [];
    stalenessCurve(split, spy, { seed: 1, lags: [3], onCase: (done) => told.push(done) });
    expect(told).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
    expect(asked.map(({ history, seen }) => [history.length, seen.length])).toEqual(Array.from({ length: 20 }, () => [11, 11]));
    expect(new Set(asked.map(({ now }) => Math.floor(now / 1000)))).toEqual(new Set([14]));
  });

  it('loses with each event where the items had are candidates again', () => {
    const open = { ...split, cases: () => Array.from(split.cases(), (asked) => ({ ...asked, excluded: [] })) };
    const curve = stalenessCurve(open, successor(), { seed: 1, lags: [0, 1, 2] });
    expect(curve.map(({ ndcg }) => ndcg.value)).toEqual([1, 1 / Math.log2(3), 1 / 2].map((value) => expect.closeTo(value, 12) as number));
    expect(curve[2]).toMatchObject({ ndcgLoss: { value: 0.5, low: 0.5, high: 0.5 }, hrLoss: { value: 0 } });
  });

  it('is the same by the table where nobody has an item twice, and by default asks the lags 0, 1, 2, 5, 10', () => {
    const exact = stalenessCurve(split, successor(), { seed: 1, lacking: lackingEvents(ring) });
    expect(exact).toEqual(stalenessCurve(split, successor(), { seed: 1 }));
    expect(exact.map(({ lag }) => lag)).toEqual([0, 1, 2, 5, 10]);
  });
});

it('writes a table of curves', () => {
  const none = { value: 0, low: 0, high: 0 };
  const points = [
    { lag: 0, ndcg: { value: 0.2, low: 0.1, high: 0.3 }, hr: { value: 1, low: 1, high: 1 }, ndcgLoss: none, hrLoss: none },
    {
      lag: 1,
      ndcg: { value: 0.15, low: 0.1, high: 0.2 },
      hr: { value: 0.5, low: 0.4, high: 0.6 },
      ndcgLoss: { value: 0.25, low: 0.2, high: 0.3 },
      hrLoss: { value: 0.5, low: 0.4, high: 0.6 },
    },
  ];
  expect(stalenessMarkdown([{ protocol: 'last-out', model: 'hybrid', points }]).split('\n')).toEqual([
    '| protocol | model | events lacking | NDCG@10 | lost | HR@10 | lost |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    '| last-out | hybrid | 0 | .2000 (.1000–.3000) | – | 1.0000 (1.0000–1.0000) | – |',
    '| last-out | hybrid | 1 | .1500 (.1000–.2000) | 25.0 % (20.0 %–30.0 %) | .5000 (.4000–.6000) | 50.0 % (40.0 %–60.0 %) |',
  ]);
});

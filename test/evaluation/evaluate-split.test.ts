import { rankCases, summarise } from '../../src/evaluation/evaluate-split';
import { toEventTable } from '../../src/evaluation/event-table';
import { lastOut } from '../../src/evaluation/protocols';
import { fitScorer, hybridRanker, modelRanker, type FittedScorer, type Ranker } from '../../src/evaluation/rankers';
import { toMarkdown } from '../../src/evaluation/report';
import { TRAINABLE_MODELS } from '../../src/models/model-catalogue';
import { SparseScores } from '../../src/models/sparse-scores';
import { ManualClock } from '../../src/platform/clock';

/** Everybody goes a → b → c → d; each leaves one out at the end: the next item is known by construction. */
const rows = ['u', 'v', 'w', 'x'].flatMap((userId, n) =>
  ['a', 'b', 'c', 'd'].slice(0, 3 + (n % 2)).map((itemId, k) => ({ userId, itemId, type: 'view', at: n * 100 + k })),
);
const table = toEventTable(rows);
const split = lastOut(table, 'test');

/** Ranks a, b, c, d in this order, always. */
function alphabetical(): Ranker {
  const scores = new SparseScores();
  ['a', 'b', 'c', 'd'].forEach((id, k) => scores.set(table.index.rowOf(id)!, 4 - k));
  return { model: 'popular', fitSeconds: 0, score: () => scores };
}

const METRICS = [
  { name: 'hr', k: 1 },
  { name: 'mrr', k: 20 },
  { name: 'coverage', k: 1 },
] as const;

describe('evaluating a split', () => {
  it('finds what follows by construction', () => {
    const run = rankCases(split, [alphabetical()], 1);
    // u and w: a, b → c is first among c, d; v and x: a, b, c → d is the only candidate
    expect([...run.rankers[0]!.ranks]).toEqual([0, 0, 0, 0]);
    expect(summarise(split, run, METRICS, 1)).toEqual([
      { protocol: 'last-out', model: 'popular', metric: 'hr@1', value: 1, low: 1, high: 1, fitSeconds: 0 },
      { protocol: 'last-out', model: 'popular', metric: 'mrr@20', value: 1, low: 1, high: 1, fitSeconds: 0 },
      { protocol: 'last-out', model: 'popular', metric: 'coverage@1', value: 0.5, low: 0.5, high: 0.5, fitSeconds: 0 },
    ]);
  });

  it('tells how far it is, case by case, with and without a listener', () => {
    const told: number[] = [];
    rankCases(split, [alphabetical()], 1, (done) => told.push(done));
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('gives the same figures for the same seed', () => {
    const figures = (): unknown => summarise(split, rankCases(split, [alphabetical()], 1), METRICS, 5);
    expect(figures()).toEqual(figures());
  });
});

describe('rankers', () => {
  const clock = new ManualClock(0);
  const from = { events: split.fit, index: table.index, clock };
  const fitted: FittedScorer[] = [];
  beforeAll(async () => {
    fitted.push(await fitScorer(TRAINABLE_MODELS.transition, from), {
      ...(await fitScorer(TRAINABLE_MODELS.popular, from)),
      fitSeconds: 2,
    });
  });
  const [asked] = split.cases();

  it('a hybrid of one model ranks as that model does', () => {
    const hybrid = hybridRanker(fitted, { weights: { transition: 3 }, fusion: 'z-score', candidatesPerModel: 10 });
    const alone = rankCases(split, [modelRanker(fitted[0]!, 4)], 1).rankers[0]!;
    expect(rankCases(split, [hybrid], 1).rankers[0]!.ranks).toEqual(alone.ranks);
  });

  it('a hybrid asks and counts the fit of the weighed models only', () => {
    const hybrid = hybridRanker(fitted, { weights: { popular: 1, 'item-knn': 1 }, fusion: 'max', candidatesPerModel: 10 });
    expect(hybrid.fitSeconds).toBe(2);
    expect(hybrid.score(asked!.query).rows.length).toBeGreaterThan(0);
  });
});

it('writes a table for each protocol', () => {
  const result = { model: 'popular', metric: 'hr@10', value: 0.25, low: 0.125, high: 0.5, fitSeconds: 1.234 } as const;
  const results = [
    { protocol: 'p', ...result },
    { protocol: 'p', ...result, metric: 'coverage@10', value: 1, low: 1, high: 1 },
    { protocol: 'q', ...result },
  ];
  expect(toMarkdown({ dataset: 'toy', seed: 3, results })).toBe(
    [
      '# toy',
      '',
      '## p',
      '',
      '| model | hr@10 | coverage@10 | fit, s |',
      '| --- | ---: | ---: | ---: |',
      '| popular | .2500 (.1250–.5000) | 1.0000 | 1.23 |',
      '',
      '## q',
      '',
      '| model | hr@10 | fit, s |',
      '| --- | ---: | ---: |',
      '| popular | .2500 (.1250–.5000) | 1.23 |',
      '',
      'Intervals: 95 % percentile bootstrap over users, seed 3. Ties count half.',
      '',
    ].join('\n'),
  );
});

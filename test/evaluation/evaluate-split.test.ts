import { evaluateStudy, type EvaluationRow } from '../../src/evaluation/evaluate-study';
import { rankCases, summarise } from '../../src/evaluation/evaluate-split';
import { toEventTable } from '../../src/evaluation/event-table';
import { fitInProcess, type FitModel } from '../../src/evaluation/fit-model';
import { itemFacts } from '../../src/evaluation/metric-table';
import { noProgress } from '../../src/evaluation/progress';
import { lastOut } from '../../src/evaluation/protocols';
import { hybridRanker, loadScorer, modelRanker, type FittedScorer, type Ranker } from '../../src/evaluation/rankers';
import { STALENESS_LAGS, withoutNewest } from '../../src/evaluation/staleness';
import { toMarkdown } from '../../src/evaluation/report';
import { studyProtocol, type Study } from '../../src/evaluation/study';
import { TRAINABLE_MODEL_NAMES } from '../../src/models/model-catalogue';
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

const facts = itemFacts(split, []);

describe('evaluating a split', () => {
  it('finds what follows by construction', () => {
    const run = rankCases(split, [alphabetical()], 1);
    // u and w: a, b → c is first among c, d; v and x: a, b, c → d is the only candidate
    expect(run.runs[0]!.cases).toEqual([
      { ranks: [0], list: [2], ranked: 2 },
      { ranks: [0], list: [3], ranked: 1 },
      { ranks: [0], list: [2], ranked: 2 },
      { ranks: [0], list: [3], ranked: 1 },
    ]);
    expect(summarise(run, METRICS, facts, 1)).toEqual([
      [
        { metric: 'hr@1', value: 1, low: 1, high: 1 },
        { metric: 'mrr@20', value: 1, low: 1, high: 1 },
        { metric: 'coverage@1', value: 0.5, low: 0.5, high: 0.5 },
      ],
    ]);
  });

  it('leaves out a metric about which no case says anything', () => {
    expect(summarise(rankCases(split, [alphabetical()], 1), [{ name: 'diversity', k: 1 }], facts, 1)).toEqual([[]]);
  });

  it('tells how far it is, case by case, with and without a listener', () => {
    const told: number[] = [];
    rankCases(split, [alphabetical()], 1, (done) => told.push(done));
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('gives the same figures for the same seed', () => {
    const figures = (): unknown => summarise(rankCases(split, [alphabetical()], 1), METRICS, facts, 5);
    expect(figures()).toEqual(figures());
  });
});

const fit = fitInProcess(new ManualClock(0));

describe('rankers', () => {
  const fitted: FittedScorer[] = [];
  beforeAll(async () => {
    for (const model of ['transition', 'popular'] as const) {
      const done = await fit({ dataset: 'toy', model, options: {}, events: split.fit });
      fitted.push({ ...loadScorer(done, table.index), fitSeconds: model === 'popular' ? 2 : 1 });
    }
  });
  const [asked] = split.cases();

  it('a hybrid of one model ranks as that model does', () => {
    const hybrid = hybridRanker(fitted, { weights: { transition: 3 }, fusion: 'z-score', candidatesPerModel: 10 });
    const alone = rankCases(split, [modelRanker(fitted[0]!, 4)], 1).runs[0]!;
    expect(rankCases(split, [hybrid], 1).runs[0]!.cases.map(({ ranks }) => ranks)).toEqual(alone.cases.map(({ ranks }) => ranks));
  });

  it('a hybrid asks and counts the fit of the weighed models only', () => {
    const hybrid = hybridRanker(fitted, { weights: { popular: 1, 'item-knn': 1 }, fusion: 'max', candidatesPerModel: 10 });
    expect(hybrid.fitSeconds).toBe(2);
    expect(hybrid.score(asked!.query).rows.length).toBeGreaterThan(0);
  });
});

describe('evaluating a study', () => {
  const study: Study = {
    dataset: 'toy',
    catalogue: [{ id: 'a', title: 'A' }],
    protocols: [studyProtocol({ protocol: 'last-out', metrics: METRICS, listSize: 1, goal: METRICS[0] }, (part) => lastOut(table, part))],
    variants: [{ model: 'transition', variant: 'short memory', options: { profileItems: 1 } }],
  };
  /** Fits what takes no time. */
  const quick: FitModel = async (request) => {
    if (!['popular', 'transition', 'item-knn'].includes(request.model)) throw new Error('not here');
    return fit(request);
  };
  const context = { dataDir: '', seed: 1, clock: new ManualClock(0), progress: noProgress, fit: quick };
  const names = (rows: readonly EvaluationRow[]): string[] => rows.map(({ model, variant }) => (variant ? `${model}/${variant}` : model));

  it('has a row for each model, the hybrid and each variant', async () => {
    const { rows, differences, gates, staleness, failed } = await evaluateStudy(study, {}, context);
    expect(names(rows)).toEqual(['popular', 'item-knn', 'transition', 'content-based', 'hybrid', 'transition/short memory']);
    expect(failed.map(({ model }) => model)).toEqual(TRAINABLE_MODEL_NAMES.filter((name) => !names(rows).includes(name)));
    expect(differences[0]).toMatchObject({ protocol: 'last-out', model: 'hybrid', metric: 'hr@1' });
    expect(gates[0]!.decisions.map(({ model }) => model).toSorted()).toEqual(['content-based', 'item-knn', 'popular', 'transition']);
    expect(staleness).toEqual([]); // this protocol says of no profile how it was before
  });

  it('asks the hybrid and the best single model with older profiles where the protocol can tell them', async () => {
    const protocols = study.protocols.map((protocol) => ({ ...protocol, lacking: withoutNewest }));
    const { staleness } = await evaluateStudy({ ...study, protocols }, { staleness: true }, context);
    expect(staleness).toHaveLength(2);
    expect(staleness.map(({ points }) => points.map(({ lag }) => lag))).toEqual([STALENESS_LAGS, STALENESS_LAGS]);
  });

  it('has those that were asked for, twice the same', async () => {
    const evaluate = () => evaluateStudy(study, { part: 'valid', models: ['popular', 'transition'] }, context);
    const report = await evaluate();
    expect(names(report.rows)).toEqual(['popular', 'transition']);
    expect(report.rows.map(({ figures }) => figures)).toEqual((await evaluate()).rows.map(({ figures }) => figures));
  });

  it('goes on without a model that cannot be fitted, and says why', async () => {
    const failing = {
      ...context,
      fit: (async (request) => {
        if (request.model === 'popular') throw new Error('NaN in epoch 3');
        return fit(request);
      }) as typeof fit,
    };
    const report = await evaluateStudy(study, { models: ['popular', 'transition'] }, failing);
    expect(names(report.rows)).toEqual(['transition']);
    expect(report.failed).toEqual([{ protocol: 'last-out', model: 'popular', message: 'NaN in epoch 3' }]);
    expect(toMarkdown(report)).toContain('popular is missing: NaN in epoch 3');
  });
});

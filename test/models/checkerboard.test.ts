import { ItemIndex } from '../../src/models/item-index';
import type { Scorer } from '../../src/models/model';
import { trainableModels } from '../../src/models/model-catalogue';
import { bestUnseen, queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const SIZE = 20;
const range = Array.from({ length: SIZE }, (_, k) => k);

/**
 * User u had every item of u's parity but item u itself: that one is the right answer. In a round that starts after it, so
 * that it is also what comes next.
 */
const heldBy = (user: number): number[] => range.slice(1, SIZE / 2).map((step) => (user + 2 * step) % SIZE);
const events = trainingEvents(range.flatMap((user) => heldBy(user).map((item): EventTuple => [`u${user}`, `i${item}`])));

// On so small a board a model must not shrink what little it sees, nor call the items of one session rare or not.
const models = trainableModels({
  factor: { dimensions: 8, epochs: 20, profileDecay: 1 },
  'session-knn': { longest: 1, maxItems: 9 },
  ncf: { gmfDimensions: 8, mlpDimensions: 8, widths: '8-4', learningRate: 0.02, leastSteps: 150, historyDropout: 0, profileDecay: 1 },
  attention: { dimensions: 16, hidden: 16, length: 10, blocks: 1, dropout: 0, learningRate: 0.01, epochs: 40 },
});
const personal = [
  models['user-knn'],
  models['session-knn'],
  models['item-knn'],
  models.transition,
  models.factor,
  models.ease,
  models.ncf,
  models.attention,
];

describe.each(personal.map((model) => [model.name, model] as const))('%s on the checkerboard', (_, model) => {
  const index = new ItemIndex();
  let scorer: Scorer;
  beforeAll(async () => {
    scorer = model.scorer(await model.fit(events), index)!;
  });

  it.each(range)('gives user %i the one item withheld from them', (user) => {
    const history = heldBy(user)
      .reverse()
      .map((item) => `i${item}`);
    expect(bestUnseen(scorer, index, queryOf(index, history))).toBe(`i${user}`);
  });
});

describe.each(Object.values(models).map((model) => [model.name, model] as const))('%s', (_, model) => {
  it('is the same function after every fit of the same events', async () => {
    const [a, b] = [await model.fit(events), await model.fit(events)];
    expect(a).toEqual(b);
    const index = new ItemIndex();
    const query = queryOf(index, ['i2', 'i4', 'i6']);
    const scorer = model.scorer(a, index)!;
    const first = scoresOf(scorer, index, query);
    expect(scoresOf(scorer, index, query)).toEqual(first);
    expect(scoresOf(model.scorer(b, index)!, index, query)).toEqual(first);
  });

  it('gives the same scores whatever rows the worker has given the items', async () => {
    const snapshot = await model.fit(events);
    const [plain, shuffled] = [new ItemIndex(), new ItemIndex()];
    for (const item of [...range].reverse()) shuffled.intern(`i${item}`);
    shuffled.intern('an item of another model');
    const expected = scoresOf(model.scorer(snapshot, plain)!, plain, queryOf(plain, ['i2', 'i4']));
    expect(scoresOf(model.scorer(snapshot, shuffled)!, shuffled, queryOf(shuffled, ['i2', 'i4']))).toEqual(expected);
  });

  it('gives positive finite scores, at most `limit` of them, and survives no and unknown history', async () => {
    const index = new ItemIndex();
    const scorer = model.scorer(await model.fit(events), index)!;
    const scores = Object.values(scoresOf(scorer, index, queryOf(index, ['i2', 'i4', 'unknown']), 5));
    expect(scores.length).toBeGreaterThan(0);
    expect(scores.length).toBeLessThanOrEqual(5);
    for (const score of scores) expect(score > 0 && Number.isFinite(score)).toBe(true);
    expect(() => scoresOf(scorer, index, queryOf(index, []))).not.toThrow();
    expect(() => scoresOf(scorer, index, queryOf(index, ['unknown']))).not.toThrow();
  });

  it('fits no events at all', async () => {
    const scorer = model.scorer(await model.fit(trainingEvents([])), new ItemIndex())!;
    expect(scoresOf(scorer, new ItemIndex(), queryOf(new ItemIndex(), ['a']))).toEqual({});
  });

  it('reports progress up to its total', async () => {
    const reports: [number, number][] = [];
    await model.fit(events, (done, total) => reports.push([done, total]));
    expect(reports.at(-1)![0]).toBe(reports.at(-1)![1]);
  });
});

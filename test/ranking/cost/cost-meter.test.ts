import type { Scorer } from '../../../src/models/model';
import { SparseScores } from '../../../src/models/sparse-scores';
import type { ListCost, ModelName } from '../../../src/push/recommendation-list';
import { CostMeter } from '../../../src/ranking/cost/cost-meter';
import { costSettings } from '../../../src/ranking/cost/cost-settings';
import { rank } from '../../../src/ranking/rank';
import { rankWithinBudget } from '../../../src/ranking/cost/rank-within-budget';
import { surfaceSettings } from '../../../src/ranking/surface-settings';
import { aCatalogue, anItem, aProfile, aSurface, fixedScorer, indexOf, NOW, recentOf, someModels } from '../fixtures';

const ORDER: ModelName[] = ['factor', 'item-knn', 'popular'];
const QUERY = { history: [], seen: [], now: NOW };

/** A process that has the core for itself. */
const clockOf = (now: () => number) => ({ elapsedMs: now, cpuMs: now });

/** Models that take what `costs` says, in ms, on a clock that nothing else moves. */
function metered(input: object, costs: Record<string, number>) {
  let now = 0;
  const scorers = Object.keys(costs).map((name): Scorer => ({ name: name as ModelName, score: () => void (now += costs[name]!) }));
  const meter = new CostMeter(
    costSettings.parse({ dropOrder: ORDER, ...input }),
    clockOf(() => now),
  );
  const into = new SparseScores(1);
  const list = (ageMs = 0): ListCost => {
    for (const scorer of meter.begin(scorers, Object.keys(costs) as ModelName[], ageMs)) scorer.score(QUERY, into, 10);
    return meter.end();
  };
  return { meter, list };
}

describe('CostMeter', () => {
  it('says what each model took, the dearest first, and drops nothing without a budget', () => {
    const { list } = metered({}, { popular: 0.0104, factor: 2, 'item-knn': 0.5 });
    list();
    expect(list(60_000)).toEqual({
      models: [
        { model: 'factor', cpuMicros: 2000 },
        { model: 'item-knn', cpuMicros: 500 },
        { model: 'popular', cpuMicros: 10 },
      ],
      dropped: [],
    });
  });

  it('counts what it takes to say why', () => {
    let now = 0;
    const scorer: Scorer = { name: 'item-knn', score: () => void (now += 1), explain: () => ((now += 2), []) };
    const meter = new CostMeter(
      costSettings.parse({}),
      clockOf(() => now),
    );
    const [timed] = meter.begin([scorer], ['item-knn'], 0);
    timed!.score(QUERY, new SparseScores(1), 10);
    timed!.explain!(QUERY, 0, 3);
    expect(meter.end().models).toEqual([{ model: 'item-knn', cpuMicros: 3000 }]);
  });

  it('takes out the time in which the process had to wait for a core', () => {
    let elapsed = 0;
    let cpu = 0;
    const scorer: Scorer = {
      name: 'factor',
      score: () => {
        elapsed += 4;
        cpu += 1;
      },
    };
    const meter = new CostMeter(costSettings.parse({}), { elapsedMs: () => elapsed, cpuMs: () => cpu });
    meter.begin([scorer], ['factor'], 0)[0]!.score(QUERY, new SparseScores(1), 10);
    expect(meter.end().models).toEqual([{ model: 'factor', cpuMicros: 1000 }]);
    expect(meter.estimateOf('factor')).toBe(1);
  });

  it.each<[number, string[], string | undefined]>([
    [10, [], undefined],
    [2.5, ['factor'], 'budget'],
    [1.9, ['factor'], 'budget'],
    [0.4, ['factor', 'item-knn'], 'budget'],
    [0.01, ['factor', 'item-knn'], 'budget'], // one always stays
  ])('within %d ms it leaves out %j, in the order of the settings', (budgetMs, dropped, droppedFor) => {
    const { list } = metered({ budgetMs }, { popular: 0.2, factor: 2, 'item-knn': 0.5 });
    expect(list().dropped).toEqual([]); // nothing is known yet
    const second = list();
    expect([second.dropped, second.droppedFor]).toEqual([dropped, droppedFor]);
    expect(second.models.map(({ model }) => model)).toEqual(['factor', 'item-knn', 'popular'].filter((name) => !dropped.includes(name)));
  });

  it.each([
    [999, 0],
    [1000, 1],
    [1999, 1],
    [2000, 2],
    [60_000, 2],
  ])('leaves out one model for each queue age waited: after %d ms %d', (ageMs, count) => {
    const cost = metered({ queueAgeMs: 1000 }, { popular: 1, factor: 1, 'item-knn': 1 }).list(ageMs);
    expect(cost.dropped).toEqual(ORDER.slice(0, count));
    expect(cost.droppedFor).toBe(count === 0 ? undefined : 'queue');
  });

  it('never leaves out a model that the order does not name', () => {
    const { list } = metered({ budgetMs: 0.1, dropOrder: ['popular'] }, { factor: 2, popular: 1 });
    list();
    expect(list().dropped).toEqual(['popular']);
  });

  it('asks a model again after 64 lists, and takes it back at once if it has become cheap', () => {
    const costs = { factor: 5, popular: 0.1 };
    const { list, meter } = metered({ budgetMs: 1 }, costs);
    list();
    costs.factor = 0.5;
    const dropped = Array.from({ length: 66 }, () => list().dropped.length);
    expect(dropped).toEqual([...Array.from({ length: 63 }, () => 1), 0, 0, 0]);
    expect(meter.estimateOf('factor')).toBeCloseTo(0.5);
  });

  it('expects the mean of the first lists, and then moves by a twentieth', () => {
    const costs = { factor: 1 };
    const { list, meter } = metered({}, costs);
    list();
    costs.factor = 3;
    list();
    expect(meter.estimateOf('factor')).toBeCloseTo(2);
    for (let n = 0; n < 18; n++) list();
    expect(meter.estimateOf('factor')).toBeCloseTo(2.9);
    costs.factor = 0.9;
    list();
    expect(meter.estimateOf('factor')).toBeCloseTo(2.8);
  });
});

describe('rankWithinBudget', () => {
  const index = indexOf(['a', 'b', 'h']);
  const catalogue = aCatalogue(['a', 'b', 'h'].map((id) => anItem(id)));
  const models = someModels(index, [fixedScorer('item-knn', index, { a: 2, b: 1 }), fixedScorer('factor', index, { b: 2, a: 1 })]);
  const profile = aProfile({ recent: recentOf({ itemId: 'h' }) });
  const surface = aSurface({ blend: { weights: { 'item-knn': 1, factor: 3 }, fusion: 'max' }, size: 2 });
  const request = { profile, models, catalogue, surface, now: NOW };

  it('is rank itself without a meter', () => expect(rankWithinBudget(request, undefined, 1e9)).toEqual(rank(request)));

  it('gives the same list with a meter that drops nothing, and the list of the models that stay with one that does', () => {
    const meter = new CostMeter(
      costSettings.parse({ queueAgeMs: 100, dropOrder: ORDER }),
      clockOf(() => 0),
    );
    const { cost, ...list } = rankWithinBudget(request, meter, 0);
    expect(list).toEqual(rank(request));
    expect(list.items.map(({ itemId }) => itemId)).toEqual(['b', 'a']);
    expect(cost).toMatchObject({ dropped: [] });
    const late = rankWithinBudget(request, meter, 100);
    expect(late.fallback.name).toBe('partial');
    expect(late.items.map(({ itemId }) => itemId)).toEqual(['a', 'b']);
    expect(late.cost).toEqual({ models: [{ model: 'item-knn', cpuMicros: 0 }], dropped: ['factor'], droppedFor: 'queue' });
  });
});

describe('costSettings', () => {
  it.each([
    [{ cost: { dropOrder: ['ncf', 'ncf'] } }, 'a model is named twice'],
    [{ cost: { dropOrder: ['hybrid'] } }, 'Invalid option'],
    [{ cost: { budgetMs: 0 } }, 'Too small'],
    [{ cost: { budgetMs: 1 }, fallback: ['hybrid', 'popular'] }, 'must name `partial`'],
  ])('refuses %j', (input, message) => {
    const result = surfaceSettings.safeParse({ blend: { weights: { popular: 1 } }, ...input });
    expect(result.error?.issues[0]!.message).toContain(message);
  });
});

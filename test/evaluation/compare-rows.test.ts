import { compareRows } from '../../src/evaluation/compare-rows';
import type { RankedCase } from '../../src/evaluation/rank-targets';
import type { ModelName } from '../../src/push/recommendation-list';

const asked = [0, 1, 2, 3].map((user) => ({ user, query: { history: [], seen: [], now: 0 }, targets: [0], excluded: [] }));
const facts = { information: new Float64Array(2), categories: [] };
const metric = { name: 'hr', k: 1 } as const;
const run = (...ranks: readonly number[]): { cases: RankedCase[]; candidates: number } => ({
  cases: ranks.map((rank) => ({ ranks: [rank], list: [0], ranked: 2 })),
  candidates: 2,
});
const compare = (models: readonly ModelName[], runs: ReturnType<typeof run>[]): unknown[] =>
  compareRows({ run: { users: Int32Array.of(0, 1, 2, 3), asked, runs }, models, metric, facts, seed: 1 }).map(
    ({ model, against, value, metric: name }) => [model, against, name, value],
  );

describe('compareRows', () => {
  it('compares the hybrid with the best single model, then everything with popularity', () => {
    const runs = [run(0, 1, 1, 1), run(0, 0, 1, 1), run(0, 0, 0, 1), run(0, 0, 0, 0)];
    expect(compare(['popular', 'item-knn', 'ease', 'hybrid'], runs)).toEqual([
      ['hybrid', 'ease', 'hr@1', 0.25],
      ['item-knn', 'popular', 'hr@1', 0.25],
      ['ease', 'popular', 'hr@1', 0.5],
      ['hybrid', 'popular', 'hr@1', 0.75],
    ]);
  });

  it('says that a hybrid is worse', () => {
    expect(compare(['ease', 'hybrid'], [run(0, 0, 0, 0), run(0, 1, 1, 1)])).toEqual([['hybrid', 'ease', 'hr@1', -0.75]]);
  });

  it('says nothing of what is not there', () => {
    expect(compare(['ease', 'ncf'], [run(0, 0, 0, 0), run(0, 0, 0, 0)])).toEqual([]);
    expect(compare(['hybrid'], [run(0, 0, 0, 0)])).toEqual([]);
  });

  it('is sure where every user agrees', () => {
    const [difference] = compareRows({
      run: { users: Int32Array.of(0, 1, 2, 3), asked, runs: [run(1, 1, 1, 1), run(0, 0, 0, 0)] },
      models: ['ease', 'hybrid'],
      metric,
      facts,
      seed: 1,
    });
    expect([difference!.low, difference!.value, difference!.high]).toEqual([1, 1, 1]);
  });
});

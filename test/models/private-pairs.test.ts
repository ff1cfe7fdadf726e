import { itemKnn } from '../../src/models/item-knn/item-knn';
import { composedBudget, countNoise, countPrivately } from '../../src/models/item-knn/private-pairs';
import { ItemIndex } from '../../src/models/item-index';
import { normalQuantile } from '../../src/models/normal-quantile';
import { popular } from '../../src/models/popular/popular';
import { SparseScores } from '../../src/models/sparse-scores';
import type { Model, TrainingEvents } from '../../src/models/model';
import { trainableModels } from '../../src/models/model-catalogue';
import { userKnn } from '../../src/models/user-knn/user-knn';
import { userVectors } from '../../src/models/user-knn/user-vectors';

/** Each user's items in the order in which they had them. */
function eventsOf(...users: readonly (readonly string[])[]): TrainingEvents {
  const index = new ItemIndex();
  const rows = users.flatMap((items, user) => items.map((item, at) => ({ user, item: index.intern(item), at })));
  return {
    userIds: users.map((_, user) => `u${user}`),
    itemIds: Array.from({ length: index.size }, (_, row) => index.idAt(row)),
    users: Int32Array.from(rows, ({ user }) => user),
    items: Int32Array.from(rows, ({ item }) => item),
    weights: new Float32Array(rows.length).fill(1),
    times: Float64Array.from(rows, ({ at }) => at),
  };
}

/** The ids that a model gives score to for somebody who had `history`, newest first. */
function scored<O extends object>(model: Model<never, O>, events: TrainingEvents, options: O, history: readonly string[]): string[] {
  const index = new ItemIndex();
  for (const id of events.itemIds) index.intern(id);
  const snapshot = model.fit(events, options) as never;
  const into = new SparseScores();
  const rows = history.map((id) => index.intern(id));
  model.scorer(snapshot, index, options)!.score({ history: rows.map((row) => ({ row, weight: 1, at: 0 })), seen: rows, now: 0 }, into, 100);
  return into.rows.map((row) => index.idAt(row)).sort();
}

const three = eventsOf(['a', 'b'], ['a', 'b'], ['a', 'b', 'rare'], ['a', 'rare']);

describe('a floor of k users', () => {
  it('keeps pairs and items out of item-knn that fewer had', () => {
    expect(scored(itemKnn as never, three, itemKnn.defaults, ['a'])).toEqual(['b', 'rare']);
    expect(scored(itemKnn as never, three, { ...itemKnn.defaults, minUsers: 3 }, ['a'])).toEqual(['b']);
    expect(scored(itemKnn as never, three, { ...itemKnn.defaults, minUsers: 4 }, ['a'])).toEqual([]);
  });

  it('keeps items out of popular that fewer had, also when they are met live', () => {
    const options = { ...popular.defaults, minUsers: 3 };
    expect(scored(popular as never, three, popular.defaults, [])).toEqual(['a', 'b', 'rare']);
    expect(scored(popular as never, three, options, [])).toEqual(['a', 'b']);
    const index = new ItemIndex();
    for (const id of three.itemIds) index.intern(id);
    const scorer = popular.scorer(popular.fit(three, options), index, options);
    for (let n = 0; n < 10; n++) scorer.observe({ row: index.intern('rare'), weight: 1, at: n, previous: [] });
    expect(scorer.top('all', 0, 10).map(({ row }) => index.idAt(row))).toEqual(['a', 'b']);
  });

  it('lets user-knn use only what so many of the nearest users had', () => {
    expect(scored(userKnn as never, three, userKnn.defaults, ['a'])).toEqual(['a', 'b', 'rare']);
    expect(scored(userKnn as never, three, { ...userKnn.defaults, minUsers: 3 }, ['a'])).toEqual(['a', 'b']);
  });
});

describe('noise on co-counts', () => {
  const options = { ...itemKnn.defaults, epsilon: 1, itemsOfUser: 3, window: 30, pairDecay: 1, noiseSeed: '7' };

  it('is that of the formula: three items are six counts of one, so Δ² = 6', () => {
    const log = Math.log(2e6);
    const rho = (Math.sqrt(log + 1) - Math.sqrt(log)) ** 2;
    const { sigma, threshold } = countNoise(options, options);
    expect(sigma).toBeCloseTo(Math.sqrt(6 / (2 * rho)), 10);
    expect(threshold).toBeCloseTo(1 + sigma * normalQuantile(1 - 1e-6 / 12), 10);
    expect(rho + 2 * Math.sqrt(rho * log)).toBeCloseTo(1, 10); // ρ-zCDP gives back ε
  });

  it('has the quantiles of the normal distribution', () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 9);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 8);
    expect(normalQuantile(1e-6)).toBeCloseTo(-4.753424309, 7);
  });

  it('is the same for a pair from both sides, another for another seed, and of the stated spread', () => {
    const many = eventsOf(...Array.from({ length: 1000 }, () => Array.from({ length: 12 }, (_, n) => `i${n}`)));
    const vectors = userVectors(many, Infinity, 12);
    const of = (noiseSeed: string) => countPrivately(vectors, 12, { ...options, itemsOfUser: 12, noiseSeed }, 12);
    const { pairs, counts } = of('7');
    const value = (i: number, j: number): number => {
      for (let k = pairs.indptr[i]!; k < pairs.indptr[i + 1]!; k++) if (pairs.targets[k] === j) return pairs.values[k]!;
      return 0;
    };
    const noise: number[] = [];
    for (let i = 0; i < 12; i++)
      for (let j = 0; j < i; j++) {
        expect(value(i, j)).toBe(value(j, i));
        noise.push(value(i, j) - 1000);
      }
    const { sigma } = countNoise({ ...options, itemsOfUser: 12 }, options);
    const spread = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length);
    expect(spread / sigma).toBeGreaterThan(0.75);
    expect(spread / sigma).toBeLessThan(1.25);
    expect(of('7')).toEqual({ pairs, counts });
    expect(of('8').pairs.values).not.toEqual(pairs.values);
  });

  it('shows nothing that one user alone had, and no more of a user than the bound', () => {
    const events = eventsOf(['x', 'y', 'z', 'v']);
    expect(scored(itemKnn as never, events, options, ['x'])).toEqual([]);
    const { indptr } = userVectors(events, Infinity, options.itemsOfUser);
    expect([...indptr]).toEqual([0, 3]);
  });

  it('is drawn anew for each fit of a training run, repeats for a given seed, and is refused without one', async () => {
    const bought = eventsOf(...Array.from({ length: 400 }, () => ['a', 'b', 'c']));
    let drawn = 0;
    const fresh = trainableModels({ 'item-knn': { ...options, noiseSeed: '' } }, () => `seed ${++drawn}`)['item-knn'];
    const [first, second] = [await fresh.fit(bought), await fresh.fit(bought)];
    expect(drawn).toBe(2);
    expect(second['pairs']).not.toEqual(first['pairs']);
    expect(itemKnn.fit(bought, { ...options, noiseSeed: 'seed 2' })).toEqual(second);
    expect(() => itemKnn.fit(bought, { ...options, noiseSeed: '' })).toThrow('noise without a seed');
    const plain = trainableModels({}, () => `seed ${++drawn}`)['item-knn'];
    expect(await plain.fit(bought)).toEqual(await plain.fit(bought));
    expect(drawn).toBe(2); // nothing is drawn for a model without noise
  });

  it('adds up over fits: one spends what it says, four of ρ spend 4ρ', () => {
    const each = { epsilon: 1, delta: 1e-6 };
    const one = composedBudget(each, 1);
    expect(one.epsilon).toBeCloseTo(1, 10);
    expect(one.delta).toBeCloseTo(1e-6, 15);
    const log = Math.log(2e6);
    const rho = 4 * (Math.sqrt(log + 1) - Math.sqrt(log)) ** 2;
    expect(composedBudget(each, 4).epsilon).toBeCloseTo(rho + 2 * Math.sqrt(rho * log), 10);
    expect(composedBudget(each, 4).delta).toBeCloseTo(2.5e-6, 15);
  });
});

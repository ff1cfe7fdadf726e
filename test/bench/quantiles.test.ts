import { quantile, spreadOf } from '../../bench/support/quantiles';

describe('quantiles by nearest rank', () => {
  it('are values that were measured', () => {
    const ascending = [10, 20, 30, 40];
    expect([0, 0.25, 0.5, 0.75, 0.76, 0.99, 1].map((q) => quantile(ascending, q))).toEqual([10, 10, 20, 30, 40, 40, 40]);
    expect(quantile([], 0.5)).toBe(0);
  });

  it('take times in any order, to a hundredth', () => {
    const times = Array.from({ length: 100 }, (_, k) => 100 - k + 0.001);
    expect(spreadOf(times)).toEqual({ p50Ms: 50, p90Ms: 90, p99Ms: 99, maxMs: 100 });
  });
});

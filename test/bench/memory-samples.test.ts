import { slope } from '../../bench/support/memory-samples';

describe('the slope of memory', () => {
  it('is that of the line of least squares', () => {
    expect(slope([0, 1, 2, 3], [5, 7, 9, 11])).toBe(2);
    expect(slope([0, 1, 2], [1, 0, 1])).toBe(0);
    expect(slope([10, 20, 30, 40], [4, 4, 2, 2])).toBeCloseTo(-0.08);
  });

  it('is 0 where nothing can be said', () => {
    expect(slope([], [])).toBe(0);
    expect(slope([0, 1], [0, 9])).toBe(0);
    expect(slope([3, 3, 3], [1, 2, 3])).toBe(0);
  });
});

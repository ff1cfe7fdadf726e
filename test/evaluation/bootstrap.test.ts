import { bootstrapDifference, bootstrapMean, bootstrapRatio, quantile } from '../../src/evaluation/bootstrap';
import { gaussian, seededRandom } from '../../src/platform/random';

describe('quantile', () => {
  it.each([
    [0, 1],
    [1, 4],
    [0.5, 2.5],
    [0.1, 1.3],
  ])('%p of 1, 2, 3, 4 is %p', (share, expected) => expect(quantile([1, 2, 3, 4], share)).toBeCloseTo(expected, 12));

  it('is 0 of nothing', () => expect(quantile([], 0.5)).toBe(0));
});

describe('bootstrapMean', () => {
  const random = seededRandom(7);
  const values = Array.from({ length: 150 }, () => gaussian(random));
  const everyoneAlone = values.map((_, k) => k);

  it('is the same for the same seed and another for another', () => {
    expect(bootstrapMean(values, everyoneAlone, { seed: 3 })).toEqual(bootstrapMean(values, everyoneAlone, { seed: 3 }));
    expect(bootstrapMean(values, everyoneAlone, { seed: 3 })).not.toEqual(bootstrapMean(values, everyoneAlone, { seed: 4 }));
  });

  it('is about as wide as the normal interval of a mean', () => {
    const { value, low, high } = bootstrapMean(values, everyoneAlone, { seed: 1, resamples: 2000 });
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
    expect(value).toBeCloseTo(mean, 12);
    expect((high - low) / ((2 * 1.96 * deviation) / Math.sqrt(values.length))).toBeCloseTo(1, 1);
  });

  it('is wider when the cases of a user go together', () => {
    const doubled = values.flatMap((value) => Array.from({ length: 4 }, () => value));
    const alone = bootstrapMean(
      doubled,
      doubled.map((_, k) => k),
      { seed: 1 },
    );
    const together = bootstrapMean(
      doubled,
      doubled.map((_, k) => Math.floor(k / 4)),
      { seed: 1 },
    );
    expect((together.high - together.low) / (alone.high - alone.low)).toBeCloseTo(2, 0);
  });

  it('has no width for one user, and is 0 of nothing', () => {
    expect(bootstrapMean([0, 1, 1, 0], [5, 5, 5, 5], { seed: 1 })).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
    expect(bootstrapMean([], [], { seed: 1 })).toEqual({ value: 0, low: 0, high: 0 });
  });
});

describe('bootstrapDifference', () => {
  const random = seededRandom(11);
  const users = Array.from({ length: 400 }, (_, k) => Math.floor(k / 4));
  const hardness = users.map(() => gaussian(random));
  const better = hardness.map((value) => value + 0.1);

  it('is the mean of the paired differences, the same for the same seed', () => {
    const noisy = better.map((value, k) => value + (k % 2 === 0 ? 0.05 : -0.05));
    const estimate = bootstrapDifference(noisy, hardness, users, { seed: 3 });
    expect(estimate.value).toBeCloseTo(0.1, 12);
    expect(bootstrapDifference(noisy, hardness, users, { seed: 3 })).toEqual(estimate);
    const differences = noisy.map((value, k) => value - hardness[k]!);
    expect(bootstrapMean(differences, users, { seed: 3 })).toEqual(estimate);
  });

  it('sees a difference that single intervals do not, because what is hard for both cancels', () => {
    const paired = bootstrapDifference(better, hardness, users, { seed: 1 });
    expect([paired.low, paired.high]).toEqual([expect.closeTo(0.1, 9), expect.closeTo(0.1, 9)]);
    expect(bootstrapMean(better, users, { seed: 1 }).low).toBeLessThan(bootstrapMean(hardness, users, { seed: 1 }).high);
  });

  it('holds 0 where neither is better, and turns its sign with its sides', () => {
    const other = hardness.map(() => gaussian(random));
    const estimate = bootstrapDifference(hardness, other, users, { seed: 2 });
    expect(estimate.low).toBeLessThan(0);
    expect(estimate.high).toBeGreaterThan(0);
    const turned = bootstrapDifference(other, hardness, users, { seed: 2 });
    expect(turned.value).toBeCloseTo(-estimate.value, 12);
    expect(turned.low).toBeCloseTo(-estimate.high, 12);
  });

  it('refuses what is not paired', () => {
    expect(() => bootstrapDifference([1, 2], [1], [0, 0], { seed: 1 })).toThrow(RangeError);
    expect(() => bootstrapDifference([1, 2], [1, 2], [0], { seed: 1 })).toThrow(RangeError);
  });

  it('takes a million values', () => {
    const length = 1_000_000;
    const a = new Float64Array(length).fill(1);
    const groups = Int32Array.from({ length }, (_, k) => k % 6040);
    expect(bootstrapDifference(a, new Float64Array(length), groups, { seed: 1, resamples: 20 })).toEqual({ value: 1, low: 1, high: 1 });
  });
});

describe('bootstrapRatio', () => {
  it('is the ratio of the sums: of two groups, one of three values is possible', () => {
    // group 0: 1 of 2, group 1: 3 of 4; drawn twice: (0,0) → 1/2, (1,1) → 3/4, mixed → 4/6
    expect(bootstrapRatio([1, 3], [2, 4], [0, 1], { seed: 1 })).toEqual({ value: 4 / 6, low: 1 / 2, high: 3 / 4 });
  });

  it('with denominators 1 is the mean, and 0 over nothing', () => {
    expect(bootstrapRatio([1, 2, 6], [1, 1, 1], [0, 1, 1], { seed: 4 })).toEqual(bootstrapMean([1, 2, 6], [0, 1, 1], { seed: 4 }));
    expect(bootstrapRatio([1], [0], [0], { seed: 1 })).toEqual({ value: 0, low: 0, high: 0 });
    expect(() => bootstrapRatio([1], [], [0], { seed: 1 })).toThrow(RangeError);
  });
});

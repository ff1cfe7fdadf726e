import { bootstrapMean, quantile } from '../../src/evaluation/bootstrap';
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

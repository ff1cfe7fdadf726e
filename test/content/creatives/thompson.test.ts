import { drawIndex, thompsonShares } from '../../../src/content/creatives/thompson';
import { seededRandom } from '../../../src/platform/random';

const nothing = { shown: 0, clicked: 0 };
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('thompsonShares', () => {
  it('is even while nothing is known', () => {
    expect(thompsonShares([])).toEqual([]);
    for (const share of thompsonShares([nothing, nothing, nothing])) expect(share).toBeCloseTo(1 / 3, 10);
  });

  it('is the probability that the arm is best: worked by hand for small posteriors', () => {
    // P(Beta(2,1) > U) = ∫ 2x · x dx = 2/3. P(Beta(3,1) > Beta(1,2)) = 1 − ∫ 2(1−x) x³ dx = 1 − (2/4 − 2/5) = 9/10.
    expect(thompsonShares([{ shown: 1, clicked: 1 }, nothing])[0]).toBeCloseTo(2 / 3, 4);
    expect(
      thompsonShares([
        { shown: 2, clicked: 2 },
        { shown: 1, clicked: 0 },
      ])[0],
    ).toBeCloseTo(9 / 10, 4);
  });

  it('sums to 1, also with much evidence, and then prefers the better arm', () => {
    const shares = thompsonShares([
      { shown: 100_000, clicked: 9_000 },
      { shown: 100_000, clicked: 7_000 },
      nothing,
      { shown: 50, clicked: 4 },
    ]);
    expect(sum(shares)).toBeCloseTo(1, 10);
    expect(shares[0]!).toBeGreaterThan(1000 * shares[1]!);
    expect(shares[2]!).toBeGreaterThan(0.5); // of which nothing is known, much may be hoped
  });
});

it('loses less and less: the regret of a batched bandit is a small part of that of chance', () => {
  const rates = [0.05, 0.1, 0.2, 0.08];
  const random = seededRandom(3);
  const counts = rates.map(() => ({ ...nothing }));
  let regret = 0;
  for (let batch = 0; batch < 40; batch++) {
    const shares = thompsonShares(counts);
    for (let k = 0; k < 100; k++) {
      const arm = drawIndex(shares, random());
      regret += 0.2 - rates[arm]!;
      counts[arm]!.shown++;
      if (random() < rates[arm]!) counts[arm]!.clicked++;
    }
  }
  const ofChance = 4000 * (0.2 - sum(rates) / 4);
  expect(regret).toBeLessThan(0.15 * ofChance);
});

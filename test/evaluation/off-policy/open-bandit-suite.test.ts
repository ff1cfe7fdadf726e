import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_DATA_DIR } from '../../../src/datasets/dataset';
import { evaluateOffPolicy, toActionLog } from '../../../src/evaluation/off-policy/open-bandit-suite';

it('takes an impression as a choice: item, position, click, propensity', () => {
  const impression = { at: 0, item: 7, position: 2, clicked: true, propensity: 0.1, userFeatures: [], affinities: [] };
  expect(toActionLog([impression])).toEqual({
    actionCount: 34,
    slotCount: 3,
    actions: Int32Array.of(7),
    slots: Int32Array.of(2),
    rewards: Float64Array.of(1),
    propensities: Float64Array.of(0.1),
  });
});

const dir = join(DEFAULT_DATA_DIR, 'open-bandit-men');
const present = existsSync(dir);
if (!present) process.stderr.write(`left out: off-policy estimates on real data, because ${dir} is not there\n`);
if (present)
  it('repeats what was measured on the real logs', async () => {
    const results = await evaluateOffPolicy(dir, 1);
    const of = (estimator: string, target: string): (typeof results)[number] =>
      results.find((result) => result.estimator === estimator && result.target === target)!;
    const written = ({ estimate, low, high }: (typeof results)[number]): number[] => [estimate, low, high].map((x) => Number(x.toFixed(4)));
    expect(of('on-policy', 'random').estimate).toBeCloseTo(0.0046, 12);
    expect(of('on-policy', 'bts').estimate).toBeCloseTo(0.0069, 12);
    const ipw = of('ipw', 'random');
    expect([ipw.largestWeight, ipw.effectiveSampleSize, ipw.meanWeight].map((x) => Number(x.toFixed(2)))).toEqual([178.25, 655.71, 0.94]);
    for (const [result, expected] of [
      [ipw, [0.003, 0.0016, 0.0046]],
      [of('snipw', 'random'), [0.0032, 0.0019, 0.0049]],
    ] as const)
      written(result).forEach((figure, k) => expect(Math.abs(figure - expected[k]!)).toBeLessThan(0.00025));
    // The right answer, the click rate under the uniform policy, is inside or at the upper end of every interval.
    for (const estimator of ['ipw', 'snipw', 'dr']) expect(of(estimator, 'random').high).toBeGreaterThan(0.0042);
    expect(results.map(({ estimator, target, logged }) => `${estimator} ${target} ${logged}`)).toEqual([
      'on-policy random random',
      'on-policy bts bts',
      'ipw random bts',
      'snipw random bts',
      'dr random bts',
      'ipw bts-marginal random',
      'snipw bts-marginal random',
      'dr bts-marginal random',
    ]);
  });

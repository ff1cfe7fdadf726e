import { join } from 'node:path';
import type { OffPolicyResult } from '../off-policy/evaluate-policy';
import { evaluateOffPolicy } from '../off-policy/open-bandit-suite';
import type { Experiment, ExperimentTable } from './experiment';

const DATASET = 'open-bandit-men';
/** An interval that is wider than this share of its estimate tells little. */
const WIDE = 0.5;

/** Whether off-policy estimates from the log of one policy cover what another was seen to earn. */
export const offPolicy: Experiment = {
  name: 'off-policy',
  title: 'Off-policy estimates on real logs of two policies',
  datasets: [DATASET],
  run: async ({ dataDir, seed }) => {
    const results = await evaluateOffPolicy(join(dataDir, DATASET), seed);
    return [toTable(results)];
  },
};

/** The log that tells what an estimate should have been; absent: no log does. */
const REFERENCE: Readonly<Record<string, string>> = { random: 'random', 'bts-marginal': 'bts' };

export function toTable(results: readonly OffPolicyResult[]): ExperimentTable {
  const logged = new Map(results.filter(({ estimator }) => estimator === 'on-policy').map((result) => [result.target, result]));
  return {
    text:
      'Click rates of Open Bandit’s men’s campaign (Saito, Aihara, Matsutani, Narita, NeurIPS 2021): two logs of 10,000 impressions, one chosen at random (46 clicks), ' +
      'one by Bernoulli Thompson sampling, `bts` (69 clicks). Each estimate is of a policy from the log of the *other*; the last column says whether its 95 % interval ' +
      '(percentile bootstrap) covers the click rate that the policy’s own log shows. `bts-marginal` shows each item at each place as often as `bts` did over all: that log is ' +
      'a neighbour, not the right answer. So few clicks make every interval wide: “wide” marks those longer than half of their estimate. ' +
      'They are ranges, not figures.',
    columns: [
      'policy',
      'from the log of',
      'estimator',
      'click rate, %',
      'interval',
      'effective sample',
      'largest weight',
      'mean weight',
      'logged click rate, %',
    ],
    rows: results.map((result) => toRow(result, logged)),
  };
}

function toRow(result: OffPolicyResult, logged: ReadonlyMap<string, OffPolicyResult>): string[] {
  const { target, logged: from, estimator, estimate, low, high, effectiveSampleSize, largestWeight, meanWeight } = result;
  const truth = estimator === 'on-policy' ? undefined : logged.get(REFERENCE[target] ?? '');
  const covered = truth && low <= truth.estimate && truth.estimate <= high;
  return [
    target,
    from,
    estimator,
    percent(estimate),
    `${percent(low)} to ${percent(high)}${high - low > WIDE * estimate ? ', wide' : ''}`,
    effectiveSampleSize.toFixed(0),
    largestWeight.toFixed(1),
    meanWeight.toFixed(2),
    truth === undefined ? '–' : `${percent(truth.estimate)}, ${covered ? 'covered' : '**missed**'}`,
  ];
}

const percent = (value: number): string => (100 * value).toFixed(2);

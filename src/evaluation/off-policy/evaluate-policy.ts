import type { Estimate } from '../bootstrap';
import type { ActionLog, TargetPolicy } from './action-log';
import { doublyRobust, inversePropensity, onPolicyValue, selfNormalised } from './estimators';
import { effectiveSampleSize, importanceWeights } from './importance-weights';
import { crossFitRewards } from './reward-model';

export const ESTIMATORS = ['on-policy', 'ipw', 'snipw', 'dr'] as const;
export type Estimator = (typeof ESTIMATORS)[number];

/** What one estimator says of a policy from the log of another. */
export interface OffPolicyResult {
  readonly estimator: Estimator;
  /** The policy whose mean reward is estimated. */
  readonly target: string;
  /** The policy that wrote the log. */
  readonly logged: string;
  readonly estimate: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Of the weights, out of the number of choices. */
  readonly effectiveSampleSize: number;
  readonly largestWeight: number;
  /** Far from 1: the log does not hold what the target would do. */
  readonly meanWeight: number;
}

export interface LoggedUnder {
  readonly log: ActionLog;
  readonly logged: string;
}

/** The mean reward of the policy that wrote the log, as it was. */
export function evaluateLoggingPolicy({ log, logged }: LoggedUnder, seed: number): OffPolicyResult {
  const weights = new Float64Array(log.rewards.length).fill(1);
  return toResult({ estimator: 'on-policy', target: logged, logged }, onPolicyValue(log, seed), weights);
}

/** The mean reward that another policy would have had, by every estimator. The same seed gives the same figures. */
export function evaluatePolicy(
  { log, logged }: LoggedUnder,
  { name, policy }: { readonly name: string; readonly policy: TargetPolicy },
  seed: number,
): OffPolicyResult[] {
  const weights = importanceWeights(log, policy);
  const estimates = {
    ipw: inversePropensity(log, weights, seed),
    snipw: selfNormalised(log, weights, seed),
    dr: doublyRobust(log, weights, { target: policy, model: crossFitRewards(log, { seed }) }, seed),
  } as const;
  return (['ipw', 'snipw', 'dr'] as const).map((estimator) => toResult({ estimator, target: name, logged }, estimates[estimator], weights));
}

function toResult(
  names: Pick<OffPolicyResult, 'estimator' | 'target' | 'logged'>,
  { value, low, high }: Estimate,
  weights: Float64Array,
): OffPolicyResult {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    ...names,
    estimate: value,
    low,
    high,
    effectiveSampleSize: effectiveSampleSize(weights),
    largestWeight: weights.reduce((largest, weight) => Math.max(largest, weight), 0),
    meanWeight: weights.length === 0 ? 0 : sum / weights.length,
  };
}

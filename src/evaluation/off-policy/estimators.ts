import { bootstrapMean, bootstrapRatio, type Estimate } from '../bootstrap';
import type { ActionLog, TargetPolicy } from './action-log';
import type { RewardModel } from './reward-model';

/** The mean reward that was logged: the value of the logging policy itself. Intervals here and below: 95 % percentile bootstrap over the log's groups, single choices where it has none. */
export const onPolicyValue = (log: ActionLog, seed: number): Estimate => bootstrapMean(log.rewards, groupsOf(log), { seed });

/**
 * Inverse propensity weighting: mean of w · r. Unbiased where the logging policy can take whatever the target can and the propensities are right;
 * few large weights make it uncertain. (Horvitz & Thompson, JASA 1952; Strehl et al., NIPS 2010.)
 */
export const inversePropensity = (log: ActionLog, weights: Float64Array, seed: number): Estimate =>
  bootstrapMean(
    weights.map((weight, k) => weight * log.rewards[k]!),
    groupsOf(log),
    { seed },
  );

/** Self-normalised: Σ w · r / Σ w. Stays in the range of the rewards, at the price of a bias that vanishes with more data. (Swaminathan & Joachims, NIPS 2015.) */
export const selfNormalised = (log: ActionLog, weights: Float64Array, seed: number): Estimate =>
  bootstrapRatio(
    weights.map((weight, k) => weight * log.rewards[k]!),
    weights,
    groupsOf(log),
    { seed },
  );

/** What a doubly robust estimate rests on besides the weights. */
export interface Expectations {
  readonly target: TargetPolicy;
  readonly model: RewardModel;
}

/**
 * Doubly robust: mean of Σ_a π(a) q(a) + w · (r − q(a logged)), with q the reward model and π the target. Unbiased where either the propensities or the model
 * are right. The interval takes the model as given. (Dudík, Langford & Li, ICML 2011.)
 */
export const doublyRobust = (log: ActionLog, weights: Float64Array, expectations: Expectations, seed: number): Estimate =>
  bootstrapMean(doublyRobustTerms(log, weights, expectations), groupsOf(log), { seed });

/** [choices] what each choice says of the target's mean reward, doubly robust: their mean is the estimate. */
export function doublyRobustTerms(log: ActionLog, weights: Float64Array, { target, model }: Expectations): Float64Array {
  return weights.map((weight, k) => {
    const chances = target(k);
    const expected = model(k);
    let value = weight * (log.rewards[k]! - expected[log.actions[k]!]!);
    for (let a = 0; a < log.actionCount; a++) value += chances[a]! * expected[a]!;
    return value;
  });
}

/** [choices] */
export const groupsOf = ({ groups, rewards }: ActionLog): Int32Array => groups ?? Int32Array.from(rewards, (_, k) => k);

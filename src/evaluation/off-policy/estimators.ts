import { bootstrapMean, bootstrapRatio, type Estimate } from '../bootstrap';
import type { ActionLog, TargetPolicy } from './action-log';
import type { RewardModel } from './reward-model';

/** The mean reward that was logged: the value of the logging policy itself. Intervals here and below: 95 % percentile bootstrap over single choices. */
export const onPolicyValue = ({ rewards }: ActionLog, seed: number): Estimate => bootstrapMean(rewards, eachAlone(rewards), { seed });

/**
 * Inverse propensity weighting: mean of w · r. Unbiased where the logging policy can take whatever the target can and the propensities are right;
 * few large weights make it uncertain. (Horvitz & Thompson, JASA 1952; Strehl et al., NIPS 2010.)
 */
export const inversePropensity = ({ rewards }: ActionLog, weights: Float64Array, seed: number): Estimate =>
  bootstrapMean(
    weights.map((weight, k) => weight * rewards[k]!),
    eachAlone(rewards),
    { seed },
  );

/** Self-normalised: Σ w · r / Σ w. Stays in the range of the rewards, at the price of a bias that vanishes with more data. (Swaminathan & Joachims, NIPS 2015.) */
export const selfNormalised = ({ rewards }: ActionLog, weights: Float64Array, seed: number): Estimate =>
  bootstrapRatio(
    weights.map((weight, k) => weight * rewards[k]!),
    weights,
    eachAlone(rewards),
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
export function doublyRobust(log: ActionLog, weights: Float64Array, { target, model }: Expectations, seed: number): Estimate {
  const terms = weights.map((weight, k) => {
    const chances = target(k);
    const expected = model(k);
    let value = weight * (log.rewards[k]! - expected[log.actions[k]!]!);
    for (let a = 0; a < log.actionCount; a++) value += chances[a]! * expected[a]!;
    return value;
  });
  return bootstrapMean(terms, eachAlone(terms), { seed });
}

const eachAlone = ({ length }: ArrayLike<number>): Int32Array => Int32Array.from({ length }, (_, k) => k);

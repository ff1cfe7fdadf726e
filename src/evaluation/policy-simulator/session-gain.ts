import { seededRandom } from '../../platform/random';
import { quantile, type Estimate } from '../bootstrap';
import type { ReaderOutcome } from './simulate-seed';

/** The same readers under two products, of one seed. */
export interface PairedOutcomes {
  readonly hybrid: readonly ReaderOutcome[];
  readonly policy: readonly ReaderOutcome[];
}

const RESAMPLES = 1000;

/** Mean reward of a session; 0 of none. */
export function sessionReward(outcomes: readonly ReaderOutcome[]): number {
  const sessions = outcomes.reduce((sum, outcome) => sum + outcome.sessions, 0);
  return sessions === 0 ? 0 : outcomes.reduce((sum, { reward }) => sum + reward, 0) / sessions;
}

/**
 * Session reward of the policy over that of the hybrid, less 1, with its 95 % interval: readers are drawn with replacement within each seed, with what they
 * did under both (Efron & Tibshirani 1993). Several seeds: the mean of their gains.
 */
export function sessionGain(seeds: readonly PairedOutcomes[], seed: number): Estimate {
  const random = seededRandom(seed);
  const drawn = Float64Array.from({ length: RESAMPLES }, () =>
    mean(
      seeds.map(({ hybrid, policy }) => {
        const readers = Array.from(hybrid, () => Math.floor(random() * hybrid.length));
        return gain({ hybrid: readers.map((k) => hybrid[k]!), policy: readers.map((k) => policy[k]!) });
      }),
    ),
  ).sort();
  return { value: mean(seeds.map(gain)), low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

const gain = ({ hybrid, policy }: PairedOutcomes): number => sessionReward(policy) / sessionReward(hybrid) - 1;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

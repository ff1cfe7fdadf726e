import { seededRandom } from '../../platform/random';
import { shuffle } from '../../platform/shuffle';
import type { ActionLog } from './action-log';

/** [actionCount] the expected reward of each action in the situation of the k-th choice. */
export type RewardModel = (k: number) => ArrayLike<number>;

export interface CrossFitOptions {
  readonly seed: number;
  /** @default 5 */
  readonly folds?: number;
  /** Choices that the prior counts as, at both levels. @default 100 */
  readonly strength?: number;
}

/**
 * The mean reward of each action and slot, drawn towards that of the action in any slot, and this towards that of all:
 * q(a, s) = (Σ r(a, s) + m · q(a)) / (n(a, s) + m), q(a) = (Σ r(a) + m · r̄) / (n(a) + m), with m the strength. Cross-fitted: what is said of a choice comes from
 * the other folds, so its own reward is not in it. Folds are dealt by a seeded shuffle. With one choice in all, 0.
 */
export function crossFitRewards(log: ActionLog, { seed, folds = 5, strength = 100 }: CrossFitOptions): RewardModel {
  const foldOf = dealFolds(log.actions.length, folds, seed);
  const byFold = Array.from({ length: folds }, (_, fold) => fitWithout(log, foldOf, fold, strength));
  return (k) => byFold[foldOf[k]!]![log.slots[k]!]!;
}

/** [length] the fold of each choice, as equal in size as can be. */
function dealFolds(length: number, folds: number, seed: number): Int32Array {
  const dealt = Int32Array.from({ length }, (_, k) => k % folds);
  shuffle(dealt, seededRandom(seed));
  return dealt;
}

/** [slots][actions] of all folds but one. */
function fitWithout(log: ActionLog, foldOf: Int32Array, left: number, strength: number): Float64Array[] {
  const { actionCount, slotCount, actions, slots, rewards } = log;
  const sums = new Float64Array(slotCount * actionCount);
  const counts = new Float64Array(slotCount * actionCount);
  for (let k = 0; k < actions.length; k++) {
    if (foldOf[k] === left) continue;
    const cell = slots[k]! * actionCount + actions[k]!;
    sums[cell]! += rewards[k]!;
    counts[cell]!++;
  }
  const total = (values: Float64Array, ofAction?: number): number =>
    values.reduce((sum, value, cell) => sum + (ofAction === undefined || cell % actionCount === ofAction ? value : 0), 0);
  const drawn = (sum: number, count: number, prior: number): number => (sum + strength * prior) / (count + strength);
  const everywhere = total(counts) === 0 ? 0 : total(sums) / total(counts);
  const ofAction = Float64Array.from({ length: actionCount }, (_, a) => drawn(total(sums, a), total(counts, a), everywhere));
  return Array.from({ length: slotCount }, (_, slot) =>
    ofAction.map((prior, a) => drawn(sums[slot * actionCount + a]!, counts[slot * actionCount + a]!, prior)),
  );
}

import { shuffled } from '../../platform/shuffle';
import { seededRandom } from '../../platform/random';

/** [labels] Fold of each, in [0, folds): each label's members are dealt out in a seeded order, so that every fold has its share of both. */
export function stratifiedFolds(labels: ArrayLike<number>, { folds, seed }: { readonly folds: number; readonly seed: number }): Int32Array {
  const random = seededRandom(seed);
  const fold = new Int32Array(labels.length);
  for (const label of [0, 1]) {
    const members = shuffled(
      Array.from(labels, (_, k) => k).filter((k) => labels[k] === label),
      random,
    );
    members.forEach((member, k) => (fold[member] = k % folds));
  }
  return fold;
}

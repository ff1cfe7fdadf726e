import type { ItemIndex } from '../../models/item-index';
import type { TrainingEvents } from '../../models/model';

/**
 * [candidates] −log2 p(item) in bits, by row of the index. p(item) is the chance that a user of the fit has had the item, smoothed by
 * Laplace's rule so that an item nobody had is finite: p = (users who had it + 1) / (users + 2). Several events of one user count once.
 * (Zhou et al., PNAS 2010, who take p = users who had it / users.)
 */
export function selfInformation(fit: TrainingEvents, index: ItemIndex, candidates: number): Float64Array {
  const itemsOf = new Map<number, Set<number>>();
  const holders = new Float64Array(candidates);
  for (let k = 0; k < fit.items.length; k++) {
    const user = fit.users[k]!;
    let had = itemsOf.get(user);
    if (had === undefined) itemsOf.set(user, (had = new Set()));
    const row = index.rowOf(fit.itemIds[fit.items[k]!]!);
    if (row === undefined || row >= candidates || had.has(row)) continue;
    had.add(row);
    holders[row]!++;
  }
  return holders.map((users) => -Math.log2((users + 1) / (itemsOf.size + 2)));
}

/** Novelty of one list: the mean self-information of its rows, in bits; 0 of an empty list. (Zhou et al., PNAS 2010.) */
export const novelty = (list: readonly number[], information: ArrayLike<number>): number =>
  list.length === 0 ? 0 : list.reduce((sum, row) => sum + information[row]!, 0) / list.length;

import type { RowCategories } from './row-categories';

/** Part of the history's distribution that is mixed into the list's, so that the divergence is finite. (Steck 2018, §3.) */
const SMOOTHING = 0.01;

/**
 * Miscalibration of one list: KL(p ‖ q̃) in nats between the categories of the history and of the list; 0 where they agree, −ln 0.01 ≈ 4.6 where they
 * share none. p(c) = Σ over the history of weight · (1 / number of the item's categories where it has c) / Σ weight; q the same over the list with
 * equal weights; q̃ = 0.99 q + 0.01 p. Items without categories are left out on both sides. `undefined` where nothing of the history
 * has a category; a list without any shares none. (Steck, Calibrated Recommendations, RecSys 2018, eq. 2–6; lower is better.)
 */
export function calibrationDivergence(
  history: readonly { readonly row: number; readonly weight: number }[],
  list: readonly number[],
  categories: RowCategories,
): number | undefined {
  const wanted = distribution(history, categories);
  if (wanted.size === 0) return undefined;
  const given = distribution(
    list.map((row) => ({ row, weight: 1 })),
    categories,
  );
  let divergence = 0;
  for (const [category, p] of wanted) divergence += p * Math.log(p / ((1 - SMOOTHING) * (given.get(category) ?? 0) + SMOOTHING * p));
  return Math.max(0, divergence); // rounding
}

/** Sums to 1, or is empty. */
function distribution(items: readonly { readonly row: number; readonly weight: number }[], categories: RowCategories): Map<number, number> {
  const mass = new Map<number, number>();
  let total = 0;
  for (const { row, weight } of items) {
    const own = categories[row] ?? [];
    if (own.length === 0 || !(weight > 0)) continue;
    total += weight;
    for (const category of own) mass.set(category, (mass.get(category) ?? 0) + weight / own.length);
  }
  for (const [category, amount] of mass) mass.set(category, amount / total);
  return mass;
}

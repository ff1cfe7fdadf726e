/** Catalogue coverage from `counts[row]`, how often each candidate was on a list: share of those with any; 0 of no candidates. (Ge, Delgado & Jannach, RecSys 2010.) */
export function coverageOfCounts(counts: ArrayLike<number>): number {
  let covered = 0;
  for (let row = 0; row < counts.length; row++) if (counts[row]! > 0) covered++;
  return counts.length === 0 ? 0 : covered / counts.length;
}

/**
 * Gini index of `counts[row]`, how often each candidate was on a list, those that never were included: 0 when all are equally often, 1 when
 * every place of every list goes to one item. G = Σ (2j − n − 1) · x_j / ((n − 1) · Σ x), x ascending, j = 1 … n. 0 where nothing
 * was recommended or there is but one candidate. (Shani & Gunawardana, Recommender Systems Handbook, 2011, §8.3.3.)
 */
export function gini(counts: ArrayLike<number>): number {
  const ascending = Float64Array.from(counts).sort();
  const n = ascending.length;
  let total = 0;
  let weighted = 0;
  for (let k = 0; k < n; k++) {
    total += ascending[k]!;
    weighted += (2 * (k + 1) - n - 1) * ascending[k]!;
  }
  return total === 0 || n < 2 ? 0 : weighted / ((n - 1) * total);
}

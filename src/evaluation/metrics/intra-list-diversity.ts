import type { RowCategories } from './row-categories';

/**
 * Diversity of one list in [0, 1]: 1 − the mean over its pairs of items of the Jaccard similarity of their categories. Items without
 * categories are left out; `undefined` where fewer than two are left, as then nothing can be said.
 * (Ziegler et al., WWW 2005, intra-list similarity; as 1 − mean, so that the length of the list does not matter.)
 */
export function intraListDiversity(list: readonly number[], categories: RowCategories): number | undefined {
  const known = list.map((row) => categories[row] ?? []).filter((own) => own.length > 0);
  if (known.length < 2) return undefined;
  let similarity = 0;
  for (let a = 1; a < known.length; a++) for (let b = 0; b < a; b++) similarity += jaccard(known[a]!, known[b]!);
  return 1 - similarity / ((known.length * (known.length - 1)) / 2);
}

/** Shared by total, of two non-empty lists of distinct numbers. */
function jaccard(a: readonly number[], b: readonly number[]): number {
  const shared = a.reduce((count, category) => count + (b.includes(category) ? 1 : 0), 0);
  return shared / (a.length + b.length - shared);
}

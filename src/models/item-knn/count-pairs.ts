import type { Csr } from '../csr';
import { SparseScores } from '../sparse-scores';
import { TopK } from '../top-k';
import type { UserVectors } from '../user-knn/user-vectors';

export interface PairCounts {
  /** Row i: how much i and each target were had together, largest first (ties: lower target first). */
  readonly pairs: Csr;
  /** [items]: how many users had the item. */
  readonly counts: Float32Array;
}

export interface PairOptions {
  /** Two items of a user are a pair when at most this many of their distinct items apart. */
  readonly window: number;
  /** A pair at distance d (1: neighbours) counts decay^(d − 1). */
  readonly pairDecay: number;
}

/**
 * The pairs of the users' items within any window, a row at a time: each row is complete before it is cut to its `keep` largest. Memory is
 * that of the result; time Σ over users of items · min(items, 2 · window).
 */
export function countPairs(
  { indptr, items }: UserVectors,
  itemCount: number,
  { window, pairDecay }: PairOptions,
  keep: number,
): PairCounts {
  const { start, places } = placesByItem(items, itemCount);
  const userOf = userOfPlaces({ indptr, items });
  const row = new SparseScores(itemCount);
  const best = new TopK(keep);
  const rows: Pick<Csr, 'targets' | 'values'>[] = [];
  for (let i = 0; i < itemCount; i++) {
    row.clear();
    const options = { window, pairDecay };
    eachPairOf(places.subarray(start[i], start[i + 1]), userOf, { indptr, items }, options, (item, amount) => row.add(item, amount));
    rows.push(largestOf(row, best));
  }
  return { pairs: joinRows(rows), counts: Float32Array.from({ length: itemCount }, (_, i) => start[i + 1]! - start[i]!) };
}

/** [places] the user of each place of the users' lists. */
export function userOfPlaces({ indptr, items }: Pick<UserVectors, 'indptr' | 'items'>): Uint32Array {
  const userOf = new Uint32Array(items.length);
  for (let u = 0; u < indptr.length - 1; u++) userOf.fill(u, indptr[u], indptr[u + 1]);
  return userOf;
}

/** Tells every pair of the item that stands at these places: each user's other items within the window, with what the pair counts. */
export function eachPairOf(
  places: Uint32Array,
  userOf: Uint32Array,
  { indptr, items }: Pick<UserVectors, 'indptr' | 'items'>,
  { window, pairDecay }: PairOptions,
  tell: (item: number, amount: number) => void,
): void {
  for (const at of places) {
    const user = userOf[at]!;
    const end = Math.min(indptr[user + 1]!, at + window + 1);
    for (let k = Math.max(indptr[user]!, at - window); k < end; k++) {
      if (k !== at) tell(items[k]!, pairDecay === 1 ? 1 : pairDecay ** (Math.abs(k - at) - 1));
    }
  }
}

/** Where each item stands in the users' lists: places[start[i]] … places[start[i + 1] − 1], ascending. */
export function placesByItem(items: Int32Array, itemCount: number): { readonly start: Uint32Array; readonly places: Uint32Array } {
  const start = new Uint32Array(itemCount + 1);
  for (const item of items) start[item + 1]!++;
  for (let i = 0; i < itemCount; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const places = new Uint32Array(items.length);
  items.forEach((item, at) => (places[next[item]!++] = at));
  return { start, places };
}

function largestOf(row: SparseScores, best: TopK): Pick<Csr, 'targets' | 'values'> {
  best.clear();
  for (const target of row.rows) best.offer(target, row.get(target));
  best.sort();
  return {
    targets: Int32Array.from({ length: best.size }, (_, k) => best.rowAt(k)),
    values: Float32Array.from({ length: best.size }, (_, k) => best.scoreAt(k)),
  };
}

export function joinRows(rows: readonly Pick<Csr, 'targets' | 'values'>[]): Csr {
  const indptr = new Uint32Array(rows.length + 1);
  rows.forEach(({ targets }, r) => (indptr[r + 1] = indptr[r]! + targets.length));
  const targets = new Int32Array(indptr[rows.length]!);
  const values = new Float32Array(targets.length);
  rows.forEach((row, r) => {
    targets.set(row.targets, indptr[r]);
    values.set(row.values, indptr[r]);
  });
  return { indptr, targets, values };
}

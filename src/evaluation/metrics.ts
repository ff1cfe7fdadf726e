/**
 * Ranks are counted from 0 and may be half: rank = number of candidates with a higher score + half the number of *other* candidates with
 * the same score, i.e. the expected rank when ties are broken at random. Infinity: not among the candidates. A target counts as among
 * the first k when rank < k. Where several targets tie with each other more than k of them can be so; a figure that would pass 1 by that is 1.
 */
export type Rank = number;

/** HR@k of one case: 1 when the target is among the first k, else 0. */
export const hitAt = (rank: Rank, k: number): number => (rank < k ? 1 : 0);

/** NDCG@k of one case with one relevant item: 1 / log2(rank + 2) among the first k, else 0. (Järvelin & Kekäläinen, TOIS 2002; the ideal gain is 1.) */
export const ndcgAt = (rank: Rank, k: number): number => (rank < k ? 1 / Math.log2(rank + 2) : 0);

/** Reciprocal rank of one case: 1 / (rank + 1) among the first k, else 0. (Voorhees, TREC-8 1999.) */
export const reciprocalRankAt = (rank: Rank, k: number): number => (rank < k ? 1 / (rank + 1) : 0);

/** Recall@k of one case: share of its relevant items that are among the first k; 0 when it has none. */
export const recallAt = (ranks: readonly Rank[], k: number): number => (ranks.length === 0 ? 0 : hitsAt(ranks, k) / ranks.length);

/** Precision@k of one case: share of the first k places that relevant items take, also where the list is shorter than k. */
export const precisionAt = (ranks: readonly Rank[], k: number): number => Math.min(1, hitsAt(ranks, k) / k);

const hitsAt = (ranks: readonly Rank[], k: number): number => ranks.reduce((sum, rank) => sum + hitAt(rank, k), 0);

/**
 * NDCG@k of one case with any number of relevant items, each of gain 1: Σ 1 / log2(rank + 2) over those among the first k, divided by
 * what min(k, number of relevant items) of them on the first places would give; 0 when it has none.
 * (Järvelin & Kekäläinen, TOIS 2002, with log2(rank + 2) as discount from the first place on.)
 */
export function ndcgOfAllAt(ranks: readonly Rank[], k: number): number {
  let gain = 0;
  for (const rank of ranks) gain += ndcgAt(rank, k);
  let ideal = 0;
  for (let place = 0; place < Math.min(k, ranks.length); place++) ideal += ndcgAt(place, k);
  return ideal === 0 ? 0 : Math.min(1, gain / ideal);
}

/**
 * AP@k of one case, whose mean over cases is MAP@k: Σ over relevant items among the first k of the precision at their place, divided by
 * min(k, number of relevant items); 0 when it has none. (Manning, Raghavan & Schütze, Introduction to Information Retrieval, 2008, §8.4;
 * the divisor is cut at k, so that a full list of relevant items is worth 1.)
 */
export function averagePrecisionAt(ranks: readonly Rank[], k: number): number {
  if (ranks.length === 0) return 0;
  let sum = 0;
  eachByRank(ranks, (rank, relevantBefore) => {
    if (rank < k) sum += (relevantBefore + 1) / (rank + 1);
  });
  return Math.min(1, sum / Math.min(k, ranks.length));
}

/**
 * AUC of one case: the chance that a relevant item ranks above one that is not, ties half, when `ranked` rows are ranked in all. A relevant
 * item that is no candidate is below all. 0.5 where there is nothing to be told apart. (Hanley & McNeil, Radiology 1982; per user as in
 * Rendle et al., BPR, UAI 2009.)
 */
export function auc(ranks: readonly Rank[], ranked: number): number {
  const others = ranked - ranks.filter((rank) => rank < Infinity).length;
  if (ranks.length === 0 || others <= 0) return 0.5;
  let wins = 0;
  eachByRank(ranks, (rank, relevantBefore) => {
    if (rank < Infinity) wins += others - (rank - relevantBefore);
  });
  return wins / (others * ranks.length);
}

/** Visits ranks from the best on, each with the number of others that are better plus half of those that tie with it. */
function eachByRank(ranks: readonly Rank[], visit: (rank: Rank, relevantBefore: number) => void): void {
  const ascending = Float64Array.from(ranks).sort();
  for (let from = 0, to = 0; from < ascending.length; from = to) {
    while (to < ascending.length && ascending[to] === ascending[from]) to++;
    for (let k = from; k < to; k++) visit(ascending[k]!, from + (to - from - 1) / 2);
  }
}

/** Catalogue coverage: share of the catalogue that is on at least one list; 0 for an empty catalogue. (Ge, Delgado & Jannach, RecSys 2010.) */
export const coverage = (recommended: ReadonlySet<number>, catalogueSize: number): number =>
  catalogueSize === 0 ? 0 : recommended.size / catalogueSize;

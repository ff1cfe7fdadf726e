/**
 * Ranks are counted from 0 and may be half: rank = number of candidates with a higher score + half the number of *other* candidates with
 * the same score, i.e. the expected rank when ties are broken at random. Infinity: not among the candidates. A target counts as among
 * the first k when rank < k.
 */
export type Rank = number;

/** HR@k of one case: 1 when the target is among the first k, else 0. */
export const hitAt = (rank: Rank, k: number): number => (rank < k ? 1 : 0);

/** NDCG@k of one case with one relevant item: 1 / log2(rank + 2) among the first k, else 0. (Järvelin & Kekäläinen, TOIS 2002; the ideal gain is 1.) */
export const ndcgAt = (rank: Rank, k: number): number => (rank < k ? 1 / Math.log2(rank + 2) : 0);

/** Reciprocal rank of one case: 1 / (rank + 1) among the first k, else 0. */
export const reciprocalRankAt = (rank: Rank, k: number): number => (rank < k ? 1 / (rank + 1) : 0);

/** Recall@k of one case: share of its relevant items that are among the first k; 0 when it has none. */
export const recallAt = (ranks: readonly Rank[], k: number): number =>
  ranks.length === 0 ? 0 : ranks.reduce((sum, rank) => sum + hitAt(rank, k), 0) / ranks.length;

/** Catalogue coverage: share of the catalogue that is on at least one list; 0 for an empty catalogue. */
export const coverage = (recommended: ReadonlySet<number>, catalogueSize: number): number =>
  catalogueSize === 0 ? 0 : recommended.size / catalogueSize;

import { normalQuantile } from '../normal-quantile';
import { SparseScores } from '../sparse-scores';
import { TopK } from '../top-k';
import type { UserVectors } from '../user-knn/user-vectors';
import { eachPairOf, joinRows, placesByItem, userOfPlaces, type PairCounts, type PairOptions } from './count-pairs';
import { PairNoise } from './pair-noise';

/** What keeps single people out of the counts. */
export interface PrivacyOptions {
  /** Items, and pairs of items, that fewer users had are not counted at all. @default 1 // all are */
  readonly minUsers: number;
  /** ε of the noise on the counts; 0: none. @default 0 */
  readonly epsilon: number;
  /** δ: with this probability the promise may not hold; half of it for the noise, half for which pairs are there at all. @default 1e-6 */
  readonly delta: number;
  /** With noise, so many of a user's newest items count. @default 20 */
  readonly itemsOfUser: number;
  /** Whoever knows it can take the noise away again: the trainer draws another one for each fit, and nobody keeps it. @default '' // noise is refused */
  readonly noiseSeed: string;
}

/** Whether counts are held back or noisy: such counts are not changed live, because no behaviour says how many users are behind it. */
export const isPrivate = ({ minUsers, epsilon }: Pick<PrivacyOptions, 'minUsers' | 'epsilon'>): boolean => minUsers > 1 || epsilon > 0;

/** The noise on counts, and what a count must reach to be shown. */
export interface CountNoise {
  /** Standard deviation. */
  readonly sigma: number;
  /** Noisy counts below it are taken for nothing: one user's alone reach it with a probability of at most δ / 2 in all. */
  readonly threshold: number;
}

/**
 * σ and threshold for (ε, δ)-differential privacy at the level of users, who differ in everything that they did. One user with at most C items
 * changes the vector of all counts (items and unordered pairs) by at most Δ₂ = √(C + Σ_d (C − d) · decay^(2(d − 1))), d = 1 … min(window, C − 1):
 * the Gaussian mechanism with ρ = (√(L + ε) − √L)², L = ln(2 / δ), σ = Δ₂ / √(2ρ), is ρ-zCDP and so (ε, δ/2)-DP (Bun and Steinke, TCC 2016, Proposition 1.3). Counts of which none is
 * there without that user must not show that they are: they are shown from 1 + σ · Φ⁻¹(1 − δ / (2 · C(C + 1) / 2)) on (Korolova et al., WWW 2009, with
 * Gaussian noise and a union bound).
 */
export function countNoise({ epsilon, delta, itemsOfUser: most }: PrivacyOptions, { window, pairDecay }: PairOptions): CountNoise {
  let squares = most;
  for (let d = 1; d <= Math.min(window, most - 1); d++) squares += (most - d) * pairDecay ** (2 * (d - 1));
  const sigma = Math.sqrt(squares / (2 * rhoOf({ epsilon, delta })));
  return { sigma, threshold: 1 + sigma * normalQuantile(1 - delta / (most * (most + 1))) };
}

/** What a promise, or several together, amount to. */
export interface PrivacyBudget {
  readonly epsilon: number;
  readonly delta: number;
}

/** The ρ of zCDP that a fit of (ε, δ) spends. */
function rhoOf({ epsilon, delta }: PrivacyBudget): number {
  const log = Math.log(2 / delta);
  return (Math.sqrt(log + epsilon) - Math.sqrt(log)) ** 2;
}

/**
 * What so many fits on the same people spend together, each with (ε, δ) and fresh noise: n fits of ρ are nρ-zCDP, which is
 * (nρ + 2√(nρ · ln(2 / δ)), δ/2)-DP (Bun and Steinke, TCC 2016, Lemma 1.7 and Proposition 1.3), and δ/2 more for what each shows at all.
 */
export function composedBudget(each: PrivacyBudget, fits: number): PrivacyBudget {
  const rho = fits * rhoOf(each);
  return { epsilon: rho + 2 * Math.sqrt(rho * Math.log(2 / each.delta)), delta: ((fits + 1) * each.delta) / 2 };
}

/**
 * `countPairs` of which no single user can be told: counts backed by fewer than `minUsers` are 0, and with `epsilon` every count that is left has
 * noise added, the same for (i, j) and (j, i), and is 0 below the threshold. One fit spends ε; fits on the same people add up: `composedBudget`. Deterministic
 * for a seed. Doubles are not the real numbers of the proof (Mironov, CCS 2012).
 * @throws Error for noise without a seed: everybody could take it away.
 */
export function countPrivately(vectors: UserVectors, itemCount: number, options: PairOptions & PrivacyOptions, keep: number): PairCounts {
  const { start, places } = placesByItem(vectors.items, itemCount);
  const userOf = userOfPlaces(vectors);
  const publish = publisher(options);
  const users = Array.from({ length: itemCount }, (_, i) => start[i + 1]! - start[i]!);
  const counts = Float32Array.from(users, (had, i) => publish(i, [{ target: i, count: had, users: had }])[0]!);
  const [row, backed, best] = [new SparseScores(itemCount), new SparseScores(itemCount), new TopK(keep)];
  const rows = Array.from({ length: itemCount }, (_, i) => {
    row.clear();
    backed.clear();
    best.clear();
    if (counts[i]! > 0) {
      eachPairOf(places.subarray(start[i], start[i + 1]), userOf, vectors, options, (item, amount) => {
        row.add(item, amount);
        backed.add(item, 1);
      });
    }
    const pairs = Array.from(row.rows, (target) => ({ target, count: row.get(target), users: backed.get(target) }));
    publish(i, pairs).forEach((count, k) => {
      const { target } = pairs[k]!;
      if (count > 0 && counts[target]! > 0) best.offer(target, count);
    });
    best.sort();
    return {
      targets: Int32Array.from({ length: best.size }, (_, k) => best.rowAt(k)),
      values: Float32Array.from({ length: best.size }, (_, k) => best.scoreAt(k)),
    };
  });
  return { pairs: joinRows(rows), counts };
}

/** What an item was had with: another item, or, for the item's own count, itself. */
interface BackedCount {
  readonly target: number;
  readonly count: number;
  readonly users: number;
}

/** Takes the counts of an item to those that are shown, in their order; 0: not at all. */
function publisher(options: PairOptions & PrivacyOptions): (item: number, counts: readonly BackedCount[]) => readonly number[] {
  const { epsilon, minUsers, noiseSeed } = options;
  if (epsilon === 0) return (_item, counts) => counts.map(({ count, users }) => (users < minUsers ? 0 : count));
  if (noiseSeed === '') throw new Error('noise without a seed is no noise: everybody could take it away');
  const [{ sigma, threshold }, noise] = [countNoise(options, options), new PairNoise(noiseSeed)];
  const least = Math.max(threshold, minUsers); // of the noisy count: the true one must decide nothing
  return (item, counts) => {
    const draws = noise.draws(
      item,
      counts.map(({ target }) => target),
    );
    return counts.map(({ count }, k) => {
      const noisy = count + sigma * draws[k]!;
      return noisy < least ? 0 : noisy;
    });
  };
}

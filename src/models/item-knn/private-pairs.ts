import { normalQuantile } from '../normal-quantile';
import { gaussian, seededRandom } from '../../platform/random';
import { SparseScores } from '../sparse-scores';
import { TopK } from '../top-k';
import type { UserVectors } from '../user-knn/user-vectors';
import { eachPairOf, joinRows, placesByItem, userOfPlaces, type PairCounts, type PairOptions } from './count-pairs';

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
  /** Whoever knows it can take the noise away again: the trainer draws another one for each run, and nobody keeps it. */
  readonly noiseSeed: number;
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
  const log = Math.log(2 / delta);
  const rho = (Math.sqrt(log + epsilon) - Math.sqrt(log)) ** 2;
  const sigma = Math.sqrt(squares / (2 * rho));
  return { sigma, threshold: 1 + sigma * normalQuantile(1 - delta / (most * (most + 1))) };
}

/**
 * `countPairs` of which no single user can be told: counts backed by fewer than `minUsers` are 0, and with `epsilon` every count that is left has
 * noise added, the same for (i, j) and (j, i), and is 0 below the threshold. One fit spends ε; fits on the same people add up. Deterministic
 * for a seed. The generator is not of cryptographic strength, and doubles are not the real numbers of the proof (Mironov, CCS 2012).
 */
export function countPrivately(vectors: UserVectors, itemCount: number, options: PairOptions & PrivacyOptions, keep: number): PairCounts {
  const { start, places } = placesByItem(vectors.items, itemCount);
  const userOf = userOfPlaces(vectors);
  const noise = options.epsilon > 0 ? countNoise(options, options) : undefined;
  const published = (count: number, users: number, a: number, b: number): number => {
    if (!noise) return users < options.minUsers ? 0 : count;
    const noisy = count + noise.sigma * gaussian(seededRandom(seedOf(options.noiseSeed, a, b)));
    return noisy < Math.max(noise.threshold, options.minUsers) ? 0 : noisy; // of the noisy count: the true one must decide nothing
  };
  const counts = Float32Array.from({ length: itemCount }, (_, i) => {
    const users = start[i + 1]! - start[i]!;
    return published(users, users, i, i);
  });
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
    for (const target of row.rows) {
      const pairs = published(row.get(target), backed.get(target), Math.min(i, target), Math.max(i, target));
      if (pairs > 0 && counts[target]! > 0) best.offer(target, pairs);
    }
    best.sort();
    return {
      targets: Int32Array.from({ length: best.size }, (_, k) => best.rowAt(k)),
      values: Float32Array.from({ length: best.size }, (_, k) => best.scoreAt(k)),
    };
  });
  return { pairs: joinRows(rows), counts };
}

/** A seed for each pair and run, 32 bits. */
function seedOf(noiseSeed: number, a: number, b: number): number {
  let hash = noiseSeed | 0;
  for (const part of [a, b]) {
    hash = Math.imul(hash ^ part, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

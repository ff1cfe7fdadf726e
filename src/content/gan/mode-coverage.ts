import { MODES } from '../creatives/plan';

/** How much of the modes a generator keeps. */
export interface ModeCoverage {
  /** Modes that are useful. */
  readonly useful: number;
  /** Of these, those that are drawn at a tenth of their share or more. */
  readonly kept: number;
  /** kept / useful; 1 when none is useful. */
  readonly coverage: number;
  /** −Σ p ln p / ln MODES of the drawn modes: 1 when all are alike, 0 when only one is drawn. */
  readonly entropy: number;
}

/** A mode with less than this share of what readers took, relative to all modes alike, is not useful. */
export const USEFUL_LIFT = 1;
/** A useful mode drawn with less than this share of what it earned is lost. */
export const KEPT_SHARE = 0.1;

/**
 * Compares how often modes are drawn with how often they earned a click, both as weights by mode (any scale ≥ 0). Useful are the modes that earned more than
 * their even share; kept those of them that are drawn at KEPT_SHARE of what they earned or more.
 */
export function modeCoverage(drawn: ArrayLike<number>, earned: ArrayLike<number>): ModeCoverage {
  const drawnShares = normalised(drawn);
  const earnedShares = normalised(earned);
  let useful = 0;
  let kept = 0;
  let entropy = 0;
  for (let mode = 0; mode < MODES; mode++) {
    const share = drawnShares[mode]!;
    if (share > 0) entropy -= share * Math.log(share);
    if (earnedShares[mode]! <= USEFUL_LIFT / MODES) continue;
    useful++;
    if (share >= KEPT_SHARE * earnedShares[mode]!) kept++;
  }
  return { useful, kept, coverage: useful === 0 ? 1 : kept / useful, entropy: entropy / Math.log(MODES) };
}

function normalised(weights: ArrayLike<number>): Float64Array {
  const shares = Float64Array.from(weights);
  const total = shares.reduce((sum, weight) => sum + weight, 0);
  return total > 0 ? shares.map((weight) => weight / total) : shares;
}

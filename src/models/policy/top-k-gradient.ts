/**
 * The top-K correction: ∂α/∂π of α = 1 − (1 − π)^K, the chance that an action is among K drawn with replacement, i.e. K (1 − π)^(K − 1).
 * Near K for what is unlikely, near 0 for what is on the list anyway. (Chen, Beutel, Covington, Jain, Belletti & Chi, WSDM 2019, §4.3.)
 */
export const topKFactor = (chance: number, k: number): number => k * (1 - chance) ** (k - 1);

/** min(π / β, cap): the weight of a logged action, capped for the sake of variance. (Chen et al. 2019, §4.4; Ionides 2008.) */
export const cappedWeight = (chance: number, propensity: number, cap: number): number => Math.min(cap, chance / propensity);

/** One taken action and what came of it. */
export interface TakenAction {
  readonly candidate: number;
  readonly propensity: number;
  /** Reward less what the baseline expected. */
  readonly advantage: number;
}

/**
 * Adds, by the logits, weight · λ_K(π) · advantage · ∇ log π(action): the off-policy REINFORCE gradient (Chen et al. 2019, eq. 6). Without a cap its mean
 * under the propensities is the gradient of Σ_a α(a) · advantage(a). ∂ log π(a) / ∂ logit(c) = [a = c] − π(c).
 */
export function addTopKGradient(
  chances: Float64Array,
  { candidate, propensity, advantage }: TakenAction,
  { k, cap }: { readonly k: number; readonly cap: number },
  into: Float64Array,
): void {
  const chance = chances[candidate]!;
  const pull = cappedWeight(chance, propensity, cap) * topKFactor(chance, k) * advantage;
  into[candidate]! += pull;
  for (let c = 0; c < chances.length; c++) into[c]! -= pull * chances[c]!;
}

/** Share of pairs of a user with label 1 and one with 0 in which the first scores higher; ties half. ½ where one kind is missing. */
export function areaUnderCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order = Array.from(scores, (_, k) => k).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let k = from; k < to; k++) {
      if (labels[order[k]!] !== 1) continue;
      positives++;
      rankSum += (from + to + 1) / 2; // mean rank of the ties, from 1
    }
    from = to;
  }
  const negatives = order.length - positives;
  return positives === 0 || negatives === 0 ? 0.5 : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Squared errors of probabilities; their mean is the Brier score (Brier, Monthly Weather Review 1950). */
export const squaredErrors = (probabilities: ArrayLike<number>, labels: ArrayLike<number>): Float64Array =>
  Float64Array.from(probabilities, (probability, k) => (probability - labels[k]!) ** 2);

/**
 * Expected calibration error: users in `bins` groups of equal size by their probability; mean over the users of |mean probability − share of 1s| of their
 * group (Naeini, Cooper, Hauskrecht, AAAI 2015, with groups of equal size in place of equal width). 0 for none.
 */
export function calibrationError(probabilities: ArrayLike<number>, labels: ArrayLike<number>, bins = 10): number {
  const order = Array.from(probabilities, (_, k) => k).sort((a, b) => probabilities[a]! - probabilities[b]! || a - b);
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const members = order.slice(Math.floor((bin * order.length) / bins), Math.floor(((bin + 1) * order.length) / bins));
    error += Math.abs(members.reduce((sum, k) => sum + probabilities[k]! - labels[k]!, 0));
  }
  return order.length === 0 ? 0 : error / order.length;
}

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  return values.length === 0 ? 0 : sum / values.length;
};

import { ndcgAt } from '../../evaluation/metrics';
import type { BlendCase } from './blend-case';

const CUT = 10;

/**
 * NDCG@10 of a case by these weights of its features: Σ over right ones 1 / log2(rank + 2) over what the best order gives; ranks are counted from 0, ties at
 * their mean rank; what was right and is no candidate adds nothing. With one right one it is that of the evaluation.
 */
export function caseNdcg({ features, positives, right }: BlendCase, weights: ArrayLike<number>): number {
  let gain = 0;
  for (const positive of positives) gain += ndcgAt(rankOf(features, positive, weights), CUT);
  let ideal = 0;
  for (let rank = 0; rank < Math.min(right, CUT); rank++) ideal += ndcgAt(rank, CUT);
  return ideal === 0 ? 0 : gain / ideal;
}

function rankOf(features: Float32Array, candidate: number, weights: ArrayLike<number>): number {
  const target = scoreOf(features, candidate, weights);
  let better = 0;
  let equal = 0;
  for (let i = 0; i < features.length / weights.length; i++) {
    if (i === candidate) continue;
    const score = scoreOf(features, i, weights);
    if (score > target) better++;
    else if (score === target) equal++;
    if (better >= CUT) return Infinity;
  }
  return better + equal / 2;
}

function scoreOf(features: Float32Array, candidate: number, weights: ArrayLike<number>): number {
  let score = 0;
  for (let f = 0, at = candidate * weights.length; f < weights.length; f++) score += weights[f]! * features[at++]!;
  return score;
}

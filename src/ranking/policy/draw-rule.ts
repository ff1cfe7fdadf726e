import { relevanceOf, type DrawRule } from '../../models/policy/decision';

/**
 * [admitted] the chance of each candidate to be drawn when a place explores: softmax(relevance / temperature) over the first `pool` of those that are
 * admitted (numbers of candidates, ascending); 0 for the others. Relevance is the blend's, whoever orders the list.
 */
export function drawChances(
  features: Uint8Array,
  admitted: readonly number[],
  { pool, temperature }: Omit<DrawRule, 'places'>,
): Float64Array {
  const chances = new Float64Array(admitted.length);
  let sum = 0;
  for (let k = 0; k < Math.min(pool, admitted.length); k++)
    sum += chances[k] = Math.exp((relevanceOf(features, admitted[k]!) - 1) / temperature);
  for (let k = 0; k < chances.length; k++) chances[k]! /= sum;
  return chances;
}

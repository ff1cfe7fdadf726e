import type { Blend } from '../blend';
import type { SourceName } from './blend-case';

/** A hand-set blend that a learnt one has to beat: the weight of each model's score; > 0. */
export type Incumbent = ReadonlyMap<SourceName, number>;

/**
 * What a hand-set blend weighs, where it is one of those that a learnt blend can be: fused by `min-max`, whose scale is that of the score feature.
 * undefined: fused otherwise, or learnt.
 */
export function incumbentOf(blend: Blend): Incumbent | undefined {
  if (!('fusion' in blend) || blend.fusion !== 'min-max') return undefined;
  const entries = Object.entries(blend.weights) as [SourceName, number][];
  return new Map(entries.filter(([, weight]) => weight > 0));
}

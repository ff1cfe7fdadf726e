import type { UserVectors } from '../user-knn/user-vectors';
import type { NcfOptions } from './ncf-options';

/** Weight of each item of `users` in its user's vector: w decay^r / (Σ w decay^r)^e over the `profileItems` newest, 0 for older ones. */
export function profileWeights(
  { indptr, weights }: UserVectors,
  { profileDecay, profileItems, normExponent }: Pick<NcfOptions, 'profileDecay' | 'profileItems' | 'normExponent'>,
): Float32Array {
  const out = new Float32Array(weights.length);
  for (let user = 0; user < indptr.length - 1; user++) {
    const start = indptr[user]!;
    const end = Math.min(indptr[user + 1]!, start + profileItems);
    let total = 0;
    for (let k = start; k < end; k++) total += out[k] = weights[k]! * profileDecay ** (k - start);
    const norm = total > 0 ? total ** -normExponent : 0;
    for (let k = start; k < end; k++) out[k]! *= norm;
  }
  return out;
}

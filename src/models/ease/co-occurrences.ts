import type { UserVectors } from '../user-knn/user-vectors';

/** The `most` items that most users had, as item numbers ascending (ties at the border: lower number in); items that nobody had are out. */
export function mostHad({ items }: UserVectors, itemCount: number, most: number): Int32Array {
  const users = new Uint32Array(itemCount);
  for (const item of items) users[item]!++;
  const had = Int32Array.from(users.keys()).filter((item) => users[item]! > 0);
  if (had.length <= most) return had;
  return had
    .sort((a, b) => users[b]! - users[a]! || a - b)
    .slice(0, most)
    .sort();
}

/**
 * XᵀX of the binary columns of `learnt` [n × n], n the number of learnt items: users who had both, on the diagonal all who had the item. Only the part on and
 * above the diagonal is filled. Exact up to 2²⁴ users.
 */
export function coOccurrences({ indptr, items }: UserVectors, learnt: Int32Array, itemCount: number): Float32Array {
  const n = learnt.length;
  const place = new Int32Array(itemCount).fill(-1);
  learnt.forEach((item, at) => (place[item] = at));
  const matrix = new Float32Array(n * n);
  for (let u = 0; u < indptr.length - 1; u++) {
    const places = items.subarray(indptr[u], indptr[u + 1]).map((item) => place[item]!);
    const mine = places.filter((at) => at >= 0).sort();
    for (let a = 0; a < mine.length; a++) {
      const row = mine[a]! * n;
      for (let b = a; b < mine.length; b++) matrix[row + mine[b]!]!++;
    }
  }
  return matrix;
}

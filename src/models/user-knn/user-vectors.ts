import type { TrainingEvents } from '../model';

/** Sparse vectors of users, most recently active user first (ties: the user that appears later in the events first). */
export interface UserVectors {
  /** [users + 1] */
  readonly indptr: Uint32Array;
  /** Distinct items of each user, newest first. */
  readonly items: Int32Array;
  /** Strongest weight of the user's positive behaviours on the item, in (0, 1]. */
  readonly weights: Float32Array;
}

/** The `mostUsers` most recently active users with their `mostItems` newest items each. */
export function userVectors(events: TrainingEvents, mostUsers: number, mostItems: number): UserVectors {
  const vectors = new Map<number, Map<number, number>>(); // users by recency of last event, items too: newest first, read backwards
  for (let k = events.items.length - 1; k >= 0; k--) {
    const weight = events.weights[k]!;
    if (!(weight > 0)) continue;
    const user = events.users[k]!;
    let vector = vectors.get(user);
    if (vector === undefined) {
      if (vectors.size >= mostUsers) continue;
      vectors.set(user, (vector = new Map<number, number>()));
    }
    const item = events.items[k]!;
    const known = vector.get(item);
    if (known !== undefined || vector.size < mostItems) vector.set(item, Math.max(known ?? 0, weight));
  }
  const users = [...vectors.values()];
  const indptr = new Uint32Array(users.length + 1);
  users.forEach((vector, u) => (indptr[u + 1] = indptr[u]! + vector.size));
  const items = new Int32Array(indptr[users.length]!);
  const weights = new Float32Array(items.length);
  users.forEach((vector, u) => {
    items.set([...vector.keys()], indptr[u]);
    weights.set([...vector.values()], indptr[u]);
  });
  return { indptr, items, weights };
}

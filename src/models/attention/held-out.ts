import type { Sequences } from './sequences';

/** A user whose last item is kept from the fit, to see whether it is found. */
export interface HeldOutUser {
  /** Distinct items before it, newest first. */
  readonly seen: readonly number[];
  /** All before it, oldest first. */
  readonly history: Int32Array;
  readonly next: number;
}

/** At most this many users are asked, and at most one in five: below 100 users a fit has nobody to ask. */
const MOST_USERS = 1_000;
const FEWEST_USERS = 20;
const ONE_IN = 5;
/** NDCG@10 */
const LIST_SIZE = 10;

/** Takes the last item, if it is new to them, of users at even distances; the rest of each is learnt from. */
export function holdOut({ indptr, items }: Sequences): { readonly fit: Sequences; readonly users: readonly HeldOutUser[] } {
  const count = indptr.length - 1;
  const wanted = Math.min(MOST_USERS, Math.floor(count / ONE_IN));
  if (wanted < FEWEST_USERS) return { fit: { indptr, items }, users: [] };
  const users: HeldOutUser[] = [];
  const ends = indptr.slice(1);
  for (let k = 0; k < wanted; k++) {
    const u = Math.floor((k * count) / wanted);
    const end = ends[u]! - 1;
    const history = items.slice(indptr[u], end);
    const next = items[end]!;
    if (history.length < 2 || history.includes(next)) continue;
    users.push({ history, next, seen: [...new Set(history.toReversed())] });
    ends[u] = end;
  }
  const kept = new Uint32Array(indptr.length);
  for (let u = 0; u < count; u++) kept[u + 1] = kept[u]! + ends[u]! - indptr[u]!;
  const left = new Int32Array(kept[count]!);
  for (let u = 0; u < count; u++) left.set(items.subarray(indptr[u], ends[u]), kept[u]);
  return { fit: { indptr: kept, items: left }, users };
}

/**
 * Mean NDCG@10 of the users' next items in the ranking of all items but those they had, ties against the item asked for; 0 without users.
 * `score(history)` gives [items] scores that are valid until its next call.
 */
export function heldOutNdcg(users: readonly HeldOutUser[], score: (history: Int32Array) => Float64Array): number {
  let sum = 0;
  for (const { history, seen, next } of users) {
    const scores = score(history);
    const own = scores[next]!;
    for (const item of seen) scores[item] = -Infinity;
    let better = 0;
    for (let item = 0; item < scores.length; item++) if (scores[item]! >= own && item !== next) better++;
    if (better < LIST_SIZE) sum += 1 / Math.log2(better + 2);
  }
  return users.length === 0 ? 0 : sum / users.length;
}

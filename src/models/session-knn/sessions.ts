import type { TrainingEvents } from '../model';

/** Training sessions, oldest first by time of their newest event (ties: by user's first appearance, then earlier session). */
export interface Sessions {
  /** [sessions + 1] */
  readonly indptr: Uint32Array;
  /** Distinct items of each session, newest first. */
  readonly items: Int32Array;
}

/** Events of each user in their order: [users + 1] offsets into `order`, which holds positions of `events`. */
function groupByUser(events: TrainingEvents): { indptr: Uint32Array; order: Uint32Array } {
  const users = events.userIds.length;
  const indptr = new Uint32Array(users + 1);
  for (const user of events.users) indptr[user + 1]!++;
  for (let u = 0; u < users; u++) indptr[u + 1]! += indptr[u]!;
  const next = indptr.slice();
  const order = new Uint32Array(events.users.length);
  for (let k = 0; k < order.length; k++) order[next[events.users[k]!]!++] = k;
  return { indptr, order };
}

/**
 * Cuts the positive events of each user into sessions at gaps longer than `gapMs`, keeps each item once in a session
 * (its newest event), and leaves out sessions longer than the `longest` quantile of lengths, which are robots' (as
 * Serenade does, at .995; the quantile interpolates linearly).
 */
export function cutSessions(events: TrainingEvents, gapMs: number, longest: number): Sessions {
  const { indptr: userStart, order } = groupByUser(events);
  const found: { readonly at: number; readonly events: number; readonly items: readonly number[] }[] = [];
  for (let u = 0; u < events.userIds.length; u++) {
    let session: number[] = [];
    let last = -Infinity;
    const close = (): void => {
      if (session.length > 0) found.push({ at: last, events: session.length, items: [...new Set(session.reverse())] });
      session = [];
    };
    for (let k = userStart[u]!; k < userStart[u + 1]!; k++) {
      const event = order[k]!;
      if (!(events.weights[event]! > 0)) continue;
      if (events.times[event]! - last > gapMs) close();
      session.push(events.items[event]!);
      last = events.times[event]!;
    }
    close();
  }
  const limit = quantile(Float64Array.from(found, (session) => session.events).sort(), longest);
  const kept = found.filter((session) => session.events <= limit).sort((a, b) => a.at - b.at);
  const indptr = new Uint32Array(kept.length + 1);
  kept.forEach((session, s) => (indptr[s + 1] = indptr[s]! + session.items.length));
  const items = new Int32Array(indptr[kept.length]!);
  kept.forEach((session, s) => items.set(session.items, indptr[s]));
  return { indptr, items };
}

function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return 0;
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}

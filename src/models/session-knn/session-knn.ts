import type { ItemIndex } from '../item-index';
import { joinItems } from '../join-items';
import type { Interaction, Model, Scorer, ScoringQuery, Snapshot, TrainingEvents } from '../model';
import { SparseScores } from '../sparse-scores';
import { addTop, TopK } from '../top-k';
import { cutSessions } from './sessions';

export interface SessionKnnOptions {
  /** Most recent training sessions that may be compared. @default 500 */
  readonly m: number;
  /** Nearest of them that give score. @default 100 */
  readonly k: number;
  /** Newest items of the running session that are looked at. @default 4 */
  readonly maxItems: number;
  /** Exponent of ln(sessions / sessions with the item): how much rare items are favoured; 0: not at all. @default 1 */
  readonly idfWeighting: number;
  /** A longer pause ends a session. @default 1_800_000 // 30 minutes */
  readonly sessionGapMs: number;
  /** Training sessions longer than this quantile of lengths are left out. @default 0.995 */
  readonly longest: number;
}

export interface SessionKnnSnapshot extends Snapshot {
  readonly items: readonly string[];
  /** [sessions + 1] and distinct items of each session, newest first; sessions oldest first. */
  readonly sessionStart: Uint32Array;
  readonly sessionItems: Int32Array;
  /** [items + 1] and sessions of each item, newest (highest) first, at most m. */
  readonly postingStart: Uint32Array;
  readonly postings: Int32Array;
  /** [items]: sessions that hold the item, also those beyond m. */
  readonly frequencies: Uint32Array;
}

/**
 * VMIS-kNN (Kersbergen, Sprangers, Schelter: Serenade, SIGMOD 2022).
 * similarity(s) = Σ over the session's n newest distinct items that s holds of (n − pos) / n, pos 0 the newest;
 * score(i) = Σ over the k most similar of the m newest sessions of similarity(s) · λ(first match) · idf(i), with
 * λ = 1 − pos / 10 (pos from 1) and idf(i) = ln(sessions / sessions with i)^idfWeighting. Equal similarities: newer
 * session first. The newest item itself is never recommended, others already seen are.
 */
export class SessionKnnScorer implements Scorer {
  readonly name = 'session-knn';
  private readonly scratch = new SparseScores();
  private readonly nearest: TopK;
  /** Position of the newest match of each session in `nearest`'s running. */
  private readonly firstMatch: Uint8Array;
  private readonly idf: Float64Array;
  private readonly snapshotRow = new Map<number, number>();

  constructor(
    private readonly options: SessionKnnOptions,
    private readonly snapshot: SessionKnnSnapshot,
    private readonly rowMap: Int32Array,
  ) {
    const sessions = snapshot.sessionStart.length - 1;
    this.nearest = new TopK(options.k);
    this.firstMatch = new Uint8Array(sessions);
    this.idf = Float64Array.from(snapshot.frequencies, (n) => (n === 0 ? 0 : Math.log(sessions / n) ** options.idfWeighting));
    rowMap.forEach((row, item) => this.snapshotRow.set(row, item));
  }

  score({ history }: ScoringQuery, into: SparseScores, limit: number): void {
    const session = this.runningSession(history);
    if (session.length === 0) return;
    this.findNearest(session);
    const { scratch, nearest, snapshot, rowMap } = this;
    scratch.clear();
    for (let k = 0; k < nearest.size; k++) {
      const neighbour = -nearest.rowAt(k);
      const weight = nearest.scoreAt(k) * Math.max(0, 1 - (this.firstMatch[neighbour]! + 1) / 10);
      for (let at = snapshot.sessionStart[neighbour]!; at < snapshot.sessionStart[neighbour + 1]!; at++) {
        const item = snapshot.sessionItems[at]!;
        if (item !== session[0]) scratch.add(rowMap[item]!, weight * this.idf[item]!);
      }
    }
    addTop(scratch, into, limit);
  }

  /** Snapshot items of the newest session, newest first; −1 for one that the snapshot does not know. */
  private runningSession(history: readonly Interaction[]): number[] {
    const session: number[] = [];
    for (let r = 0; r < Math.min(history.length, this.options.maxItems); r++) {
      if (r > 0 && history[r - 1]!.at - history[r]!.at > this.options.sessionGapMs) break;
      session.push(this.snapshotRow.get(history[r]!.row) ?? -1);
    }
    return session;
  }

  /**
   * Merges the postings of the session's items, newest training session first, and stops after m of them: what
   * Serenade's heap of recent sessions holds at the end, without the heap. Sessions go into `nearest` as −number, so that
   * on equal similarity the newer one stays.
   */
  private findNearest(session: readonly number[]): void {
    const { nearest, snapshot } = this;
    const { postingStart, postings } = snapshot;
    const cursors = session.map((item) => (item < 0 ? 0 : postingStart[item]!));
    const ends = session.map((item) => (item < 0 ? 0 : Math.min(postingStart[item + 1]!, postingStart[item]! + this.options.m)));
    nearest.clear();
    for (let met = 0; met < this.options.m; met++) {
      let newest = -1;
      for (let p = 0; p < session.length; p++) if (cursors[p]! < ends[p]!) newest = Math.max(newest, postings[cursors[p]!]!);
      if (newest < 0) return;
      let similarity = 0;
      let first = -1;
      for (let p = 0; p < session.length; p++) {
        if (cursors[p]! >= ends[p]! || postings[cursors[p]!] !== newest) continue;
        cursors[p]!++;
        if (first < 0) first = p;
        similarity += (session.length - p) / session.length;
      }
      this.firstMatch[newest] = first;
      nearest.offer(-newest, similarity);
    }
  }
}

function fit(events: TrainingEvents, options: SessionKnnOptions, progress?: (done: number, total: number) => void): SessionKnnSnapshot {
  const items = events.itemIds.length;
  const sessions = cutSessions(events, options.sessionGapMs, options.longest);
  const frequencies = new Uint32Array(items);
  for (const item of sessions.items) frequencies[item]!++;
  const postingStart = new Uint32Array(items + 1);
  for (let i = 0; i < items; i++) postingStart[i + 1] = postingStart[i]! + Math.min(options.m, frequencies[i]!);
  const postings = new Int32Array(postingStart[items]!);
  const next = postingStart.slice();
  for (let s = sessions.indptr.length - 2; s >= 0; s--) {
    for (let k = sessions.indptr[s]!; k < sessions.indptr[s + 1]!; k++) {
      const item = sessions.items[k]!;
      if (next[item]! < postingStart[item + 1]!) postings[next[item]!++] = s;
    }
  }
  progress?.(1, 1);
  return { items: [...events.itemIds], sessionStart: sessions.indptr, sessionItems: sessions.items, postingStart, postings, frequencies };
}

/** What people did next in sessions like this one. A "user" of the events is cut into sessions at pauses. */
export const sessionKnn = {
  name: 'session-knn',
  defaults: { m: 500, k: 100, maxItems: 4, idfWeighting: 1, sessionGapMs: 1_800_000, longest: 0.995 },
  fit,
  scorer: (snapshot, index: ItemIndex, options) =>
    snapshot === undefined ? undefined : new SessionKnnScorer(options, snapshot, joinItems(snapshot.items, index)),
} satisfies Model<SessionKnnSnapshot, SessionKnnOptions>;

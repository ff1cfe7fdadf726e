import type { ItemIndex } from '../item-index';
import type { Scorer, ScoringQuery, Snapshot, TrainingEvents } from '../model';
import type { SparseScores } from '../sparse-scores';

/** A user's share in a segment, in (0, 1]. */
export interface Membership {
  readonly segment: string;
  readonly weight: number;
}

export interface SegmentOptions {
  /** Users of everybody's that stand beside a segment's own. @default 20 */
  readonly prior: number;
  /** A segment of fewer members, and an item that fewer of them had, is left out: it would name them. @default 20 and 5 */
  readonly fewestMembers: number;
  readonly fewestHad: number;
  /** Items kept of each segment. @default 300 */
  readonly longest: number;
}

export const SEGMENT_DEFAULTS: SegmentOptions = { prior: 20, fewestMembers: 20, fewestHad: 5, longest: 300 };

/** Segments with their popular items: those of segment s are `items[offsets[s] … offsets[s + 1])`, best first. */
export interface SegmentSnapshot extends Snapshot {
  readonly segments: readonly string[];
  readonly itemIds: readonly string[];
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  /** In (0, 1]. */
  readonly scores: Float32Array;
}

/**
 * popularity(i | s) = (had(i, s) + prior · had(i) / users) / (members(s) + prior): the share of a segment's members who had the item, drawn towards that of
 * all users here where members are few. had(i, s) = Σ over members who had i of their weight. `members[u]`: the segments of user u of the events; users without
 * any count for the whole alone. Ties: the item met first. Deterministic.
 */
export function fitSegments(
  events: TrainingEvents,
  members: readonly (readonly Membership[])[],
  { prior, fewestMembers, fewestHad, longest }: SegmentOptions = SEGMENT_DEFAULTS,
): SegmentSnapshot {
  const had = itemsByUser(events);
  const overall = new Float64Array(events.itemIds.length);
  for (const items of had) for (const item of items) overall[item]!++;
  const users = had.filter((items) => items.size > 0).length;
  const held = new Map<string, { weight: number; people: number; items: Map<number, { weight: number; people: number }> }>();
  members.forEach((memberships, user) => {
    for (const { segment, weight } of memberships) {
      const own = held.get(segment) ?? { weight: 0, people: 0, items: new Map<number, { weight: number; people: number }>() };
      held.set(segment, own);
      own.weight += weight;
      own.people++;
      for (const item of had[user] ?? []) {
        const count = own.items.get(item) ?? { weight: 0, people: 0 };
        own.items.set(item, { weight: count.weight + weight, people: count.people + 1 });
      }
    }
  });
  const kept = [...held].filter(([, { people }]) => people >= fewestMembers).sort(([a], [b]) => (a < b ? -1 : 1));
  const lists = kept.map(([, { weight: all, items }]) =>
    [...items]
      .filter(([, { people }]) => people >= fewestHad)
      .map(([item, { weight }]) => ({ item, score: (weight + (prior * overall[item]!) / users) / (all + prior) }))
      .sort((a, b) => b.score - a.score || a.item - b.item)
      .slice(0, longest),
  );
  const offsets = Int32Array.from([0, ...lists.map(({ length }) => length)]);
  for (let s = 1; s < offsets.length; s++) offsets[s]! += offsets[s - 1]!;
  return {
    segments: kept.map(([name]) => name),
    itemIds: events.itemIds,
    offsets,
    items: Int32Array.from(lists.flat(), ({ item }) => item),
    scores: Float32Array.from(lists.flat(), ({ score }) => score),
  };
}

/** [users] distinct items of positive behaviours. */
function itemsByUser({ userIds, users, items, weights }: TrainingEvents): Set<number>[] {
  const had = userIds.map(() => new Set<number>());
  for (let k = 0; k < users.length; k++) if (weights[k]! > 0) had[users[k]!]!.add(items[k]!);
  return had;
}

/** score(i) = Σ over the user's segments s of weight(s) · popularity(i | s) / Σ of the weights: nothing for a user without segments. */
export class SegmentScorer implements Scorer {
  readonly name = 'traits';
  private readonly places: ReadonlyMap<string, number>;
  private readonly rows: Int32Array;

  constructor(
    private readonly snapshot: SegmentSnapshot,
    index: ItemIndex,
  ) {
    this.places = new Map(snapshot.segments.map((name, place) => [name, place]));
    const rowOf = snapshot.itemIds.map((id) => index.intern(id));
    this.rows = snapshot.items.map((item) => rowOf[item]!);
  }

  score({ segments = [] }: Pick<ScoringQuery, 'segments'>, into: SparseScores, limit: number): void {
    const { offsets, scores } = this.snapshot;
    const known = segments.filter(({ name }) => this.places.has(name));
    const total = known.reduce((sum, { weight }) => sum + weight, 0);
    for (const { name, weight } of known) {
      const place = this.places.get(name)!;
      const end = Math.min(offsets[place + 1]!, offsets[place]! + limit);
      for (let k = offsets[place]!; k < end; k++) into.add(this.rows[k]!, (weight / total) * scores[k]!);
    }
  }
}

import type { EvaluationCase } from '../evaluation/protocols';
import type { Interaction, ScoringQuery, TrainingEvents } from '../models/model';
import type { EpochMs } from '../platform/clock';

/** Part of the behaviours that is held out at most, the newest. */
export const HELD_OUT_SHARE = 0.05;
/** Behaviours that are predicted at most: no more is held out than they need. */
export const MOST_CASES = 2000;
/** With fewer a comparison says nothing. */
export const FEWEST_CASES = 200;

const MOST_HISTORY = 200;
const MOST_SEEN = 2000;

/** A positive behaviour on an item that was new to its user, to be predicted from what the user had done before. */
export interface HeldOutCase extends EvaluationCase {
  readonly at: EpochMs;
}

export interface HoldOut {
  /** What is not held out, over the users and items that are in it. */
  readonly fit: TrainingEvents;
  /** Time of the newest behaviour of `fit`. */
  readonly learntThrough: EpochMs;
  /** By time; all later than `learntThrough`. Rows are numbers of `itemIds` of the whole. */
  readonly cases: readonly HeldOutCase[];
}

export interface HoldOutLimits {
  readonly share?: number;
  readonly most?: number;
  readonly fewest?: number;
}

/**
 * Holds out the newest behaviours by time: a share of them, but no more than the most cases need. undefined when that gives too few cases:
 * then a model had better learn everything.
 */
export function holdOutNewest(
  events: TrainingEvents,
  { share = HELD_OUT_SHARE, most = MOST_CASES, fewest = FEWEST_CASES }: HoldOutLimits = {},
): HoldOut | undefined {
  const total = events.times.length;
  const earliest = Math.floor(total * (1 - share));
  const timelines = timelinesOf(events, earliest);
  let places = placesFrom(events, timelines, earliest);
  if (places.length < fewest || earliest === 0) return undefined;
  const cut = places.length > most ? places[places.length - most]!.event : earliest;
  const learntThrough = events.times[cut - 1]!;
  // What happened in the same millisecond as the last behaviour learnt is no test of what comes next.
  places = places.filter(({ event }) => event >= cut && events.times[event]! > learntThrough);
  if (places.length < fewest) return undefined;
  return { fit: firstEvents(events, cut), learntThrough, cases: places.map((place) => caseOf(events, timelines, place)) };
}

/** A behaviour by its number, and its place in its user's timeline. */
interface Place {
  readonly event: number;
  readonly position: number;
}

type Timelines = ReadonlyMap<number, readonly number[]>;

/** The numbers of all behaviours of the users who did something from `earliest` on, oldest first. */
function timelinesOf({ users }: TrainingEvents, earliest: number): Timelines {
  const timelines = new Map<number, number[]>();
  for (let event = earliest; event < users.length; event++) timelines.set(users[event]!, []);
  for (let event = 0; event < users.length; event++) timelines.get(users[event]!)?.push(event);
  return timelines;
}

function placesFrom({ items, weights }: TrainingEvents, timelines: Timelines, earliest: number): Place[] {
  const places: Place[] = [];
  for (const timeline of timelines.values()) {
    const had = new Set<number>();
    timeline.forEach((event, position) => {
      const item = items[event]!;
      if (event >= earliest && weights[event]! > 0 && had.size > 0 && !had.has(item)) places.push({ event, position });
      had.add(item);
    });
  }
  return places.sort((a, b) => a.event - b.event);
}

function caseOf(events: TrainingEvents, timelines: Timelines, { event, position }: Place): HeldOutCase {
  const user = events.users[event]!;
  const at = events.times[event]!;
  const query = queryBefore(events, timelines.get(user)!, position, at);
  return { user, query, targets: [events.items[event]!], excluded: query.seen, at };
}

/**
 * What serving would have shown to models just before the behaviour at `position` of a user's timeline (the numbers of their behaviours, oldest
 * first): the newest behaviour on an item decides, and items not liked are no history.
 */
export function queryBefore(
  { items, weights, times }: TrainingEvents,
  timeline: readonly number[],
  position: number,
  now: EpochMs,
): ScoringQuery {
  const decided = new Set<number>();
  const history: Interaction[] = [];
  for (let p = position - 1; p >= 0 && decided.size < MOST_SEEN; p--) {
    const event = timeline[p]!;
    const row = items[event]!;
    if (decided.has(row)) continue;
    decided.add(row);
    if (weights[event]! > 0 && history.length < MOST_HISTORY) history.push({ row, weight: weights[event]!, at: times[event]! });
  }
  return { history, seen: [...decided], now };
}

/** The first `count` behaviours, with the users and items that occur in them, in the order in which they occur. */
export function firstEvents(events: TrainingEvents, count: number): TrainingEvents {
  const users = renumber(events.users.subarray(0, count), events.userIds);
  const items = renumber(events.items.subarray(0, count), events.itemIds);
  return {
    userIds: users.ids,
    itemIds: items.ids,
    users: users.column,
    items: items.column,
    weights: events.weights.slice(0, count),
    times: events.times.slice(0, count),
  };
}

function renumber(column: Int32Array, names: readonly string[]): { readonly ids: string[]; readonly column: Int32Array } {
  const numbers = new Int32Array(names.length).fill(-1);
  const ids: string[] = [];
  const renumbered = column.map((old) => {
    if (numbers[old]! < 0) numbers[old] = ids.push(names[old]!) - 1;
    return numbers[old]!;
  });
  return { ids, column: renumbered };
}

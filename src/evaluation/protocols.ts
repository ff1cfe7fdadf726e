import type { ItemIndex } from '../models/item-index';
import type { Interaction, ScoringQuery, TrainingEvents } from '../models/model';
import type { EpochMs } from '../platform/clock';
import { pickEvents, type EventTable } from './event-table';

/** One question with its answer: what did this user do next? */
export interface EvaluationCase {
  readonly user: number;
  readonly query: ScoringQuery;
  /** Rows that count as right. The first is the next item, which HR, NDCG and MRR are about; recall counts all of them. */
  readonly targets: readonly number[];
  /** Rows below `candidates` of the split that are left out of the ranking. */
  readonly excluded: readonly number[];
  /** The only rows that are ranked, distinct; absent: all candidates. */
  readonly given?: readonly number[];
}

/** What a protocol fits on and asks. */
export interface Split {
  readonly protocol: string;
  readonly fit: TrainingEvents;
  /** Gives the rows of queries, targets and candidates. */
  readonly index: ItemIndex;
  /** Rows 0 … candidates − 1 are ranked. */
  readonly candidates: number;
  /** Cases are made one at a time, always the same. */
  readonly cases: () => Iterable<EvaluationCase>;
  readonly caseCount: number;
}

/** `valid`: what parameters may be chosen on. `test`: what is reported. */
export const PARTS = ['valid', 'test'] as const;
export type Part = (typeof PARTS)[number];

const HISTORY_LIMIT = 200;
const SEEN_LIMIT = 2000;

/** What models see of a user just before the event at `position` of their timeline: the newest event of each item, newest first. */
export const queryBefore = (table: EventTable, user: number, position: number): ScoringQuery =>
  queryAfter(table, table.timelines[user]!.slice(0, position), table.times[table.timelines[user]![position]!]!);

/** What models see at `now` of a user who had these events, oldest first: as serving does, at most 200 items of history and 2,000 of seen. */
export function queryAfter(table: EventTable, events: readonly number[], now: EpochMs): ScoringQuery {
  const history: Interaction[] = [];
  const seen = new Set<number>();
  for (let p = events.length - 1; p >= 0 && seen.size < SEEN_LIMIT; p--) {
    const event = events[p]!;
    const row = table.items[event]!;
    if (seen.has(row)) continue;
    seen.add(row);
    if (history.length < HISTORY_LIMIT) history.push({ row, weight: table.weights[event]!, at: table.times[event]! });
  }
  return { history, seen: [...seen], now };
}

/** A place in a user's timeline: the event to be predicted from those before. */
interface Place {
  readonly user: number;
  readonly position: number;
}

function unseenCases(table: EventTable, places: readonly Place[]): Pick<Split, 'index' | 'candidates' | 'cases' | 'caseCount'> {
  return {
    index: table.index,
    candidates: table.itemIds.length,
    caseCount: places.length,
    *cases() {
      for (const { user, position } of places) {
        const query = queryBefore(table, user, position);
        yield { user, query, targets: [table.items[table.timelines[user]![position]!]!], excluded: query.seen };
      }
    },
  };
}

/** Whether the user had not had the item of this event before: repeats cannot be found among items not yet had. */
const isNew = (table: EventTable, { user, position }: Place): boolean => {
  const timeline = table.timelines[user]!;
  const row = table.items[timeline[position]!]!;
  return !timeline.slice(0, position).some((event) => table.items[event] === row);
};

/**
 * Protocol A: the first 80 % of all events are the fit, the next 10 % are for choosing, the last 10 % are the test. Each event is predicted
 * from all of that user's earlier events, also those of later parts than the fit. Left out: first events of a user and items had before.
 * The models are not fitted again for the test.
 */
export function globalTime(table: EventTable, part: Part): Split {
  const total = table.times.length;
  const fitEnd = Math.floor(total * 0.8);
  const validEnd = Math.floor(total * 0.9);
  const [from, to] = part === 'valid' ? [fitEnd, validEnd] : [validEnd, total];
  const places = placesWhere(table, (event) => event >= from && event < to);
  return { protocol: 'global-time', fit: pickEvents(table, (event) => event < fitEnd), ...unseenCases(table, places) };
}

function placesWhere(table: EventTable, wanted: (event: number) => boolean): Place[] {
  const places: (Place & { readonly event: number })[] = [];
  table.timelines.forEach((timeline, user) => {
    for (let position = 1; position < timeline.length; position++) {
      const event = timeline[position]!;
      if (wanted(event) && isNew(table, { user, position })) places.push({ user, position, event });
    }
  });
  return places.sort((a, b) => a.event - b.event);
}

/**
 * Protocol B: each user's last event (for choosing: the last but one) from all before it. The fit is every event before the one that is asked for,
 * of all users. Left out: users with nothing before it, and items had before.
 */
export function lastOut(table: EventTable, part: Part): Split {
  const back = part === 'valid' ? 2 : 1;
  return { protocol: 'last-out', ...eventsFromTheEnd(table, back, back) };
}

/**
 * Leave-last-out with full ranking: each user's last event is the test, the last but one is for choosing. Models are fitted on everything before
 * both, for both parts: at the test the event chosen on is in the history that models are asked with, but nothing was fitted on it.
 * (Kang & McAuley, ICDM 2018, with the full ranking of Krichene & Rendle, KDD 2020.) Left out: as in protocol B.
 */
export const leaveLastOut = (table: EventTable, part: Part): Split => ({
  protocol: 'leave-last-out',
  ...eventsFromTheEnd(table, part === 'valid' ? 2 : 1, 2),
});

/** Asks for the event `back` from each user's end (1: the last), with models fitted on what lies before the event `fitBack` from the end. */
function eventsFromTheEnd(table: EventTable, back: number, fitBack: number): Omit<Split, 'protocol'> {
  const inFit = new Uint8Array(table.times.length);
  const places: Place[] = [];
  table.timelines.forEach((timeline, user) => {
    for (let p = 0; p < timeline.length - fitBack; p++) inFit[timeline[p]!] = 1;
    const position = timeline.length - back;
    if (position >= 1 && isNew(table, { user, position })) places.push({ user, position });
  });
  return { fit: pickEvents(table, (event) => inFit[event] === 1), ...unseenCases(table, places) };
}

/**
 * For each session of `asked` and each position after its first: the next item from those before it. Candidates are all items of
 * the fit except the most recent one; those seen earlier in the session stay. A target that is no candidate is a miss.
 * (Serenade, Kersbergen et al., SIGMOD 2022; evaluator of the repository bolcom/serenade.)
 * Both tables have the same index; `fit` was made first, so its items have the lower rows.
 */
export function sessionPrefixes(fit: EventTable, asked: EventTable, protocol = 'session-prefixes'): Split {
  const places = placesAfterFirst(asked);
  return {
    protocol,
    fit,
    index: fit.index,
    candidates: fit.itemIds.length,
    caseCount: places.length,
    *cases() {
      for (const { user, position } of places) {
        const query = queryBefore(asked, user, position);
        const targets = asked.timelines[user]!.slice(position).map((event) => asked.items[event]!);
        yield { user, query, targets, excluded: query.seen.slice(0, 1) };
      }
    },
  };
}

function placesAfterFirst(table: EventTable): Place[] {
  return table.timelines.flatMap((timeline, user) => timeline.slice(1).map((_, k) => ({ user, position: k + 1 })));
}

import type { NcfQuestion } from '../datasets/ncf-questions';
import { seededRandom, type Random } from '../platform/random';
import { pickEvents, type EventTable } from './event-table';
import { queryAfter, type EvaluationCase, type Part, type Split } from './protocols';

/** Of the draw of validation items and their negatives: the same for every evaluation, so that choices can be compared. */
const DRAW_SEED = 20_170_403;
/** As many as the test gives. */
const NEGATIVES = 99;
/** Events drawn of a user for choosing, but no more than a fifth of what they had, and one at least: with one alone, small gains are lost in the noise. */
const MOST_DRAWN = 4;
const DRAWN_SHARE = 0.2;
/** The events of these data have no times; a question comes this long after the last of its user. */
const QUESTION_GAP_MS = 1000;

/**
 * Leave-one-out with given negatives: the held-out item of each user is ranked among itself and the negatives. The test's questions are given, and the
 * fit is the whole table. For choosing, up to four events of each user who has two are drawn from the table and left out of the fit and the history,
 * each with 99 items drawn uniformly from those that the user never had; the test's held-out item is never among them.
 * (He et al., WWW 2017, §4.1.)
 */
export function givenNegatives(table: EventTable, questions: readonly NcfQuestion[], part: Part): Split {
  const asked = part === 'test' ? testCases(table, questions) : drawnCases(table, questions);
  return {
    protocol: 'given-negatives',
    fit: pickEvents(table, (event) => !asked.leftOut.has(event)),
    index: table.index,
    candidates: table.index.size,
    caseCount: asked.questions.length,
    *cases() {
      for (const { user, target, negatives } of asked.questions) yield toCase(table, user, [target, ...negatives], asked.leftOut);
    },
  };
}

interface Question {
  readonly user: number;
  readonly target: number;
  readonly negatives: readonly number[];
}

interface Asked {
  readonly questions: readonly Question[];
  /** Events that are neither fitted on nor in a history. */
  readonly leftOut: ReadonlySet<number>;
}

function toCase(table: EventTable, user: number, given: readonly number[], leftOut: ReadonlySet<number>): EvaluationCase {
  const events = table.timelines[user]!.filter((event) => !leftOut.has(event));
  const now = table.times[events.at(-1)!]! + QUESTION_GAP_MS;
  return { user, query: queryAfter(table, events, now), targets: given.slice(0, 1), excluded: [], given };
}

function testCases(table: EventTable, questions: readonly NcfQuestion[]): Asked {
  const numbers = new Map(table.userIds.map((id, user) => [id, user]));
  const known = questions.flatMap(({ userId, heldOut, negatives }): Question[] => {
    const user = numbers.get(userId);
    if (user === undefined) return []; // nothing is known of them
    return [{ user, target: table.index.intern(heldOut), negatives: negatives.map((id) => table.index.intern(id)) }];
  });
  return { questions: known, leftOut: new Set() };
}

function drawnCases(table: EventTable, questions: readonly NcfQuestion[]): Asked {
  const random = seededRandom(DRAW_SEED);
  const heldOut = new Map(questions.map((question) => [question.userId, table.index.rowOf(question.heldOut)]));
  const leftOut = new Set<number>();
  const drawn = table.timelines.flatMap((timeline, user): Question[] => {
    if (timeline.length < 2) return [];
    const had = new Set(timeline.map((other) => table.items[other]!));
    const test = heldOut.get(table.userIds[user]!);
    if (test !== undefined) had.add(test);
    return drawEvents(timeline, random).map((event) => {
      leftOut.add(event);
      return { user, target: table.items[event]!, negatives: drawOutside(had, table.index.size, random) };
    });
  });
  return { questions: drawn, leftOut };
}

/** Distinct events of a timeline, uniformly. */
function drawEvents(timeline: readonly number[], random: Random): number[] {
  const wanted = Math.max(1, Math.min(MOST_DRAWN, Math.floor(timeline.length * DRAWN_SHARE)));
  const drawn = new Set<number>();
  while (drawn.size < wanted) drawn.add(timeline[Math.floor(random() * timeline.length)]!);
  return [...drawn];
}

/** Up to 99 distinct rows below `rows` that are not in `had`, uniformly; fewer where there are no more. */
function drawOutside(had: ReadonlySet<number>, rows: number, random: Random): number[] {
  const drawn = new Set<number>();
  const wanted = Math.min(NEGATIVES, rows - had.size);
  while (drawn.size < wanted) {
    const row = Math.floor(random() * rows);
    if (!had.has(row)) drawn.add(row);
  }
  return [...drawn];
}

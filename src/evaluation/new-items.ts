import type { Ranker } from './rankers';
import { SparseScores } from '../models/sparse-scores';
import { pickEvents, type EventTable } from './event-table';
import { queryAfter, type EvaluationCase, type Part, type Split } from './protocols';

/** Questions about items that nothing was learnt about. */
export interface NewItemsSplit extends Split {
  /** Rows of the withheld items, by first appearance. */
  readonly withheld: readonly number[];
  /** [cases] the event that each case asks for. */
  readonly asked: Int32Array;
  /** [cases] how many had the item before. */
  readonly hadBefore: Int32Array;
}

/**
 * The tenth of the items that appear last is withheld. Fitted is on what happened before the first of them appeared; asked is each event on one of
 * them, among those of them that the user has not had, from all that user's earlier events, also those on other withheld items. `valid` withholds the
 * tenth before instead, in a world without the last tenth. Left out: first events of a user, and items had before. Cases are in the order of time.
 */
export function newItems(table: EventTable, part: Part): NewItemsSplit {
  const firstSeen = [...new Set(table.items)]; // events are in time order, and a set keeps the order of coming
  const [from, to] = part === 'valid' ? [0.8, 0.9] : [0.9, 1];
  const withheld = firstSeen.slice(Math.floor(firstSeen.length * from), Math.floor(firstSeen.length * to));
  const unheard = new Set(part === 'valid' ? firstSeen.slice(Math.floor(firstSeen.length * to)) : []);
  const isWithheld = new Set(withheld);
  const fitEnd = table.items.findIndex((row) => isWithheld.has(row));
  const questions = questionsOf(table, isWithheld, unheard);
  return {
    protocol: 'new-items',
    fit: pickEvents(table, (event) => event < fitEnd && !unheard.has(table.items[event]!)),
    index: table.index,
    candidates: table.itemIds.length,
    cases: () => questions.map(({ evaluationCase }) => evaluationCase),
    caseCount: questions.length,
    withheld,
    asked: Int32Array.from(questions, ({ event }) => event),
    hadBefore: Int32Array.from(questions, ({ hadBefore }) => hadBefore),
  };
}

interface Question {
  readonly event: number;
  readonly hadBefore: number;
  readonly evaluationCase: EvaluationCase;
}

function questionsOf(table: EventTable, withheld: ReadonlySet<number>, unheard: ReadonlySet<number>): Question[] {
  const earlier = new Map<number, number[]>();
  const counts = new Map<number, number>();
  const questions: Question[] = [];
  table.items.forEach((row, event) => {
    if (unheard.has(row)) return;
    const user = table.users[event]!;
    const events = earlier.get(user) ?? [];
    earlier.set(user, events);
    const hadBefore = counts.get(row) ?? 0;
    if (withheld.has(row)) {
      counts.set(row, hadBefore + 1);
      const query = queryAfter(table, events, table.times[event]!);
      const given = [...withheld].filter((candidate) => !query.seen.includes(candidate));
      if (events.length > 0 && given.includes(row)) {
        questions.push({ event, hadBefore, evaluationCase: { user, query, targets: [row], excluded: query.seen, given } });
      }
    }
    events.push(event);
  });
  return questions;
}

/** How many had each withheld item before the moment of each question, which must be asked in their order. */
export function popularSoFar(table: EventTable, { asked, candidates }: NewItemsSplit): Ranker {
  const scores = new SparseScores(candidates);
  let [next, counted] = [0, 0];
  return {
    model: 'popular',
    fitSeconds: 0,
    score() {
      for (const event = asked[next++]!; counted < event; counted++) scores.add(table.items[counted]!, 1);
      return scores;
    },
  };
}

/**
 * What happened to the withheld items so far together with what they are, as once live counts are there beside a model: ln(1 + how many had it) +
 * score / best score of a withheld item. For orders by count and by score that are independent, the logarithms add (naive Bayes). `popular` must be
 * asked in the order of the questions.
 */
export function popularWith(content: Ranker, popular: Ranker, { withheld, candidates }: NewItemsSplit): Ranker {
  const scores = new SparseScores(candidates);
  return {
    model: 'hybrid',
    fitSeconds: content.fitSeconds,
    score(query) {
      const [told, had] = [content.score(query), popular.score(query)];
      const best = withheld.reduce((most, row) => Math.max(most, told.get(row)), 0);
      scores.clear();
      for (const row of withheld) scores.add(row, Math.log1p(had.get(row)) + (best > 0 ? told.get(row) / best : 0));
      return scores;
    },
  };
}

/** The NDCG@k that an order by chance gives a target among so many: what a model comes to that knows nothing of any of them. */
export function ndcgByChance(candidates: number, k: number): number {
  let sum = 0;
  for (let place = 0; place < Math.min(k, candidates); place++) sum += 1 / Math.log2(place + 2);
  return sum / candidates;
}

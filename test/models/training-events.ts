import type { Interaction, ScoringQuery, TrainingEvents } from '../../src/models/model';
import type { ItemIndex } from '../../src/models/item-index';
import type { Scorer } from '../../src/models/model';
import { SparseScores } from '../../src/models/sparse-scores';
import { topRows } from '../../src/models/top-k';

/** [user, item, weight = 1, at = position · 1 s] */
export type EventTuple = readonly [user: string, item: string, weight?: number, at?: number];

/** Events as columns, in the order given; items and users are numbered by first appearance. */
export function trainingEvents(tuples: readonly EventTuple[]): TrainingEvents {
  const userIds = [...new Set(tuples.map(([user]) => user))];
  const itemIds = [...new Set(tuples.map(([, item]) => item))];
  return {
    userIds,
    itemIds,
    users: Int32Array.from(tuples, ([user]) => userIds.indexOf(user)),
    items: Int32Array.from(tuples, ([, item]) => itemIds.indexOf(item)),
    weights: Float32Array.from(tuples, ([, , weight]) => weight ?? 1),
    times: Float64Array.from(tuples, ([, , , at], k) => at ?? k * 1_000),
  };
}

/** A query of items, newest first, one second apart. */
export function queryOf(index: ItemIndex, items: readonly (string | readonly [string, number])[], now = 1_000_000): ScoringQuery {
  const history: Interaction[] = items.map((entry, r) => {
    const [id, weight] = typeof entry === 'string' ? [entry, 1] : entry;
    return { row: index.intern(id), weight, at: now - r * 1_000 };
  });
  return { history, seen: history.map(({ row }) => row), now };
}

/** Scores by item id. */
export function scoresOf(scorer: Scorer, index: ItemIndex, query: ScoringQuery, limit = 100): Record<string, number> {
  const scores = new SparseScores();
  scorer.score(query, scores, limit);
  return Object.fromEntries(scores.rows.map((row) => [index.idAt(row), scores.get(row)]));
}

/** The best item that the user has not had; undefined when there is none. */
export function bestUnseen(scorer: Scorer, index: ItemIndex, query: ScoringQuery): string | undefined {
  const scores = new SparseScores();
  scorer.score(query, scores, 1_000);
  const row = topRows(scores, scores.rows.length).find((candidate) => !query.seen.includes(candidate));
  return row === undefined ? undefined : index.idAt(row);
}

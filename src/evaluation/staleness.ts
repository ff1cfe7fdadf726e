import type { ScoringQuery } from '../models/model';
import type { ModelName } from '../push/recommendation-list';
import { bootstrapMean, bootstrapRatio, type Estimate } from './bootstrap';
import type { EventTable } from './event-table';
import { hitAt, ndcgAt } from './metrics';
import { queryBefore, type EvaluationCase, type Split } from './protocols';
import { TargetRanker } from './rank-targets';
import type { Ranker } from './rankers';

export const STALENESS_LAGS: readonly number[] = [0, 1, 2, 5, 10];
const CUT = 10;

/**
 * What a model would see of the case's user if the profile lacked the last `events` events: `history` and `seen` as before those, `now` as it is.
 * Of a profile at least the `least` oldest events stay, where it has so many. Lacking 0 is the query of the case.
 */
export type LackingQuery = (asked: EvaluationCase, events: number, least: number) => ScoringQuery;

/**
 * The query without its newest `events` history items. That is the same as lacking as many events as long as nobody had an item twice and the
 * history is below its limit; where that is not so, `lackingEvents` is exact.
 */
export const withoutNewest: LackingQuery = ({ query }, events, least) => {
  const cut = Math.min(events, Math.max(0, query.history.length - least));
  const lacking = new Set(query.history.slice(0, cut).map(({ row }) => row));
  return { history: query.history.slice(cut), seen: query.seen.filter((row) => !lacking.has(row)), now: query.now };
};

/**
 * Exactly the profile of that many events earlier, from the table that the split was made of: an item had twice is back at its older place, and older
 * items move up to the limit. For protocols that ask for one event on an item not had before (protocols A and B): there the target tells the place.
 * @throws RangeError when the user of a case has no event on its target.
 */
export function lackingEvents(table: EventTable): LackingQuery {
  return ({ user, query, targets: [target] }, events, least) => {
    const position = table.timelines[user]!.findIndex((event) => table.items[event] === target);
    if (position < 0) throw new RangeError(`user ${user} has no event on item ${target}`);
    if (events === 0) return query;
    const before = Math.max(position - events, Math.min(least, position));
    return { ...queryBefore(table, user, before), now: query.now };
  };
}

/** How good lists are when the profile lacks the last `lag` events. */
export interface StalenessPoint {
  readonly lag: number;
  readonly ndcg: Estimate;
  readonly hr: Estimate;
  /** 1 − figure / figure at the first lag, paired over the same users; above 0: worse. */
  readonly ndcgLoss: Estimate;
  readonly hrLoss: Estimate;
}

export interface StalenessOptions {
  /** Of the intervals. */
  readonly seed: number;
  /** The first is what others are compared with. @default [0, 1, 2, 5, 10] */
  readonly lags?: readonly number[];
  /**
   * Oldest events that a profile keeps, however many it lacks: with none left a model has nothing to go by, and the curve would tell of cold starts. 0 empties
   * profiles, which makes losses larger.
   * @default 1
   */
  readonly least?: number;
  /** @default withoutNewest */
  readonly lacking?: LackingQuery;
  /** Told how many of the cases are done. */
  readonly onCase?: (done: number) => void;
}

/**
 * NDCG@10 and HR@10 of the next item by a ranker whose profile lags behind: what a list is worth that was computed so many events ago, hence what pushing
 * a new one is worth. Every lag asks the same cases at the same `now`, also those that have fewer events than it lacks. Nothing that a model looks at
 * tells of the lacking events; but items already had stay left out of the ranking, all of them, as serving leaves them out of a list that
 * it shows. One point a lag, in their order; intervals are 95 % bootstrap over users.
 */
export function stalenessCurve(
  split: Split,
  ranker: Ranker,
  { seed, lags = STALENESS_LAGS, least = 1, lacking = withoutNewest, onCase }: StalenessOptions,
): StalenessPoint[] {
  const users = new Int32Array(split.caseCount);
  const ranks = lags.map(() => new Float64Array(split.caseCount));
  const targetRanker = new TargetRanker(split.candidates, 1);
  let done = 0;
  for (const asked of split.cases()) {
    users[done] = asked.user;
    lags.forEach((lag, k) => {
      ranks[k]![done] = targetRanker.rank(asked, ranker.score(lacking(asked, lag, least))).ranks[0] ?? Infinity;
    });
    done++;
    onCase?.(done);
  }
  const lossOf = (fresh: Float64Array, stale: Float64Array): Estimate =>
    bootstrapRatio(
      fresh.map((value, k) => value - stale[k]!),
      fresh,
      users,
      { seed },
    );
  const ndcgs = ranks.map((ofLag) => ofLag.map((rank) => ndcgAt(rank, CUT)));
  const hits = ranks.map((ofLag) => ofLag.map((rank) => hitAt(rank, CUT)));
  return lags.map((lag, k) => ({
    lag,
    ndcg: bootstrapMean(ndcgs[k]!, users, { seed }),
    hr: bootstrapMean(hits[k]!, users, { seed }),
    ndcgLoss: lossOf(ndcgs[0]!, ndcgs[k]!),
    hrLoss: lossOf(hits[0]!, hits[k]!),
  }));
}

/** One model's curve on one protocol. */
export interface StalenessCurve {
  readonly protocol: string;
  readonly model: ModelName;
  readonly points: readonly StalenessPoint[];
}

/** A Markdown table of curves: one row a protocol, model and lag. */
export function stalenessMarkdown(curves: readonly StalenessCurve[]): string {
  const rows = curves.flatMap(({ protocol, model, points }) =>
    points.map(({ lag, ndcg, hr, ndcgLoss, hrLoss }) =>
      [protocol, model, lag, interval(ndcg, short), loss(ndcgLoss), interval(hr, short), loss(hrLoss)].join(' | '),
    ),
  );
  return [
    '| protocol | model | events lacking | NDCG@10 | lost | HR@10 | lost |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

const interval = ({ value, low, high }: Estimate, write: (number: number) => string): string =>
  `${write(value)} (${write(low)}–${write(high)})`;
const loss = (estimate: Estimate): string => (estimate.low === 0 && estimate.high === 0 ? '–' : interval(estimate, percent));
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
/** Four places, without the leading zero. */
const short = (value: number): string => value.toFixed(4).replace(/^(-?)0\./, '$1.');

import type { Basket } from '../datasets/online-retail';
import type { ItemIndex } from '../models/item-index';
import type { EpochMs } from '../platform/clock';
import { pickEvents, toEventTable, type EventTable } from './event-table';
import { queryBefore, type EvaluationCase, type Part, type Split } from './protocols';

/** What a basket is asked about: `all` its items, or only those `new` to the customer, ranked among all items or among those not had yet. */
export const ASKED_ITEMS = ['all', 'new'] as const;
export type AskedItems = (typeof ASKED_ITEMS)[number];

export interface BasketDates {
  /** Baskets before are fitted on. */
  readonly fitEnd: EpochMs;
  /** Baskets from `fitEnd` to before this are for choosing, those from here on are the test. */
  readonly validEnd: EpochMs;
}

/** Of online-retail: fit to 2011-10-31, validation to 2011-11-15, test after. */
export const RETAIL_DATES: BasketDates = { fitEnd: Date.UTC(2011, 10, 1), validEnd: Date.UTC(2011, 10, 16) };

export interface BasketSplitOptions {
  readonly part: Part;
  readonly asked: AskedItems;
  readonly dates: BasketDates;
  /** Interns the items, e.g. after those of a catalogue. @default a new one */
  readonly index?: ItemIndex;
}

/**
 * Next baskets: what is in this basket, from the customer's earlier ones? Every item of a basket is a target of equal standing (their order says
 * nothing, so only metrics of all targets are meant: recall, NDCG of all, precision, MAP). An earlier basket is one of an earlier time, also of a
 * later part than the fit; baskets of one minute do not know each other. Left out: a customer's first baskets, and with `new` baskets without
 * a new item. Candidates are all items of the data, also those first sold after the fit. Models are not fitted again for the test.
 * Each item of a basket is one event of weight 1; those of one basket have one time. Cases are in the order of the baskets.
 */
export function basketSplit(baskets: readonly Basket[], { part, asked, dates, index }: BasketSplitOptions): Split {
  const ordered = [...baskets].sort((a, b) => a.at - b.at); // stable
  const events = ordered.flatMap(({ userId, at, itemIds }) => itemIds.map((itemId) => ({ userId, itemId, type: 'purchase', at })));
  const table = toEventTable(events, index);
  const userOf = new Map(table.userIds.map((id, user) => [id, user]));
  const [from, to] = part === 'valid' ? [dates.fitEnd, dates.validEnd] : [dates.validEnd, Infinity];
  const toCase = ({ userId, at, itemIds }: Basket): EvaluationCase | undefined =>
    askBasket(table, asked, { user: userOf.get(userId)!, at, rows: itemIds.map((id) => table.index.rowOf(id)!) });
  const places = ordered.filter((basket) => basket.at >= from && basket.at < to && toCase(basket) !== undefined);
  return {
    protocol: `next-basket-${asked}`,
    fit: pickEvents(table, (event) => table.times[event]! < dates.fitEnd),
    index: table.index,
    candidates: table.itemIds.length,
    caseCount: places.length,
    *cases() {
      for (const basket of places) yield toCase(basket)!;
    },
  };
}

interface Place {
  readonly user: number;
  readonly at: EpochMs;
  /** Distinct rows of the basket. */
  readonly rows: readonly number[];
}

function askBasket(table: EventTable, asked: AskedItems, { user, at, rows }: Place): EvaluationCase | undefined {
  const timeline = table.timelines[user]!;
  const position = timeline.findIndex((event) => table.times[event]! === at);
  if (position === 0) return undefined;
  const had = new Set(timeline.slice(0, position).map((event) => table.items[event]!));
  const targets = asked === 'all' ? rows : rows.filter((row) => !had.has(row));
  if (targets.length === 0) return undefined;
  return { user, query: queryBefore(table, user, position), targets, excluded: asked === 'all' ? [] : [...had] };
}

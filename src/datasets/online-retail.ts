import { join } from 'node:path';
import type { NewItem } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import type { BehaviourRow } from './behaviour-mapping';
import { optionalNumber, optionalText, requireText, requireTime, type SourceRecord } from './field-values';
import { readCsv } from './read-csv';
import type { ReadOptions } from './read-lines';
import { isBadRow, mapRow, RowError, type BadRow, type Row } from './row';

/** One line of an invoice, checked. */
interface InvoiceLine {
  readonly invoice: string;
  /** In capitals: the shop writes 112 of its codes both ways. */
  readonly itemId: string;
  readonly description: string | undefined;
  /** Below 0: taken back. */
  readonly quantity: number;
  /** Minute of the invoice; the shop's local time, read as UTC. */
  readonly at: EpochMs;
  /** Pounds for one. */
  readonly price: number;
  /** Absent: anonymous. */
  readonly customer: string | undefined;
  readonly cancelled: boolean;
}

/** Codes of goods begin with five digits, those of one supplier with DCGS. Others are postage, fees, discounts, corrections, vouchers and samples. */
const GOODS = /^(?:\d{5}|DCGS)/;

/** @throws RowError that names the column. */
function toInvoiceLine(record: SourceRecord): InvoiceLine {
  const invoice = requireText(record, 'InvoiceNo');
  const quantity = requireNumber(record, 'Quantity');
  return {
    invoice,
    itemId: requireText(record, 'StockCode').toUpperCase(),
    description: optionalText(record, 'Description')?.replace(/\s+/g, ' '),
    quantity,
    at: requireTime(record, 'InvoiceDate'),
    price: requireNumber(record, 'UnitPrice'),
    customer: optionalText(record, 'CustomerID'),
    cancelled: invoice.startsWith('C') || quantity < 0,
  };
}

function requireNumber(record: SourceRecord, path: string): number {
  const number = optionalNumber(record, path);
  if (number === undefined) throw new RowError(`${path}: is missing`);
  return number;
}

/** The lines that are about goods at a price above 0; the rest is bookkeeping (stock corrections, fees) and is left out without a word. */
async function* readGoods(dir: string, options?: ReadOptions): AsyncGenerator<Row<InvoiceLine>, void, undefined> {
  for await (const row of readCsv(join(dir, 'online-retail.csv.gz'), options)) {
    const line = mapRow(row, toInvoiceLine);
    if (isBadRow(line) || isGoods(line.record)) yield line;
  }
}

const isGoods = ({ itemId, price, quantity }: InvoiceLine): boolean => GOODS.test(itemId) && price > 0 && quantity !== 0;

/**
 * Invoice lines of goods as behaviours, in file order (by minute; inside an invoice the order says nothing). A sale is a `purchase`. A cancellation is
 * a `remove_from_cart` of its quantity, which speaks against the item and so undoes its place in the history; one without a customer is left out, since
 * nobody's purchase is known to be undone. An invoice without a customer is a user of its own, `invoice-<number>`.
 */
export async function* readRetailBehaviours(dir: string, options?: ReadOptions): AsyncGenerator<Row<BehaviourRow>, void, undefined> {
  for await (const row of readGoods(dir, options)) {
    if (isBadRow(row) || !row.record.cancelled || row.record.customer !== undefined) yield mapRow(row, toBehaviour);
  }
}

const toBehaviour = ({ invoice, itemId, quantity, at, price, customer, cancelled }: InvoiceLine): BehaviourRow => ({
  userId: customer ?? `invoice-${invoice}`,
  itemId,
  type: cancelled ? 'remove_from_cart' : 'purchase',
  at,
  quantity: Math.abs(quantity),
  price,
});

/** What is known of an item so far. */
interface Sales {
  /** Of its first sale. */
  readonly line: number;
  readonly descriptions: Map<string, number>;
  readonly prices: Map<number, number>;
}

/**
 * Every item sold, in the order of first sales: the description most of its sales have (ties: the first) as title, or the code where none has any;
 * the median price of its sales in pounds. The set tells no categories. Bad lines come in their places. Holds the items in memory, not the lines.
 */
export async function* readRetailItems(dir: string, { after = 0 }: ReadOptions = {}): AsyncGenerator<Row<NewItem>, void, undefined> {
  const items = new Map<string, Sales>();
  const bad: BadRow[] = [];
  for await (const row of readGoods(dir)) {
    if (isBadRow(row)) bad.push(row);
    else if (!row.record.cancelled) addSale(items, row.record, row.line);
  }
  const good = Array.from(items, ([id, sales]): Row<NewItem> => ({ line: sales.line, record: toItem(id, sales) }));
  for (const row of [...bad, ...good].sort((a, b) => a.line - b.line)) if (row.line > after) yield row;
}

function addSale(items: Map<string, Sales>, { itemId, description, price }: InvoiceLine, line: number): void {
  let sales = items.get(itemId);
  if (sales === undefined) items.set(itemId, (sales = { line, descriptions: new Map(), prices: new Map() }));
  if (description !== undefined) sales.descriptions.set(description, (sales.descriptions.get(description) ?? 0) + 1);
  sales.prices.set(price, (sales.prices.get(price) ?? 0) + 1);
}

function toItem(id: string, { descriptions, prices }: Sales): NewItem {
  const [title] = [...descriptions].reduce((most, next) => (next[1] > most[1] ? next : most), [id, 0]);
  return { id, title, categories: [], tags: [], price: medianOf(prices), currency: 'GBP' };
}

/** The median of values with their counts: the mean of the middle two, rounded to a thousandth as prices are written. */
function medianOf(counts: ReadonlyMap<number, number>): number {
  const ascending = [...counts].sort(([a], [b]) => a - b);
  const total = ascending.reduce((sum, [, count]) => sum + count, 0);
  const at = (place: number): number => {
    let passed = 0;
    return ascending.find(([, count]) => (passed += count) > place)![0];
  };
  return Math.round(((at(Math.floor((total - 1) / 2)) + at(Math.floor(total / 2))) / 2) * 1000) / 1000;
}

/** What a customer bought with one invoice. */
export interface Basket {
  readonly userId: string;
  readonly at: EpochMs;
  /** Distinct, in the order of the lines, which says nothing. */
  readonly itemIds: readonly string[];
}

export interface RetailBaskets {
  /** By time, then by line of their first items. */
  readonly baskets: readonly Basket[];
  /** How many bad lines were left out. */
  readonly rejected: number;
}

/**
 * The baskets of known customers: goods bought at a price above 0, one basket a customer and invoice, dated by its first line. Cancellations are left
 * out and undo nothing. (The protocol that the data set's README proposes.)
 */
export async function readRetailBaskets(dir: string): Promise<RetailBaskets> {
  const baskets = new Map<string, { readonly userId: string; readonly at: EpochMs; readonly itemIds: Set<string> }>();
  let rejected = 0;
  for await (const row of readGoods(dir)) {
    if (isBadRow(row)) {
      rejected++;
      continue;
    }
    const { customer, invoice, itemId, at, cancelled } = row.record;
    if (customer === undefined || cancelled) continue;
    const key = `${customer} ${invoice}`;
    let basket = baskets.get(key);
    if (basket === undefined) baskets.set(key, (basket = { userId: customer, at, itemIds: new Set() }));
    basket.itemIds.add(itemId);
  }
  const ordered = Array.from(baskets.values(), ({ itemIds, ...basket }): Basket => ({ ...basket, itemIds: [...itemIds] }));
  return { baskets: ordered.sort((a, b) => a.at - b.at), rejected }; // sort is stable
}

import type { EpochMs } from '../platform/clock';
import { badInput } from '../platform/errors';
import { optionalNumber, optionalText, requireText, requireTime, type SourceRecord } from './field-values';

/** A behaviour as a data set tells it: what an import sends on as a draft. */
export interface BehaviourRow {
  readonly userId: string;
  readonly itemId: string;
  readonly type: string;
  readonly at: EpochMs;
  readonly value?: number;
  readonly quantity?: number;
  readonly price?: number;
}

/** From which column, or JSON field (dotted for nested ones), each part comes. */
export interface BehaviourMapping {
  readonly userId: string;
  readonly itemId: string;
  readonly at: string;
  /** Column of the type; where it is absent or empty, `defaultType` holds. */
  readonly type?: string;
  /** @default 'rate' for a row with a value, else 'view' */
  readonly defaultType?: string;
  readonly value?: string;
  readonly quantity?: string;
  readonly price?: string;
}

/** The behaviour in one record. @throws RowError that names the column. */
export function toBehaviour(record: SourceRecord, mapping: BehaviourMapping): BehaviourRow {
  const value = mapping.value === undefined ? undefined : optionalNumber(record, mapping.value);
  const quantity = mapping.quantity === undefined ? undefined : optionalNumber(record, mapping.quantity);
  const price = mapping.price === undefined ? undefined : optionalNumber(record, mapping.price);
  const type = mapping.type === undefined ? undefined : optionalText(record, mapping.type);
  return {
    userId: requireText(record, mapping.userId),
    itemId: requireText(record, mapping.itemId),
    type: type ?? mapping.defaultType ?? (value === undefined ? 'view' : 'rate'),
    at: requireTime(record, mapping.at),
    ...(value !== undefined && { value }),
    ...(quantity !== undefined && { quantity }),
    ...(price !== undefined && { price }),
  };
}

const FIELDS = ['userId', 'itemId', 'at', 'type', 'value', 'quantity', 'price'] as const;
const HOW = 'write field=column with commas between, e.g. userId=customer,itemId=sku,at=time,type:=purchase (:= gives a fixed type)';

/**
 * The mapping that a command line spells out: `field=column` with commas between, `type:=name` for a fixed type.
 * @throws BeckonError BAD_INPUT, field `mapping`.
 */
export function parseBehaviourMapping(text: string): BehaviourMapping {
  const parts = new Map<string, string>();
  for (const assignment of text.split(',')) {
    const match = /^\s*(\w+)\s*(:?=)\s*(.+?)\s*$/.exec(assignment);
    if (match === null) throw badInput('mapping', `"${assignment}" is not an assignment: ${HOW}`);
    const [, field = '', sign, column = ''] = match;
    if (!FIELDS.some((known) => known === field)) throw badInput('mapping', `there is no field "${field}"; there are ${FIELDS.join(', ')}`);
    if (sign === ':=' && field !== 'type') throw badInput('mapping', `only the type can be fixed, not "${field}": ${HOW}`);
    parts.set(sign === ':=' ? 'defaultType' : field, column);
  }
  const { userId, itemId, at, ...rest } = Object.fromEntries(parts);
  if (userId === undefined || itemId === undefined || at === undefined) throw badInput('mapping', `needs userId, itemId and at: ${HOW}`);
  return { userId, itemId, at, ...rest };
}

/** Columns that are understood without a mapping, so that common exports work as they are. */
const COMMON_NAMES: Readonly<Record<(typeof FIELDS)[number], readonly string[]>> = {
  userId: ['userId', 'user_id', 'user', 'session_id', 'SessionId', 'CustomerID', 'visitorid'],
  itemId: ['itemId', 'item_id', 'item', 'ItemId', 'productId', 'product_id', 'StockCode', 'itemid'],
  at: ['at', 'timestamp', 'time', 'Time', 'event_time', 'InvoiceDate', 'createdAt'],
  type: ['type', 'event', 'event_type', 'behaviour'],
  value: ['value', 'rating'],
  quantity: ['quantity', 'Quantity'],
  price: ['price', 'UnitPrice'],
};

/** The mapping that a file's column names suggest. @throws BeckonError BAD_INPUT, field `mapping`, when user, item or time is not among them. */
export function guessBehaviourMapping(columns: readonly string[]): BehaviourMapping {
  const found = new Map<string, string>();
  for (const field of FIELDS) {
    const column = COMMON_NAMES[field].find((name) => columns.includes(name));
    if (column !== undefined) found.set(field, column);
  }
  const { userId, itemId, at, ...rest } = Object.fromEntries(found);
  if (userId === undefined || itemId === undefined || at === undefined) {
    throw badInput('mapping', `cannot tell user, item and time among the columns ${columns.join(', ').slice(0, 200)}: ${HOW}`);
  }
  return { userId, itemId, at, ...rest };
}

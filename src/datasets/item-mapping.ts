import type { NewItem } from '../catalogue/catalogue';
import { badInput } from '../platform/errors';
import { fieldAt, optionalNumber, optionalText, requireText, requireTime, textList, type SourceRecord } from './field-values';

const TEXTS = ['text', 'currency', 'sellerId', 'threadId', 'imageUrl', 'url'] as const;
const NUMBERS = ['price', 'stock'] as const;
const TIMES = ['publishedAt', 'expiresAt'] as const;
const FIELDS = ['id', 'title', 'categories', 'tags', ...TEXTS, ...NUMBERS, ...TIMES] as const;

/** From which column, or JSON field (dotted for nested ones), each part comes. */
export type ItemMapping = { readonly id: string; readonly title?: string } & {
  readonly [K in Exclude<(typeof FIELDS)[number], 'id' | 'title'>]?: string;
};

/**
 * The item in one record. `separator` cuts categories and tags that are text. Without a title the id stands for it.
 * @throws RowError that names the column.
 */
export function toItem(record: SourceRecord, mapping: ItemMapping, separator = '|'): NewItem {
  const id = requireText(record, mapping.id);
  const parts: Record<string, string | number> = {};
  for (const field of TEXTS) put(parts, field, mapping[field], (path) => optionalText(record, path));
  for (const field of NUMBERS) put(parts, field, mapping[field], (path) => optionalNumber(record, path));
  for (const field of TIMES)
    put(parts, field, mapping[field], (path) => (fieldAt(record, path) === undefined ? undefined : requireTime(record, path)));
  return {
    id,
    title: (mapping.title === undefined ? undefined : optionalText(record, mapping.title)) ?? id,
    categories: mapping.categories === undefined ? [] : textList(record, mapping.categories, separator),
    tags: mapping.tags === undefined ? [] : textList(record, mapping.tags, separator),
    ...parts,
  };
}

function put(
  parts: Record<string, string | number>,
  field: string,
  path: string | undefined,
  read: (path: string) => string | number | undefined,
): void {
  const value = path === undefined ? undefined : read(path);
  if (value !== undefined) parts[field] = value;
}

const HOW = 'write field=column with commas between, e.g. id=sku,title=name,categories=department';

/** The mapping that a command line spells out: `field=column` with commas between. @throws BeckonError BAD_INPUT, field `mapping`. */
export function parseItemMapping(text: string): ItemMapping {
  const parts = new Map<string, string>();
  for (const assignment of text.split(',')) {
    const match = /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(assignment);
    if (match === null) throw badInput('mapping', `"${assignment}" is not an assignment: ${HOW}`);
    const [, field = '', column = ''] = match;
    if (!FIELDS.some((known) => known === field)) throw badInput('mapping', `there is no field "${field}"; there are ${FIELDS.join(', ')}`);
    parts.set(field, column);
  }
  const { id, ...rest } = Object.fromEntries(parts);
  if (id === undefined) throw badInput('mapping', `needs id: ${HOW}`);
  return { id, ...rest };
}

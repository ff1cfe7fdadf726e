import type { Item } from './item';
import type { ParsedItem } from './item-schema';

/** How an item lies in the hash: `version \t json`. Written by put-items.lua, from this JSON. */
export function encodeItem(item: ParsedItem | Item): string {
  const fields = Object.entries(item).filter(([name, value]) => name !== 'version' && value !== undefined);
  return JSON.stringify(Object.fromEntries(fields));
}

export function decodeItem(stored: string): Item {
  const tab = stored.indexOf('\t');
  return { ...(JSON.parse(stored.slice(tab + 1)) as Omit<Item, 'version'>), version: Number(stored.slice(0, tab)) };
}

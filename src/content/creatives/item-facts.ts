import type { Item } from '../../catalogue/item';
import type { EpochMs } from '../../platform/clock';
import { insertable, plainText } from './plain-text';

/** What the catalogue says of an item that a plan may name. An absent field is not known, and not named. */
export interface ItemFacts {
  /** The id where there is no title. */
  readonly title: string;
  /** The last part of the narrowest category. */
  readonly category?: string;
  readonly price?: { readonly amount: number; readonly currency: string };
  /** At most 999: more is no news. */
  readonly stock?: number;
  readonly publishedAt?: EpochMs;
  /** The first sentence of the description, if it is not longer than this. */
  readonly description?: string;
}

export const LONGEST_DESCRIPTION = 160;
const MOST_STOCK = 999;
const CURRENCY = /^[A-Z]{3}$/;

/** The facts of an item as they may stand in a sentence. */
export function itemFacts(item: Item): ItemFacts {
  const { id, title, categories, stock, publishedAt, text } = item;
  const category = insertable(labelOf(categories.at(-1) ?? ''));
  const description = firstSentence(text ?? '');
  const price = priceOf(item);
  return {
    title: insertable(title) || id,
    ...(category !== '' && { category }),
    ...(price && { price }),
    ...(stock !== undefined && Number.isInteger(stock) && stock > 0 && stock <= MOST_STOCK && { stock }),
    ...(publishedAt !== undefined && isDay(publishedAt) && { publishedAt }),
    ...(description !== '' && { description }),
  };
}

/** Undefined without an amount that can be paid or a code of a currency. */
function priceOf({ price, currency }: Item): ItemFacts['price'] {
  if (price === undefined || !Number.isFinite(price) || price < 0) return undefined;
  return currency !== undefined && CURRENCY.test(currency) ? { amount: price, currency } : undefined;
}

/** The last part of a path: `garden/pots` → `pots`. */
export const labelOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const isDay = (at: EpochMs): boolean => Number.isFinite(at) && at > 0 && at < Date.UTC(2200, 0, 1);

/** The first sentence with its stop; empty when there is none that is short enough. */
function firstSentence(text: string): string {
  const plain = plainText(text.slice(0, 4 * LONGEST_DESCRIPTION));
  const end = /[.!?](?=\s|$)|[。！？]/u.exec(plain);
  const sentence = end ? plain.slice(0, end.index + end[0].length) : plain;
  return sentence.length <= LONGEST_DESCRIPTION ? insertable(sentence) : '';
}

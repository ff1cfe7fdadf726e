import type { EpochMs } from '../platform/clock';

/** Something that can be recommended. */
export interface Item {
  readonly id: string;
  readonly title: string;
  /** Most general first, e.g. ["garden", "garden/pots"]; may be empty. */
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  readonly text?: string;
  /** In `currency`; ≥ 0. */
  readonly price?: number;
  /** ISO 4217. */
  readonly currency?: string;
  /** Pieces left; absent: not counted, always available. */
  readonly stock?: number;
  /** Who sells it: a seller, a source, an author. */
  readonly sellerId?: string;
  /** The conversation or story that it belongs to. */
  readonly threadId?: string;
  /** A bundle: ids of the items that it is made of. */
  readonly parts?: readonly string[];
  readonly imageUrl?: string;
  readonly url?: string;
  /** Where the picture is read from to be described, `upload:PATH` or an https URL; never shown. Absent: `imageUrl`, where its host is allowed. */
  readonly imageSource?: string;
  /** The same for a sound; absent: the item has none. */
  readonly audioSource?: string;
  readonly publishedAt?: EpochMs;
  readonly expiresAt?: EpochMs;
  readonly hidden: boolean;
  /** Paid or editorial placement: always flagged on the list. */
  readonly promoted: boolean;
  /** Supplied embeddings by modality, e.g. { text: [...], image: [...] }. */
  readonly vectors?: Readonly<Record<string, readonly number[]>>;
  /** Rises with every change of this item. */
  readonly version: number;
}

/** Why an item may not be shown now; undefined: it may. */
export const UNAVAILABILITIES = ['hidden', 'sold_out', 'expired'] as const;
export type Unavailability = (typeof UNAVAILABILITIES)[number];

export function unavailability(item: Item, now: EpochMs): Unavailability | undefined {
  if (item.hidden) return 'hidden';
  if (item.stock !== undefined && item.stock <= 0) return 'sold_out';
  if (item.expiresAt !== undefined && item.expiresAt <= now) return 'expired';
  return undefined;
}

/** When an item will no longer be available, if nothing about it changes; -Infinity: it is not. */
export const availableUntil = (item: Item): EpochMs =>
  unavailability(item, -Infinity) === undefined ? (item.expiresAt ?? Infinity) : -Infinity;

/** Topics of an item, as interests count them: `c:<category>` and `t:<tag>`. */
export function topicsOf(item: Pick<Item, 'categories' | 'tags'>): string[] {
  return [...item.categories.map((category) => `c:${category}`), ...item.tags.map((tag) => `t:${tag}`)];
}

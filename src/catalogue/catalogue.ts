import type { EpochMs } from '../platform/clock';
import type { Item } from './item';

/** An item as a caller supplies it; what is absent takes its default (hidden: false, no categories …). */
export type NewItem = Omit<Partial<Item>, 'version'> & Pick<Item, 'id' | 'title'>;
/** Changes to an existing item; `null` removes an optional field. */
export type ItemPatch = { readonly id: string } & { readonly [K in Exclude<keyof Item, 'id' | 'version'>]?: Item[K] | null };

export interface ItemRejection {
  readonly index: number;
  readonly code: 'INVALID_VALUE' | 'NOT_FOUND';
  readonly field: string;
  readonly message: string;
}

export interface CatalogueOutcome {
  readonly items: readonly Item[];
  readonly rejected: readonly ItemRejection[];
}

/** Durable catalogue of one store. Every change is announced to all mirrors. */
export interface Catalogue {
  upsert(tenant: string, items: readonly unknown[]): Promise<CatalogueOutcome>;
  patch(tenant: string, patches: readonly unknown[]): Promise<CatalogueOutcome>;
  /** Hides or shows items now; lists that are being watched lose hidden ones at once. */
  setHidden(tenant: string, itemIds: readonly string[], hidden: boolean): Promise<CatalogueOutcome>;
}

/** Until when an item may be shown; see `unavailability`. */
export interface ItemWindow {
  readonly id: string;
  /** -Infinity: not at all; Infinity: for ever, as far as is known. */
  readonly until: EpochMs;
}

/** The whole catalogue of a tenant in memory, following every change. */
export interface CatalogueView {
  get(itemId: string): Item | undefined;
  /** The same in one form, whatever an item has, for what is asked of thousands of items a second; absent: ask `get`. */
  windowOf?(itemId: string): ItemWindow | undefined;
  readonly size: number;
  values(): Iterable<Item>;
}

import type { Item } from '../catalogue/item';

/** Who is behind an item: its seller, or its first (most general) category where an operator wants to be fair to those. */
export const PROVIDERS = ['seller', 'category'] as const;
export type ProviderKind = (typeof PROVIDERS)[number];

/** Undefined: nobody is known. */
export const providerOf = (item: Pick<Item, 'sellerId' | 'categories'>, kind: ProviderKind): string | undefined =>
  kind === 'seller' ? item.sellerId : item.categories[0];

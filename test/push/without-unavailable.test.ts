import type { CatalogueView } from '../../src/catalogue/catalogue';
import { availableUntil, unavailability, type Item } from '../../src/catalogue/item';
import { idsOfAvailable } from '../../src/push/without-unavailable';
import { itemOf } from '../gateway/support/fake-parts';

const NOW = 1000;
const CASES: readonly Item[] = [
  itemOf('plain'),
  itemOf('hidden', { hidden: true }),
  itemOf('sold out', { stock: 0 }),
  itemOf('in stock', { stock: 3 }),
  itemOf('expired', { expiresAt: NOW }),
  itemOf('expires', { expiresAt: NOW + 1 }),
  itemOf('hidden and expires', { hidden: true, expiresAt: NOW + 1 }),
];

it.each(CASES.map((item) => [item.id, item] as const))('the window of an item that is %s says the same as the item', (_, item) => {
  for (const now of [0, NOW - 1, NOW, NOW + 1, NOW + 2]) {
    expect(availableUntil(item) <= now).toBe(unavailability(item, now) !== undefined);
  }
});

it('finds the ids of a list only if all of its items are known and may be shown, with windows and without', () => {
  const items = new Map(CASES.map((item) => [item.id, item]));
  const windowOf: CatalogueView['windowOf'] = (id) => {
    const item = items.get(id);
    return item && { id: item.id, until: availableUntil(item) };
  };
  const withWindows: CatalogueView = { get: (id) => items.get(id), windowOf, size: items.size, values: () => items.values() };
  for (const catalogue of [items, withWindows]) {
    expect(idsOfAvailable(['plain', 'in stock', 'expires'], catalogue, NOW)).toEqual(['plain', 'in stock', 'expires']);
    expect(idsOfAvailable(['plain', 'expires'], catalogue, NOW + 1)).toBeUndefined();
    expect(idsOfAvailable(['plain', 'hidden'], catalogue, NOW)).toBeUndefined();
    expect(idsOfAvailable(['plain', 'unknown'], catalogue, NOW)).toBeUndefined();
  }
});

import type { Item } from '../src/catalogue/item';

/** How many are kept in order. More are read from the catalogue by nobody: a list is at most 500 long. */
const KEPT = 1000;

/** The newest items that may be shown, newest first by publication, ties by lower id; kept in order as the catalogue changes. */
export class NewestItems {
  private readonly items: { readonly id: string; readonly at: number }[] = [];

  put({ id, publishedAt = 0 }: Item, shown: boolean): void {
    const held = this.items.findIndex((entry) => entry.id === id);
    if (held >= 0) this.items.splice(held, 1);
    if (!shown) return;
    const entry = { id, at: publishedAt };
    const place = this.placeOf(entry);
    if (place >= KEPT) return;
    this.items.splice(place, 0, entry);
    if (this.items.length > KEPT) this.items.pop();
  }

  top(limit: number): string[] {
    return this.items.slice(0, limit).map(({ id }) => id);
  }

  /** Binary search for where the entry belongs. */
  private placeOf(entry: { readonly id: string; readonly at: number }): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.items[middle]!;
      const before = other.at > entry.at || (other.at === entry.at && other.id < entry.id);
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

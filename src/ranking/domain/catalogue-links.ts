import type { Item } from '../../catalogue/item';
import type { EpochMs } from '../../platform/clock';

/** Newest items kept of each author. */
const KEPT = 50;

interface Dated {
  readonly id: string;
  readonly at: EpochMs;
}

/** What belongs together in a catalogue: the newest items of each author (seller), and the bundles of each part. Follows every change. */
export class CatalogueLinks {
  private readonly byAuthor = new Map<string, Dated[]>();
  private readonly byPart = new Map<string, Set<string>>();
  private readonly known = new Map<string, Pick<Item, 'sellerId' | 'parts'>>();

  /** `authors`: whether items are linked to their authors, which takes memory for each item. */
  constructor(private readonly options: { readonly authors: boolean }) {}

  /** `shown`: whether the item may be shown; one that may not is linked to nothing. */
  put({ id, parts, publishedAt = 0, ...item }: Item, shown: boolean): void {
    const sellerId = this.options.authors ? item.sellerId : undefined;
    this.remove(id);
    if (!shown || (sellerId === undefined && parts === undefined)) return;
    this.known.set(id, { ...(sellerId !== undefined && { sellerId }), ...(parts !== undefined && { parts }) });
    if (sellerId !== undefined)
      insert(
        entryOf(this.byAuthor, sellerId, () => []),
        { id, at: publishedAt },
      );
    for (const part of parts ?? []) entryOf(this.byPart, part, () => new Set<string>()).add(id);
  }

  /** Ids of the newest items of an author, newest first, ties by lower id; at most `limit`, and 50. */
  newestOf(sellerId: string, limit: number): string[] {
    return (this.byAuthor.get(sellerId) ?? []).slice(0, limit).map(({ id }) => id);
  }

  /** Ids of the bundles that an item is a part of, in the order in which they came. */
  bundlesOf(itemId: string): string[] {
    return [...(this.byPart.get(itemId) ?? [])];
  }

  private remove(id: string): void {
    const before = this.known.get(id);
    if (before === undefined) return;
    this.known.delete(id);
    const own = before.sellerId === undefined ? undefined : this.byAuthor.get(before.sellerId);
    const place = own?.findIndex((entry) => entry.id === id) ?? -1;
    if (place >= 0) own!.splice(place, 1);
    for (const part of before.parts ?? []) this.byPart.get(part)?.delete(id);
  }
}

function insert(list: Dated[], entry: Dated): void {
  const place = list.findIndex(({ id, at }) => at < entry.at || (at === entry.at && id > entry.id));
  list.splice(place < 0 ? list.length : place, 0, entry);
  if (list.length > KEPT) list.pop();
}

function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

import type { Item } from '../../catalogue/item';
import type { RuleSettings } from '../surface-settings';

/** What a list may hold of one kind, while it is filled. */
export interface ListCap {
  admits(item: Item): boolean;
  take(item: Item): void;
}

/** At most `most` items with the same key. Items without one are never capped. */
export class CountCap implements ListCap {
  private readonly taken = new Map<string, number>();

  constructor(
    private readonly keyOf: (item: Item) => string | undefined,
    private readonly most: number,
  ) {}

  admits(item: Item): boolean {
    const key = this.keyOf(item);
    return key === undefined || (this.taken.get(key) ?? 0) < this.most;
  }

  take(item: Item): void {
    const key = this.keyOf(item);
    if (key !== undefined) this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
  }
}

/** No bundle beside a part of it, and no two bundles with the same part. */
export class BundleCap implements ListCap {
  private readonly listed = new Set<string>();
  private readonly bundled = new Set<string>();

  admits({ id, parts }: Item): boolean {
    if (this.bundled.has(id)) return false;
    return parts === undefined || !parts.some((part) => this.listed.has(part) || this.bundled.has(part));
  }

  take({ id, parts = [] }: Item): void {
    this.listed.add(id);
    for (const part of parts) this.bundled.add(part);
  }
}

/** The caps that a surface's rules ask for; all of them hold over the whole list. */
export class ListCaps implements ListCap {
  private readonly caps: ListCap[] = [];

  constructor({ maxPerSeller, maxPerTopic, maxPerThread, bundles }: RuleSettings) {
    if (maxPerSeller !== undefined) this.caps.push(new CountCap(({ sellerId }) => sellerId, maxPerSeller));
    if (maxPerTopic !== undefined) this.caps.push(new CountCap(({ categories }) => categories[0], maxPerTopic));
    if (maxPerThread !== undefined) this.caps.push(new CountCap(({ threadId }) => threadId, maxPerThread));
    if (bundles !== undefined) this.caps.push(new BundleCap());
  }

  admits(item: Item): boolean {
    for (const cap of this.caps) if (!cap.admits(item)) return false;
    return true;
  }

  take(item: Item): void {
    for (const cap of this.caps) cap.take(item);
  }
}

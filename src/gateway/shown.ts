/** What a list was when it was sent to somebody: enough to find out later what of it has changed, in a few bytes an item. */
export interface Shown {
  /** Best first. */
  readonly itemIds: readonly string[];
  /** For each item the digest of what was shown of it besides its rank, see text-digest.ts. */
  readonly digests: readonly number[];
}

/** Whether everything was the same on both. */
export function isSameShown(a: Shown | undefined, b: Shown | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.itemIds.length !== b.itemIds.length) return false;
  for (let k = 0; k < a.itemIds.length; k++) if (a.digests[k] !== b.digests[k] || a.itemIds[k] !== b.itemIds[k]) return false;
  return true;
}

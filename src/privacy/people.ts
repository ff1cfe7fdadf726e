import { logReferences } from '../behaviour/log-entry';
import type { StreamEntry } from '../platform/stream-tail';
import type { Place } from './erasure';

/** How a log entry has to do with somebody: it is theirs, it was taken over from them, or it names them. */
export interface Reference {
  /** The one of the people. */
  readonly userId: string;
  readonly relation: 'own' | 'merged' | 'named';
}

/**
 * Those who are looked for in one pass over the store, each with the receipt of their erasure; and what the pass has found of each receipt.
 */
export class People {
  private readonly found = new Map<string, Map<Place, number>>();
  private readonly blocked = new Map<string, Set<Blocker>>();

  /** @param receiptOf user id → id of the receipt. */
  constructor(private readonly receiptOf: ReadonlyMap<string, string>) {}

  get ids(): readonly string[] {
    return [...this.receiptOf.keys()];
  }

  has(userId: string): boolean {
    return this.receiptOf.has(userId);
  }

  /** The ids of one erasure. */
  idsOf(receipt: string): string[] {
    return this.ids.filter((userId) => this.receiptOf.get(userId) === receipt);
  }

  receipt(userId: string): string | undefined {
    return this.receiptOf.get(userId);
  }

  /** Notes that so much of somebody was taken away in a place. */
  count(place: Place, userId: string, removed: number): void {
    const receipt = this.receiptOf.get(userId);
    if (receipt === undefined || removed === 0) return;
    const counts = this.found.get(receipt) ?? new Map<Place, number>();
    this.found.set(receipt, counts.set(place, (counts.get(place) ?? 0) + removed));
  }

  /** Notes that something of somebody could not be taken away now. */
  block(userId: string, by: Blocker): void {
    const receipt = this.receiptOf.get(userId);
    if (receipt !== undefined) this.blocked.set(receipt, (this.blocked.get(receipt) ?? new Set<Blocker>()).add(by));
  }

  countsOf(receipt: string): ReadonlyMap<Place, number> {
    return this.found.get(receipt) ?? new Map();
  }

  blockersOf(receipt: string): ReadonlySet<Blocker> {
    return this.blocked.get(receipt) ?? new Set();
  }
}

/** `archive`: another process writes it; `job`: a worker has it; `watch`: a screen shows a list of theirs. */
export type Blocker = 'archive' | 'job' | 'watch';

/** What an entry of the log has to do with the people; undefined: nothing. */
export function referenceTo(people: People, [, fields]: StreamEntry): Reference | undefined {
  const { userId, mergedFrom, target } = logReferences(fields);
  if (people.has(userId)) return { userId, relation: 'own' };
  if (mergedFrom !== undefined && people.has(mergedFrom)) return { userId: mergedFrom, relation: 'merged' };
  return target !== undefined && people.has(target) ? { userId: target, relation: 'named' } : undefined;
}

/** The ids that belong to the same person as `userIds`: whoever was merged into one of them, directly or through others. */
export function personOf(userIds: readonly string[], mergedInto: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const person = new Set(userIds);
  for (const id of person) for (const merged of mergedInto.get(id) ?? []) person.add(merged); // a set is iterated with what is added meanwhile
  return [...person];
}

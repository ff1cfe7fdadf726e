import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { TrainingEvents } from '../models/model';

/**
 * Collects behaviours that say something about taste into the columns that models learn from. Those of an anonymous user
 * who has signed in since count once, under the signed-in user; what that anonymous user did after the merge counts again.
 * Before and after are told by `receivedAt`, as the shards of the two are read one after the other, in either order.
 */
export class TrainingEventsBuilder {
  private readonly users = new Interner();
  private readonly items = new Interner();
  private readonly rows: { user: number; item: number; weight: number; at: number; receivedAt: number; order: number }[] = [];
  /** Anonymous user → when the newest of their merges was received. */
  private readonly merged = new Map<string, number>();

  add({ userId, itemId, weight, at, receivedAt, mergedFrom }: LoggedBehaviour): void {
    if (mergedFrom !== undefined) this.merged.set(mergedFrom, Math.max(receivedAt, this.merged.get(mergedFrom) ?? receivedAt));
    if (itemId === undefined || weight === 0) return;
    this.rows.push({ user: this.users.intern(userId), item: this.items.intern(itemId), weight, at, receivedAt, order: this.rows.length });
  }

  get size(): number {
    return this.rows.length;
  }

  build(): TrainingEvents {
    const mergedAt = new Map([...this.merged].map(([userId, receivedAt]) => [this.users.intern(userId), receivedAt]));
    const counted = this.rows.filter(({ user, receivedAt }) => receivedAt > (mergedAt.get(user) ?? -Infinity));
    const rows = counted.sort((a, b) => a.at - b.at || a.order - b.order);
    return {
      userIds: this.users.ids,
      itemIds: this.items.ids,
      users: Int32Array.from(rows, ({ user }) => user),
      items: Int32Array.from(rows, ({ item }) => item),
      weights: Float32Array.from(rows, ({ weight }) => weight),
      times: Float64Array.from(rows, ({ at }) => at),
    };
  }
}

class Interner {
  readonly ids: string[] = [];
  private readonly numbers = new Map<string, number>();

  intern(id: string): number {
    let number = this.numbers.get(id);
    if (number === undefined) {
      number = this.ids.length;
      this.ids.push(id);
      this.numbers.set(id, number);
    }
    return number;
  }
}

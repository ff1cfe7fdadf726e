import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { TrainingEvents } from '../models/model';

/**
 * Collects behaviours that say something about taste into the columns that models learn from. Those of an anonymous user
 * who has signed in since count once, under the signed-in user.
 */
export class TrainingEventsBuilder {
  private readonly users = new Interner();
  private readonly items = new Interner();
  private readonly rows: { user: number; item: number; weight: number; at: number; order: number }[] = [];
  private readonly merged = new Set<string>();

  add({ userId, itemId, weight, at, mergedFrom }: LoggedBehaviour): void {
    if (mergedFrom !== undefined) this.merged.add(mergedFrom);
    if (itemId === undefined || weight === 0) return;
    this.rows.push({ user: this.users.intern(userId), item: this.items.intern(itemId), weight, at, order: this.rows.length });
  }

  get size(): number {
    return this.rows.length;
  }

  build(): TrainingEvents {
    const gone = new Set([...this.merged].map((userId) => this.users.intern(userId)));
    const rows = this.rows.filter(({ user }) => !gone.has(user)).sort((a, b) => a.at - b.at || a.order - b.order);
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

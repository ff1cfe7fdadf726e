import type { BehaviourRow } from '../datasets/behaviour-mapping';
import { inTimeOrder } from '../datasets/read-table';
import { ItemIndex } from '../models/item-index';
import type { TrainingEvents } from '../models/model';

/** Events by (time, line). `items[k]` is a row of `index`, and `itemIds` are all its items. */
export interface EventTable extends TrainingEvents {
  readonly index: ItemIndex;
  /** The numbers of each user's events, oldest first. */
  readonly timelines: readonly (readonly number[])[];
}

/**
 * The table of these behaviours, which interns items that the index does not know yet. Every behaviour counts as positive with
 * weight 1, as the protocols of the data sets say.
 */
export function toEventTable(behaviours: readonly BehaviourRow[], index: ItemIndex = new ItemIndex()): EventTable {
  const ordered = inTimeOrder(behaviours);
  const userNumbers = new Map<string, number>();
  const users = new Int32Array(ordered.length);
  const items = new Int32Array(ordered.length);
  const timelines: number[][] = [];
  ordered.forEach(({ userId, itemId }, k) => {
    const user = userNumbers.get(userId) ?? userNumbers.size;
    userNumbers.set(userId, user);
    users[k] = user;
    items[k] = index.intern(itemId);
    (timelines[user] ??= []).push(k);
  });
  return {
    userIds: [...userNumbers.keys()],
    itemIds: Array.from({ length: index.size }, (_, row) => index.idAt(row)),
    users,
    items,
    weights: new Float32Array(ordered.length).fill(1),
    times: Float64Array.from(ordered, ({ at }) => at),
    index,
    timelines,
  };
}

/** The events that `keep` lets through, in their order, over the same users and items. */
export function pickEvents(events: TrainingEvents, keep: (event: number) => boolean): TrainingEvents {
  const kept: number[] = [];
  for (let k = 0; k < events.times.length; k++) if (keep(k)) kept.push(k);
  return {
    userIds: events.userIds,
    itemIds: events.itemIds,
    users: Int32Array.from(kept, (k) => events.users[k]!),
    items: Int32Array.from(kept, (k) => events.items[k]!),
    weights: Float32Array.from(kept, (k) => events.weights[k]!),
    times: Float64Array.from(kept, (k) => events.times[k]!),
  };
}

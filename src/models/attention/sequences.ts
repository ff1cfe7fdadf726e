import type { Random } from '../../platform/random';
import { shuffled } from '../../platform/shuffle';
import type { TrainingEvents } from '../model';

/** What each user did, oldest first: the items of user u are `items[indptr[u] … indptr[u + 1] − 1]`. */
export interface Sequences {
  /** [users + 1] */
  readonly indptr: Uint32Array;
  readonly items: Int32Array;
}

/**
 * The newest `mostItems` positive behaviours of each of the `mostUsers` most recently active users, most recent user first. An item several times
 * in a row counts once. Users with fewer than two are left out: they show no next item.
 */
export function userSequences(events: TrainingEvents, mostUsers: number, mostItems: number): Sequences {
  const newestFirst = new Map<number, number[]>();
  for (let k = events.items.length - 1; k >= 0; k--) {
    if (!(events.weights[k]! > 0)) continue;
    const user = events.users[k]!;
    let items = newestFirst.get(user);
    if (items === undefined) {
      if (newestFirst.size >= mostUsers) continue;
      newestFirst.set(user, (items = []));
    }
    if (items.length < mostItems && items.at(-1) !== events.items[k]) items.push(events.items[k]!);
  }
  const kept = [...newestFirst.values()].filter((items) => items.length >= 2);
  const indptr = new Uint32Array(kept.length + 1);
  kept.forEach((items, u) => (indptr[u + 1] = indptr[u]! + items.length));
  const items = new Int32Array(indptr[kept.length]!);
  kept.forEach((sequence, u) => items.set(sequence.reverse(), indptr[u]));
  return { indptr, items };
}

/** Some windows, padded at their end to one length. */
export interface Batch {
  readonly length: number;
  /** [windows × length] items; padding is item 0. */
  readonly inputs: Int32Array;
  /** [windows × length] the item after each input; −1 for padding. */
  readonly targets: Int32Array;
}

/**
 * One window of at most `length` items and their successors of each user, in batches of at most `batchRows` places (one window at least).
 * A user with more items gets a window at random, which may lie half over an end of the sequence and is then moved inside: so the first and the last
 * items are not seen less often than others, and each end is a window more often than any other place. Windows of like lengths share a batch,
 * and batches come in random order.
 */
export function drawBatches({ indptr, items }: Sequences, length: number, batchRows: number, random: Random): Batch[] {
  const starts = new Uint32Array(indptr.length - 1);
  const lengths = new Uint32Array(indptr.length - 1);
  for (let u = 0; u < starts.length; u++) {
    const pairs = indptr[u + 1]! - indptr[u]! - 1;
    lengths[u] = Math.min(length, pairs);
    const places = pairs - length + 1; // of a window inside the sequence
    const start = places <= 1 ? 0 : Math.floor(random() * (places + length)) - Math.floor(length / 2);
    starts[u] = indptr[u]! + Math.min(Math.max(0, start), Math.max(0, places - 1));
  }
  const order = shuffled(starts.keys(), random).sort((a, b) => lengths[b]! - lengths[a]!);
  const batches: Batch[] = [];
  for (let from = 0; from < order.length;) {
    const width = lengths[order[from]!]!;
    const to = Math.min(order.length, from + Math.max(1, Math.floor(batchRows / width)));
    const inputs = new Int32Array((to - from) * width);
    const targets = new Int32Array(inputs.length).fill(-1);
    for (let k = from; k < to; k++) {
      const start = starts[order[k]!]!;
      const end = start + lengths[order[k]!]!;
      inputs.set(items.subarray(start, end), (k - from) * width);
      targets.set(items.subarray(start + 1, end + 1), (k - from) * width);
    }
    batches.push({ length: width, inputs, targets });
    from = to;
  }
  return shuffled(batches, random);
}

import type { Random } from './random';

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than the arithmetic.
const { floor } = Math;

/** What can be put in another order where it stands. */
interface Places<T> {
  readonly length: number;
  [place: number]: T;
}

/** Puts things in a random order, where they stand (Fisher–Yates): one draw for each but the first, from the last on. */
export function shuffle<T>(things: Places<T>, random: Random): void {
  for (let k = things.length - 1; k > 0; k--) {
    const other = floor(random() * (k + 1));
    const thing = things[k]!;
    things[k] = things[other]!;
    things[other] = thing;
  }
}

/** The same things in a random order; those given are left alone. */
export function shuffled<T>(things: Iterable<T>, random: Random): T[] {
  const order = [...things];
  shuffle(order, random);
  return order;
}

import type { Random } from '../platform/random';

/** One of `things`, all equally likely. @throws RangeError when there is none. */
export function pick<T>(random: Random, things: readonly T[]): T {
  const thing = things[Math.floor(random() * things.length)];
  if (thing === undefined) throw new RangeError('nothing to pick from');
  return thing;
}

/** One of `things` with chance ∝ `weightOf(thing)` ≥ 0; undefined when all weights are 0 or there is none. */
export function pickWeighted<T>(random: Random, things: readonly T[], weightOf: (thing: T, index: number) => number): T | undefined {
  const weights = things.map(weightOf);
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  let last: T | undefined;
  for (let k = 0; k < things.length; k++) {
    const weight = weights[k]!;
    if (weight <= 0) continue;
    last = things[k]!;
    left -= weight;
    if (left < 0) return last;
  }
  return last; // rounding: the sum was a hair too large
}

/** At most `count` distinct `things`, drawn one after another with chance ∝ weight, in the order of drawing (keys of Efraimidis & Spirakis 2006). */
export function sampleWeighted<T>(random: Random, things: readonly T[], count: number, weightOf: (thing: T) => number): T[] {
  return things
    .map((thing) => ({ thing, key: -Math.log(1 - random()) / Math.max(weightOf(thing), 1e-12) }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ thing }) => thing);
}

/** A whole number ≥ 0 with the given mean: failures before the first success. */
export function geometric(random: Random, mean: number): number {
  return Math.floor(Math.log(1 - random()) / Math.log(mean / (1 + mean)));
}

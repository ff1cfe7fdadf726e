import type { Random } from '../platform/random';

/** Values to try for each parameter. */
export type SearchSpace<T extends object> = { readonly [K in keyof T]: readonly T[K][] };

export interface Found<T> {
  readonly point: T;
  readonly value: number;
  /** How many points were looked at. */
  readonly tried: number;
}

/**
 * The best point that changing one parameter at a time leads to from `start`, in the order of the space's keys, until a whole round changes nothing or
 * `rounds` are over or `stop` says so (asked before each point but the first). Only a strictly better value moves the point, so equal values keep the earlier one. Deterministic; a local optimum.
 */
export async function coordinateAscent<T extends object>(
  space: SearchSpace<T>,
  start: T,
  valueOf: (point: T) => number | Promise<number>,
  { rounds = 4, stop = () => false }: { readonly rounds?: number; readonly stop?: () => boolean } = {},
): Promise<Found<T>> {
  let best: Found<T> = { point: start, value: await valueOf(start), tried: 1 };
  for (let round = 0; round < rounds; round++) {
    const before = best.value;
    for (const key of Object.keys(space) as (keyof T)[]) {
      for (const candidate of space[key]) {
        if (candidate === best.point[key]) continue;
        if (stop()) return best;
        const point = { ...best.point, [key]: candidate };
        const value = await valueOf(point);
        const tried = best.tried + 1;
        best = value > best.value ? { point, value, tried } : { ...best, tried };
      }
    }
    if (best.value === before) break;
  }
  return best;
}

/** A point of the space, each value as likely as the others of its parameter. */
export function drawPoint<T extends object>(space: SearchSpace<T>, random: Random): T {
  const keys = Object.keys(space) as (keyof T)[];
  return Object.fromEntries(keys.map((key) => [key, space[key][Math.floor(random() * space[key].length)]])) as T;
}

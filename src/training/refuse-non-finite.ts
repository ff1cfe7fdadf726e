import type { Snapshot, SnapshotValue } from '../models/model';
import { BeckonError } from '../platform/errors';

/**
 * Lets only snapshots pass whose numbers are numbers: the one place where a fit that went astray is caught, whatever the model. NaN and
 * +∞ are refused everywhere; −∞ too, but in a `Float64Array`, where it is the logarithm of a count of nothing (popular).
 * @throws BeckonError INTERNAL, not retryable, naming the field and the first place.
 */
export function refuseNonFinite(model: string, snapshot: Snapshot): void {
  for (const [name, value] of Object.entries(snapshot)) {
    const at = firstBad(value);
    if (at === undefined) continue;
    throw new BeckonError('INTERNAL', `${model}: ${name}${at} is not a number; the fit went astray and is not published`);
  }
}

function firstBad(value: SnapshotValue): string | undefined {
  if (typeof value === 'number') return isBad(value, false) ? '' : undefined;
  if (!(value instanceof Float32Array || value instanceof Float64Array)) return undefined;
  const logarithms = value instanceof Float64Array;
  const at = value.findIndex((number) => isBad(number, logarithms));
  return at < 0 ? undefined : `[${at}]`;
}

const isBad = (number: number, logarithms: boolean): boolean => !Number.isFinite(number) && !(logarithms && number === -Infinity);

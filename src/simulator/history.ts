import type { EpochMs } from '../platform/clock';
import { seededRandom, type Random } from '../platform/random';
import type { DemoCatalogue } from './catalogue';
import { trafficAt } from './season';
import { simulateSession } from './session';
import { simulateShoppers } from './shopper';
import type { SimulatedBehaviour } from './visit';

const DAY_MS = 86_400_000;

export interface HistoryOptions {
  readonly seed: number;
  readonly users: number;
  readonly days: number;
  /** Nothing is later than this. */
  readonly endAt: EpochMs;
}

/**
 * Months of visits of the demo shop's users, ordered by time (ties: by user, then by order within the visit): a pure
 * function of catalogue and options. Ids depend on seed, user and visit only, so that a second run gives duplicates.
 */
export function simulateHistory(catalogue: DemoCatalogue, { seed, users, days, endAt }: HistoryOptions): SimulatedBehaviour[] {
  const all = simulateShoppers(catalogue, seed, users).flatMap((shopper, k) => {
    const random = seededRandom(seed + 7_919 * (k + 1));
    return visitTimes(shopper, random, { days, endAt }).flatMap((startAt, visit) => {
      const behaviours = simulateSession(catalogue, shopper, random, { idPrefix: `sim${seed}-${shopper.userId}-${visit + 1}`, startAt });
      return behaviours.filter(({ at }) => at <= endAt);
    });
  });
  return all.sort((a, b) => a.at - b.at); // stable: ties keep the order of users and of steps
}

/** When somebody comes: uniform over the days, thinned by the traffic of the hour, at least one visit, an hour or more apart; ascending. */
export function visitTimes(
  { sessionsPerMonth }: { readonly sessionsPerMonth: number },
  random: Random,
  { days, endAt }: { readonly days: number; readonly endAt: EpochMs },
): EpochMs[] {
  const wanted = Math.max(1, Math.round((sessionsPerMonth * days) / 30));
  const times: EpochMs[] = [];
  while (times.length < wanted) {
    const at = Math.floor(endAt - random() * days * DAY_MS);
    if (random() < trafficAt(at)) times.push(at);
  }
  return times.sort((a, b) => a - b).filter((at, k) => k === 0 || at - times[k - 1]! >= 3_600_000);
}

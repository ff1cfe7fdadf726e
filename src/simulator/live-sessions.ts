import type { EpochMs } from '../platform/clock';
import { seededRandom } from '../platform/random';
import type { DemoCatalogue } from './catalogue';
import { pickWeighted } from './draw';
import { simulateSession } from './session';
import { simulateShoppers } from './shopper';
import type { SimulatedBehaviour } from './visit';

export interface LiveOptions {
  readonly seed: number;
  readonly users: number;
  readonly startAt: EpochMs;
  /** Mean number of visits that begin in a second; @default 1 */
  readonly sessionsPerSecond?: number;
}

/**
 * Visits without end, several at once, as one stream in time order: the load of a shop that is open. Deterministic.
 * Ids hold `startAt`, so that two runs with different starts do not collide. Active shoppers come more often.
 */
export function* liveSessions(
  catalogue: DemoCatalogue,
  { seed, users, startAt, sessionsPerSecond = 1 }: LiveOptions,
): Generator<SimulatedBehaviour, never, undefined> {
  const random = seededRandom(seed ^ 0x11fe);
  const shoppers = simulateShoppers(catalogue, seed, users);
  let pending: SimulatedBehaviour[] = [];
  let arrival = startAt;
  for (let visit = 1; ; visit++) {
    const shopper = pickWeighted(random, shoppers, ({ sessionsPerMonth }) => sessionsPerMonth)!;
    pending.push(
      ...simulateSession(catalogue, shopper, random, { idPrefix: `live${seed}-${startAt}-${visit}`, startAt: Math.floor(arrival) }),
    );
    pending.sort((a, b) => a.at - b.at);
    arrival += (1_000 / sessionsPerSecond) * -Math.log(1 - random());
    // Everything before the next arrival is settled: nobody who comes later can do something earlier.
    const settled = pending.findIndex(({ at }) => at >= arrival);
    const ready = settled === -1 ? pending : pending.slice(0, settled);
    pending = settled === -1 ? [] : pending.slice(settled);
    yield* ready;
  }
}

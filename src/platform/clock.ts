/** Milliseconds since 1970-01-01T00:00:00Z; may carry a fraction. */
export type EpochMs = number;

/** The time now, as a collaborator, so that logic never reads a global clock. */
export interface Clock {
  now(): EpochMs;
}

/** Wall-clock time with sub-millisecond resolution. Comparable between processes of one machine. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
};

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  constructor(private time: EpochMs) {}

  now(): EpochMs {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

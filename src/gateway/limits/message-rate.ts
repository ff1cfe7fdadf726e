import type { EpochMs } from '../../platform/clock';

/** How many messages of one socket may come: a bucket of two seconds' worth that fills evenly. Two numbers a socket, no timer. */
export class MessageRate {
  private left: number;

  constructor(
    private readonly perSecond: number,
    private at: EpochMs,
  ) {
    this.left = 2 * perSecond;
  }

  /** Counts a message; false: it is one too many. */
  take(now: EpochMs): boolean {
    this.left = Math.min(2 * this.perSecond, this.left + (Math.max(0, now - this.at) / 1000) * this.perSecond);
    this.at = now;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
